"""Reading and writing JSON: with the faster package and without it, every answer means the same."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from airflow_provider_language.protocol import json_values
from airflow_provider_language.protocol.json_values import clean, decoded, encoded

ODD = [
    b'{"a": NaN, "b": -Infinity}',
    b'{"a": 1e999}',
    b'{"a": "\\ud800"}',
    b'\xef\xbb\xbf{"a": 1}',
    b'{"a": 123456789012345678901234567890}',
    b'{"a": 1, "a": 2}',
    '{"a": "ä"}'.encode("utf-16"),
    b'{"a": "\xff"}',
    b' {"a": 1} \r\n',
    b'{"a": 1} x',
    b'{"a": 1',
    b'[{"a": 1}]',
    b"",
    b"<html>",
    b'{"a":' + b"[" * 100_000,
    b'{"a": "\x01"}',
    b'{"a": 0.1, "b": 1e-7, "c": 5E+22, "d": -0}',
]
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=6,
)


@pytest.fixture(params=["msgspec", "json alone"])
def reader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    if request.param == "json alone":
        monkeypatch.setitem(sys.modules, "msgspec", None)
    json_values._decode.cache_clear()
    json_values._encode.cache_clear()
    yield request.param
    json_values._decode.cache_clear()
    json_values._encode.cache_clear()


def as_json_reads(body: bytes) -> Any:
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


@pytest.mark.usefixtures("reader")
@pytest.mark.parametrize("body", ODD, ids=range(len(ODD)))
def test_an_odd_answer_is_read_as_json_reads_it(body: bytes) -> None:
    assert repr(decoded(body)) == repr(as_json_reads(body))


@settings(max_examples=60)
@given(st.dictionaries(st.text(max_size=5), VALUES, max_size=4))
def test_any_answer_is_read_as_json_reads_it(value: dict[str, Any]) -> None:
    for text in (json.dumps(value), json.dumps(value, ensure_ascii=False)):
        body = text.encode(errors="surrogatepass")
        assert repr(decoded(body)) == repr(as_json_reads(body))


@given(st.binary())
def test_what_is_no_json_is_no_answer(body: bytes) -> None:
    assert repr(decoded(body)) == repr(as_json_reads(body))


@pytest.mark.usefixtures("reader")
@pytest.mark.parametrize(
    "value",
    [math.nan, [math.inf, -math.inf], {"a": "\ud800b"}, {"\udfff": 1}, ("ä", 1.5, None, True), 2**70, 1e-7],
    ids=range(7),
)
def test_what_is_written_is_what_any_reader_takes(value: Any) -> None:
    body = encoded(value)

    assert b" " not in body
    assert json.loads(body, parse_constant=pytest.fail) == clean(json.loads(json.dumps(value)))


@pytest.mark.usefixtures("reader")
def test_what_nobody_can_follow_is_not_written() -> None:
    value: Any = []
    for _ in range(100_000):
        value = [value]

    with pytest.raises(RecursionError):
        encoded(value)
