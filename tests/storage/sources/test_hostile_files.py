"""Files with faults of all kinds: read rightly or refused by a typed error, and nothing lost or invented."""

from __future__ import annotations

import csv
import gzip
import io
import json
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.protocol.corpus.layouts import Layout
from airflow_provider_language.protocol.inputs.documents import Document
from airflow_provider_language.storage.sources.batches import batches_of, read_batch
from airflow_provider_language.storage.sources.documents import read_conversations, read_documents
from tests.draws import draws

SEED = 20261129
FILES = draws(2_000)
CHUNK = 50
"""Files of one test, which is one place for a failure."""
LAYOUT = Layout(text_column="review_text", id_column="review_id", language_column="lang")
WORDS = (
    "good",
    "Größe",
    "x,y",
    'said "no"',
    "two\nlines",
    "👩🏻",
    "a;b",
    "\u2028",
    "tab\t",
    "",
    " ",
    "\r\n",
    "NaN",
    "'",
)
QUOTES_AND_ENDS = (
    b'"',
    b",",
    b"\n",
    b"\r",
    b"\r\n",
    b";",
    b"\t",
    b" ",
    b"\\",
    b"\0",
    b"\xff",
    b"\xef\xbb\xbf",
)
OF_JSON = (
    b"{",
    b"}",
    b"[" * 3_000,
    b"]",
    b"NaN",
    b"Infinity",
    b"1e999",
    b'"text"',
    b'"review_text":',
    b"\\ud800",
)
PIECES = (*QUOTES_AND_ENDS, *OF_JSON, b"review_text", b"\xed\xa0\x80")


def seeded(*of: object) -> random.Random:
    return random.Random(repr((SEED, *of)))  # noqa: S311 - nothing is kept secret by it


def documents_of(random_: random.Random) -> list[Document]:
    texts = ["".join(random_.choices(WORDS, k=random_.randint(1, 6))) for _ in range(random_.randint(1, 40))]
    return [Document(f"r{number}", text, "en") for number, text in enumerate(texts)]


def rows_of(documents: list[Document]) -> list[list[str]]:
    return [["review_id", "lang", "review_text"], *([one.id, "en", one.text] for one in documents)]


def as_csv(documents: list[Document]) -> bytes:
    written = io.StringIO(newline="")
    csv.writer(written).writerows(rows_of(documents))
    return written.getvalue().encode()


def as_json_lines(documents: list[Document]) -> bytes:
    names, *rows = rows_of(documents)
    return "".join(json.dumps(dict(zip(names, row, strict=True))) + "\n" for row in rows).encode()


KINDS: dict[str, Callable[[list[Document]], bytes]] = {".csv": as_csv, ".jsonl": as_json_lines}


def hurt(random_: random.Random, content: bytes) -> bytes:
    """The content with something left out, put in, doubled or changed: whole lines, or a few bytes."""
    if random_.random() < 0.4:
        lines = content.splitlines(keepends=True)
        at = random_.randrange(len(lines))
        other = random_.choice([b"", lines[at] * 2, random_.choice(lines), lines[at].strip(), b"\n", b" \n"])
        return b"".join([*lines[:at], other, *lines[at + 1 :]])
    hurt_ = bytearray(content)
    for _ in range(random_.randint(1, 2)):
        at = random_.randrange(len(hurt_) + 1)
        to = at + random_.choice([0, 0, 1, 3, 40, len(hurt_)])
        hurt_[at:to] = random_.choice([b"", random_.choice(PIECES), bytes(hurt_[at:to]) * 2])
    return bytes(hurt_)


def read_in_batches(location: str, layout: Layout) -> list[Document]:
    return [one for batch in batches_of(location, 7, 500, layout) for one in read_batch(location, batch)]


def by_the_book(suffix: str, content: bytes) -> list[tuple[str, str]] | None:
    """The ids and texts that Python's own readers find, where they find rows of three fields alone.

    A row whose id is blank is known by its number.
    """
    text = content.decode("utf-8-sig")
    if suffix == ".csv":
        header, *rows = [row for row in csv.reader(io.StringIO(text, newline="")) if row]
        at = header.index("review_id"), header.index("review_text")
        return [
            (row[at[0]] if row[at[0]].strip() else str(place), row[at[1]]) for place, row in enumerate(rows)
        ]
    found = [json.loads(line) for line in text.split("\n") if line.strip()]
    return [
        (str(place), row)
        if isinstance(row, str)
        else (str(row["review_id"]) if str(row["review_id"]).strip() else str(place), str(row["review_text"]))
        for place, row in enumerate(found)
    ]


@pytest.mark.draws
@pytest.mark.parametrize("first", range(0, FILES, CHUNK))
@pytest.mark.parametrize("suffix", KINDS)
def test_a_hurt_file_is_read_as_it_stands_or_refused(tmp_path: Path, suffix: str, first: int) -> None:
    for number in range(first, first + CHUNK):
        random_ = seeded(suffix, number)
        content = hurt(random_, KINDS[suffix](documents_of(random_)))
        is_packed = random_.random() < 0.2
        path = tmp_path / f"{number}{suffix}{'.gz' * is_packed}"
        path.write_bytes(gzip.compress(content) if is_packed else content)
        try:
            documents = read_documents(str(path), "en", LAYOUT)
        except InvalidInputError:
            with pytest.raises(InvalidInputError):
                read_in_batches(str(path), LAYOUT)
            continue

        assert [(one.id, one.text) for one in documents] == by_the_book(suffix, content), number
        try:
            batched = read_in_batches(str(path), LAYOUT)
        except InvalidInputError:
            continue  # an id that is empty or there twice, a text that is too long
        assert [(one.id, one.text) for one in batched] == [(one.id, one.text) for one in documents], number


@pytest.mark.draws
@pytest.mark.parametrize("suffix", [*KINDS, ".txt", ".jsonl.gz", ".csv.gz", ".txt.gz"])
def test_any_bytes_are_read_or_refused(tmp_path: Path, suffix: str) -> None:
    random_ = seeded(suffix)
    path = tmp_path / f"a{suffix}"
    read = 0
    for _ in range(draws(400)):
        content = random_.randbytes(random_.randint(0, 60)) + b"".join(random_.choices(PIECES, k=5))
        path.write_bytes(gzip.compress(content) if suffix == ".csv.gz" else content)
        layout = Layout(encoding=random_.choice([None, "cp1252", "latin-1", "gb18030"]))
        for reader in (read_documents, read_conversations):
            try:
                reader(str(path), None, layout)
            except InvalidInputError:
                continue
            read += 1
    assert read or suffix != ".txt"


@pytest.mark.parametrize("suffix", KINDS)
def test_a_whole_file_gives_its_documents(tmp_path: Path, suffix: str) -> None:
    for number in range(50):
        documents = documents_of(seeded(number))
        (tmp_path / f"a{suffix}").write_bytes(KINDS[suffix](documents))

        assert list(read_documents(str(tmp_path / f"a{suffix}"), None, LAYOUT)) == documents
        assert read_in_batches(str(tmp_path / f"a{suffix}"), LAYOUT) == documents
