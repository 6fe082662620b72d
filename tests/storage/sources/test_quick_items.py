"""What most rows are is read in few steps: it gives the items, faults and errors that all steps give."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.protocol import json_values
from airflow_provider_language.protocol.corpus.families import CONVERSATIONS, TEXTS, Family, Takes
from airflow_provider_language.protocol.corpus.layouts import Layout
from airflow_provider_language.protocol.corpus.splitting import Piece
from airflow_provider_language.protocol.tables.schema import Column
from airflow_provider_language.storage.sources import corpora, json_rows, lines
from airflow_provider_language.storage.sources.corpora import corpus_items
from tests.storage.sources.test_documents import BOM

LONGEST = 12
"""Characters that a job takes here."""
LONGEST_LINE = 200
"""Bytes of a line here."""
NAMES = ["text", "id", "language", "Text", "body", "key", "tongue", "stars", "conversationItems"]
WORDS = [
    "",
    " ",
    "\u2003",
    "null",
    " NaN ",
    "en",
    "a:b",
    '"a": 1',
    "a\0",
    "ö",
    "\ud800",
    "👩🏻",
    "\n",
    "x" * 13,
]
VALUES = st.one_of(
    st.sampled_from(WORDS),
    st.text(max_size=4),
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.just(10**40),
    st.lists(st.none(), max_size=1),
    st.dictionaries(st.sampled_from(NAMES), st.none(), max_size=2),
)
FIELDS = st.lists(st.tuples(st.sampled_from(NAMES), VALUES), max_size=5)
PLAIN = st.fixed_dictionaries(
    {"id": st.integers(0, 99).map(str), "text": st.text(min_size=1, max_size=LONGEST)},
    optional={"language": st.just("en"), "stars": VALUES, "body": st.just("b"), "key": st.just("k")},
)
ODD = st.builds(
    lambda row, name, value: [*({**row, name: value}).items()],
    PLAIN,
    st.sampled_from(["id", "text", "language"]),
    VALUES,
)
TWICE = st.builds(lambda row, again: [*row.items(), again], PLAIN, st.tuples(st.sampled_from(NAMES), VALUES))
BLANK = st.sampled_from(["", " ", "\t"])


@st.composite
def json_lines(draw: st.DrawFn) -> bytes:
    """An object with its fields as they come, some of them perhaps twice; or any other value."""
    is_ascii = draw(st.booleans())

    def told(value: Any) -> str:
        return json.dumps(value, ensure_ascii=is_ascii)

    if draw(st.integers(0, 4)) == 0:
        return told(draw(VALUES)).encode(errors="surrogatepass")
    fields = draw(PLAIN.map(lambda row: [*row.items()]) | ODD | ODD | TWICE | FIELDS)
    pairs = (f"{told(name)}{draw(BLANK)}:{draw(BLANK)}{told(value)}" for name, value in fields)
    return f"{draw(BLANK)}{{{', '.join(pairs)}}}{draw(BLANK)}".encode(errors="surrogatepass")


LINES = (
    json_lines()
    | json_lines()
    | st.sampled_from(
        [
            b"",
            b" ",
            b"\x0c",
            b"\xc2\xa0",
            b"{",
            b"\xff",
            BOM,
            BOM + b'{"text": "a"}',
            b'"' + b"x" * 300 + b'"',
        ]
    )
)
FILES = st.builds(
    lambda first, told, end: end.join([first, *told]),
    st.sampled_from([b'{"id": "first", "text": "a"}', b'{"text": "a"}', b"", BOM, BOM + b'{"text": "a"}']),
    st.lists(LINES, max_size=9),
    st.sampled_from([b"\n", b"\r\n", b"\r"]),
)
LAYOUTS = st.builds(
    Layout,
    text_column=st.sampled_from([None, None, "body"]),
    id_column=st.sampled_from([None, None, "key"]),
    language_column=st.sampled_from([None, None, "tongue"]),
    encoding=st.sampled_from([None, "utf-8", "latin-1"]),
)
KEPT = st.sampled_from([(), (), (Column("stars", "int64"), Column("text"))])


def halved(text: str, _: str | None) -> tuple[Piece, ...]:
    middle = len(text) // 2
    return Piece(0, 0, middle), Piece(1, middle, len(text))


def read(
    file: Path, layout: Layout, family: Family, asked: dict[str, Any], name: str = "föö.jsonl"
) -> list[Any]:
    """The items of a file, all fields of each, and the error that ends them."""
    found: list[Any] = []
    try:
        found.extend(
            tuple(item) for item in corpus_items([(str(file), name)], layout, family=family, **asked)
        )
    except InvalidInputError as error:
        found.append(str(error))
    return found


@contextmanager
def in_all_steps() -> Iterator[None]:
    """Without what takes few: the faster reader of JSON, and the way of most rows to items."""

    def no_item(*_: object) -> None:
        return None

    with patch.dict(sys.modules, {"msgspec": None}), patch.object(corpora, "quick_item", no_item):
        json_values._decode.cache_clear()
        yield
    json_values._decode.cache_clear()


ROW: dict[str, Any] = {"id": "a", "text": "b", "language": "en"}
ODD_VALUES: list[Any] = [*WORDS, None, 7, 1.5, True, [], {"text": 1}]
ODD_ROWS = [{**ROW, name: word} for name in ROW for word in ODD_VALUES]


@pytest.mark.parametrize(
    "name", ["a.jsonl", "\udc80.jsonl"], ids=["a file", "a file of a name that is no text"]
)
@pytest.mark.parametrize("row", ODD_ROWS, ids=repr)
def test_few_steps_and_all_steps_give_the_same_of_an_odd_row(
    tmp_path: Path, row: dict[str, Any], name: str
) -> None:
    file = tmp_path / "a.jsonl"
    told = [json.dumps(one, ensure_ascii=name.isascii()) for one in ({**ROW, "id": "first"}, row)]
    told.append('{"id": "1", "text": "c", "id": "2", "language": "en"}')
    file.write_bytes("\n".join(told).encode(errors="surrogatepass"))
    asked = {"takes": Takes(LONGEST, lambda _: None)}

    few = read(file, Layout(), TEXTS, asked, name)
    with in_all_steps():
        every = read(file, Layout(), TEXTS, asked, name)

    assert repr(few) == repr(every)


ASKED = st.fixed_dictionaries(
    {
        "takes": st.sampled_from([Takes(LONGEST, lambda _: None, cut) for cut in (None, halved)]),
        "limit": st.sampled_from([None, 2]),
        "repeated": st.sampled_from(["fail", "qualify"]),
        "keep": KEPT,
    }
)


@given(content=FILES, layout=LAYOUTS, family=st.sampled_from([TEXTS, TEXTS, CONVERSATIONS]), asked=ASKED)
def test_few_steps_and_all_steps_give_the_same_of_any_lines(
    content: bytes, layout: Layout, family: Family, asked: dict[str, Any]
) -> None:
    with TemporaryDirectory() as folder, patch.object(lines, "LONGEST", LONGEST_LINE):
        file = Path(folder) / "a.jsonl"
        file.write_bytes(content)
        few = read(file, layout, family, asked)
        with in_all_steps():
            every = read(file, layout, family, asked)

    assert repr(few) == repr(every)


@pytest.mark.parametrize(
    "row",
    [
        '{"id": "a%d", "text": "a: \\"b\\""}',
        '{"text": "Größe", "stars": %d, "language": "de"}',
        '{"body": "one", "key": "b%d", "stars": null}',
    ],
)
def test_most_rows_take_few_steps(tmp_path: Path, row: str) -> None:
    file = tmp_path / "a.jsonl"
    file.write_text("".join(f"{row % number}\n" for number in range(9)))
    layout = Layout(text_column="body", id_column="key") if "body" in row else Layout()
    takes = Takes(LONGEST, lambda _: None)

    with (
        patch.object(corpora, "_item", wraps=corpora._item) as item,
        patch.object(json_rows, "_row", wraps=json_rows._row) as decoded,
    ):
        items = list(corpus_items([(str(file), "a")], layout, takes=takes))

    assert [(one.source, one.row_number) for one in items] == [("a", number) for number in range(9)]
    assert item.call_count == 0
    assert decoded.call_count == 1, "the names of the fields are checked once"
