"""Copies of files of all kinds, good and bad: what is read of one is what its file has, but for the texts."""

from __future__ import annotations

import csv
import io
import json
import random
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from pyarrow import parquet

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.protocol.corpus.families import Takes
from airflow_provider_language.protocol.corpus.items import Item
from airflow_provider_language.protocol.corpus.layouts import Layout
from airflow_provider_language.storage.copies import parquet_texts
from airflow_provider_language.storage.copies.copying import copy_file
from airflow_provider_language.storage.copies.reading import Reading
from airflow_provider_language.storage.sources import parquet_rows
from airflow_provider_language.storage.sources.documents import placed_rows
from airflow_provider_language.storage.sources.lines import Unread
from airflow_provider_language.storage.sources.text_columns import wanted_of
from tests.draws import draws
from tests.storage.sources.test_hostile_files import OF_JSON, QUOTES_AND_ENDS, WORDS

SEED = 20261130
FILES = draws(1_500)
CHUNK = 50
SHARES = pytest.mark.parametrize("first", range(0, FILES, CHUNK))


class Said:
    """What is said in the place of each text."""

    def __init__(self, of: Callable[[Item], str | None] = lambda item: item.content) -> None:
        self.of = of
        self.ended: list[str] = []

    def end(self, name: str) -> None:
        self.ended.append(name)


def copied(
    source: Path, layout: Layout, said: Said, most: int | None = None, columns: tuple[str, ...] = ()
) -> Path:
    target = source.with_name(f"copy-{source.name}")
    reading = Reading(layout, qualified=False, takes=Takes(1_000_000, lambda _: None), columns=columns)
    copy_file((str(source), source.name), str(target), reading, said, most)
    return target


def read(file: Path, layout: Layout) -> list[Any]:
    return [row for _, row in placed_rows(str(file), layout, tolerant=True)]


def good_csv(dice: random.Random) -> tuple[bytes, Layout]:
    delimiter = dice.choice(",;\t|^]\\-§")
    names = dice.sample(["id", "body", "n", "a b", 'q"q'], k=dice.randint(2, 5))
    names = names if "body" in names else [*names, "body"]
    out = io.StringIO(newline="")
    writer = csv.writer(
        out,
        delimiter=delimiter,
        quoting=dice.choice([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
        lineterminator=dice.choice(["\n", "\r\n", "\r"]),
    )
    writer.writerow(names)
    for number in range(dice.randint(0, 6)):
        cells = ["".join(dice.choices(WORDS, k=dice.randint(0, 3))) for _ in names]
        if "id" in names:
            cells[names.index("id")] = f"{number}"
        cells[names.index("body")] += f"text {number}"
        writer.writerow(cells)
    mark = dice.choice([b"", b"\xef\xbb\xbf", b"\r\n", b"\n \n"])
    content = mark + out.getvalue().encode()
    if dice.random() < 0.2:
        content = content.removesuffix(b"\r\n").removesuffix(b"\n")
    return content, Layout(text_column="body", delimiter=delimiter)


def good_json(dice: random.Random) -> tuple[bytes, Layout]:
    lines = []
    for number in range(dice.randint(0, 6)):
        fields: dict[str, Any] = {"id": f"{number}", "body": f"text {dice.choice(WORDS)}"}
        fields |= {word: dice.choice([1, -0.0, 1e300, None, True, [word], {"body": word}]) for word in WORDS}
        names = dice.sample(list(fields), k=len(fields))
        separators = dice.choice([(", ", ": "), (",", ":"), (" ,\t", " : ")])
        written = {name: fields[name] for name in names}
        lines.append(json.dumps(written, separators=separators, ensure_ascii=dice.random() < 0.5))
    end = dice.choice(["\n", "\r\n"])
    return end.join([*lines, ""]).encode(), Layout(text_column="body")


KINDS = pytest.mark.parametrize(
    ("make", "suffix", "pieces"),
    [(good_csv, "csv", QUOTES_AND_ENDS), (good_json, "jsonl", OF_JSON)],
    ids=["csv", "json"],
)


def _next_text(rows: Iterator[Any], _: Item) -> str:
    return str(next(rows)["text"])


@KINDS
@SHARES
def test_a_copy_with_its_own_texts_is_its_file(
    tmp_path: Path, make: Any, suffix: str, pieces: Any, first: int
) -> None:
    for number in range(first, first + CHUNK):
        content, layout = make(random.Random(SEED + number))  # noqa: S311 - the same files each time
        file = tmp_path / f"{number}.{suffix}"
        file.write_bytes(content)
        rows = read(file, layout)
        if any(isinstance(row, Unread) for row in rows):
            continue  # csv.writer leaves some line ends without quotes
        copy = copied(file, layout, Said(partial(_next_text, iter(rows))))
        if suffix == "csv":
            assert copy.read_bytes() == content, number
        else:
            assert read(copy, layout) == read(file, layout), number


ANOTHER = 'masked; "it", \t| §\r\nends\n'


@KINDS
@SHARES
def test_what_is_hurt_is_copied_row_for_row_as_it_is_read_with_other_texts(
    tmp_path: Path, make: Any, suffix: str, pieces: tuple[bytes, ...], first: int
) -> None:
    hurt = 0
    for number in range(first, first + CHUNK):
        dice = random.Random(SEED - number)  # noqa: S311 - the same files each time
        content, layout = make(dice)
        for _ in range(dice.randint(1, 3)):
            at = dice.randint(0, len(content))
            content = content[:at] + dice.choice(pieces) + content[at + dice.randint(0, 3) :]
        file = tmp_path / f"{number}.{suffix}"
        file.write_bytes(content)
        try:
            rows = read(file, layout)
        except InvalidInputError:
            continue  # no corpus is made of it
        again = read(copied(file, layout, Said(lambda _: ANOTHER)), layout)
        assert len(again) == len(rows), number
        for row, other in zip(rows, again, strict=True):
            assert _fits(row, other, suffix), (number, row, other)
        hurt += sum(isinstance(row, Unread) for row in rows)
    assert hurt or suffix == "csv"


def _fits(row: Any, other: Any, suffix: str) -> bool:
    """Whether a row of a copy is that of its file with another text."""
    if isinstance(row, str):
        return bool(other == ANOTHER)
    if isinstance(row, dict):
        names = {"text", "body"}
        same = {name: value for name, value in row.items() if name not in names}
        return {name: value for name, value in other.items() if name not in names} == same and (
            other["text"] == ANOTHER
        )
    # Of a row that nobody can read, no text stays; a number that is too large may.
    if suffix == "csv":
        return not isinstance(other, Unread) and set(other.values()) == {""}
    return isinstance(other, Unread) or other == ANOTHER or other["text"] == ANOTHER


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8", "shift_jis"])
@pytest.mark.parametrize("suffix", ["csv", "jsonl", "txt"])
def test_a_copy_is_in_the_encoding_of_its_file(tmp_path: Path, encoding: str, suffix: str) -> None:
    file = tmp_path / f"in.{suffix}"
    before = {"csv": "text,note\nAnna,±\n", "jsonl": '{"text": "Anna", "note": "±"}\n', "txt": "Anna ±"}
    file.write_bytes(before[suffix].encode(encoding))
    copy = copied(file, Layout(encoding=encoding), Said(lambda _: "÷ 👩"))
    lost = "👩" if encoding == "utf-8" else "?"
    escaped = "👩" if encoding == "utf-8" else "\\ud83d\\udc69"
    masked = "÷" if escaped == "👩" else "\\u00f7"
    after = {
        "csv": f"text,note\n÷ {lost},±\n",
        "jsonl": f'{{"text": "{masked} {escaped}", "note": "±"}}\n',
        "txt": f"÷ {lost}",
    }
    assert copy.read_bytes().decode(encoding) == after[suffix]


TYPES = [
    ("large_string", pa.large_string(), pa.large_string()),
    ("dictionary", pa.dictionary(pa.int8(), pa.string()), pa.string()),
    ("numbers", pa.int64(), pa.string()),
]


@pytest.mark.parametrize(("type_", "after"), [(t, a) for _, t, a in TYPES], ids=[n for n, _, _ in TYPES])
@pytest.mark.parametrize("compression", ["none", "snappy", "zstd", "gzip", "lz4"])
def test_parquet_keeps_types_metadata_and_compression(
    tmp_path: Path, type_: Any, after: Any, compression: str
) -> None:
    texts = pa.array(["1", "2", None]).cast(type_)
    other = pa.array([[{"a": 1, "text": "kept"}], None, []])
    days = pa.array([0, None, 2], pa.timestamp("us", tz="Europe/Berlin"))
    fields = [
        pa.field("other", other.type, metadata={"of": "field"}),
        pa.field("text", type_),
        pa.field("day", days.type),
    ]
    schema = pa.schema(fields, metadata={"of": "table"})
    table = pa.Table.from_arrays([other, texts, days], schema=schema)
    file = tmp_path / "in.parquet"
    parquet.write_table(table, file, compression=compression)
    said = iter(["one", None, "three"])

    copy = copied(file, Layout(), Said(lambda _: next(said)))

    again = parquet.read_table(copy)
    assert again.drop(["text"]).equals(parquet.read_table(file).drop(["text"]), check_metadata=True)
    assert again["text"].to_pylist() == ["one", None, "three"]
    assert again.schema.field("text").type == after
    assert [one for one in again.schema if one.name != "text"] == [
        one for one in schema if one.name != "text"
    ]
    found = (parquet.read_metadata(one).row_group(0).column(0).compression for one in (file, copy))
    assert len(set(found)) == 1


def test_parquet_is_copied_piece_by_piece_up_to_where_the_corpus_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parquet_rows, "_AT_ONCE", 3)
    monkeypatch.setattr(parquet_texts, "ROW_GROUP", 40)
    file = tmp_path / "in.parquet"
    parquet.write_table(pa.table({"text": [f"text {n}" for n in range(20)]}), file)
    for most in (None, 0, 3, 10, 20, 21):
        copy = copied(file, Layout(), Said(lambda item: f"of {item.id}"), most)
        kept = range(20)[:most]
        assert parquet.read_table(copy)["text"].to_pylist() == [f"of in.parquet#{n}" for n in kept]
        assert parquet.read_metadata(copy).num_row_groups <= 1 + len(kept) // 3


def test_a_text_that_may_not_be_null_is_empty_and_columns_of_one_name_are_all_masked(tmp_path: Path) -> None:
    schema = pa.schema([pa.field("text", pa.string(), nullable=False), pa.field("text", pa.string())])
    file = tmp_path / "in.parquet"
    parquet.write_table(pa.Table.from_arrays([pa.array(["Anna"]), pa.array(["Anna"])], schema=schema), file)
    copy = copied(file, Layout(), Said(lambda _: None))
    found = parquet.ParquetFile(copy).read()
    assert [column.to_pylist() for column in found.columns] == [[""], [None]]


def test_of_columns_of_one_name_none_keeps_a_text_that_nobody_has_looked_at(tmp_path: Path) -> None:
    names = ["note", "note", "subject"]
    file = tmp_path / "in.parquet"
    arrays = [pa.array(["Anna"]), pa.array([" "]), pa.array(["Anna"])]
    parquet.write_table(pa.Table.from_arrays(arrays, names=names), file)
    copy = copied(file, Layout(), Said(lambda _: "masked"), columns=("note", "subject"))
    found = parquet.ParquetFile(copy).read()
    assert [column.to_pylist() for column in found.columns] == [[None], [" "], ["masked"]]


@KINDS
@SHARES
def test_what_is_hurt_is_copied_with_other_texts_in_each_of_several_columns(
    tmp_path: Path, make: Any, suffix: str, pieces: tuple[bytes, ...], first: int
) -> None:
    columns, wanted = ("body", "more"), wanted_of(("body", "more"))
    for number in range(first, first + CHUNK):
        dice = random.Random(SEED * 2 - number)  # noqa: S311 - the same files each time
        content, layout = make(dice)
        layout = Layout(delimiter=layout.delimiter)
        old, new = (b"a b", b"more") if suffix == "csv" else (b'"id"', b'"more"')
        content = content.replace(old, new, 1)
        if dice.random() < 0.8:
            at = dice.randint(0, len(content))
            content = content[:at] + dice.choice(pieces) + content[at + dice.randint(0, 3) :]
        file = tmp_path / f"{number}.{suffix}"
        file.write_bytes(content)
        try:
            rows = [row for _, row in placed_rows(str(file), layout, wanted, tolerant=True)]
        except InvalidInputError:
            continue  # no corpus is made of it
        copy = copied(file, layout, Said(lambda _: ANOTHER), columns=columns)
        again = [row for _, row in placed_rows(str(copy), layout, wanted, tolerant=True)]
        assert len(again) == len(rows), number
        for row, other in zip(rows, again, strict=True):
            if isinstance(row, dict) and not row.keys() & {*columns}:
                assert other["body"] == ANOTHER, number  # as of a row without a text, nothing else stays
            elif isinstance(row, dict) and isinstance(other, dict):
                masked = [name for name in columns if other.get(name) == ANOTHER]
                assert masked, (number, row, other)
                assert {**row, **dict.fromkeys(masked, ANOTHER)} == other, number
                assert not any(str(row.get(name) or "").strip() for name in {*columns} - {*masked}), number


def test_parquet_without_a_row_is_one(tmp_path: Path) -> None:
    file = tmp_path / "in.parquet"
    parquet.ParquetWriter(file, pa.schema([("text", pa.string())])).close()
    said = Said()
    assert parquet.read_table(copied(file, Layout(), said)).num_rows == 0
    assert said.ended == ["in.parquet"]
