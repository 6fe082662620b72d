"""A body is whole, or it is given up: compressed or not, it takes no more memory than its bound."""

from __future__ import annotations

import gzip
import tracemalloc
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from airflow_provider_language.transports.bodies import LARGEST, Body, BrokenBodyError


def read(content: bytes, encoding: str = "", step: int = 1000) -> bytes:
    body = Body(encoding)
    for begin in range(0, len(content), step):
        body.add(content[begin : begin + step])
    return body.whole()


@given(content=st.binary(max_size=300), step=st.integers(1, 50), encoding=st.sampled_from(["", "Identity "]))
def test_a_plain_body_comes_out_as_it_came(content: bytes, step: int, encoding: str) -> None:
    assert read(content, encoding, step) == content


@given(parts=st.lists(st.binary(max_size=300), min_size=1, max_size=3), step=st.integers(1, 50))
@pytest.mark.parametrize("encoding", ["gzip", "x-gzip", " GZIP"])
def test_a_compressed_body_comes_out_as_it_was(encoding: str, parts: list[bytes], step: int) -> None:
    assert read(b"".join(map(gzip.compress, parts)), encoding, step) == b"".join(parts)


def test_an_answer_that_has_no_body_may_say_that_it_is_compressed() -> None:
    assert read(b"", "gzip") == b""


@pytest.mark.parametrize("encoding", ["br", "deflate", "zstd", "gzip, gzip", "x" * 100_000])
def test_a_body_that_is_encoded_as_nobody_asked_is_refused(encoding: str) -> None:
    with pytest.raises(BrokenBodyError, match="which nobody asked for") as caught:
        Body(encoding)
    assert len(str(caught.value)) < 100


@pytest.mark.parametrize("content", [b"plain", zlib.compress(b"x"), gzip.compress(b"x", mtime=0) + b"more"])
def test_a_body_that_is_not_compressed_as_it_says_is_refused(content: bytes) -> None:
    with pytest.raises(BrokenBodyError, match="not compressed as it says"):
        read(content, "gzip")


def test_a_compressed_body_that_breaks_off_is_not_taken_for_a_short_one() -> None:
    with pytest.raises(BrokenBodyError, match="breaks off"):
        read(gzip.compress(b'{"a": 1}', mtime=0)[:-9], "gzip")


def test_the_largest_body_is_read() -> None:
    largest = bytes(LARGEST)
    assert read(largest, step=2**20) == largest
    assert read(gzip.compress(largest, 1, mtime=0), "gzip") == largest


def test_a_body_that_swells_is_given_up_before_it_takes_more_than_its_bound() -> None:
    bomb = gzip.compress(bytes(4 * LARGEST), 9)
    assert len(bomb) < LARGEST / 200
    tracemalloc.start()
    try:
        with pytest.raises(BrokenBodyError, match="larger than 64 MiB"):
            read(bomb, "gzip", step=2**16)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 3 * LARGEST


def test_a_body_that_is_too_large_as_it_comes_is_given_up() -> None:
    body = Body()
    for _ in range(LARGEST // 2**20):
        body.add(bytes(2**20))
    with pytest.raises(BrokenBodyError, match="larger than 64 MiB"):
        body.add(b"x")
