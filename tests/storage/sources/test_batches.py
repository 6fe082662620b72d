"""A batch is read again as it was counted, at its own place in the file, and refused if it has changed."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.hooks.language import LanguageHook
from airflow_provider_language.protocol.corpus.batches import batch_from
from airflow_provider_language.protocol.inputs.documents import Document
from airflow_provider_language.storage.sources.batches import batches_of, read_batch
from airflow_provider_language.storage.sources.documents import read_documents

Write = Callable[[Path, list[Document]], Path]


def json_lines(folder: Path, documents: list[Document]) -> Path:
    lines = [json.dumps({"id": one.id, "text": one.text}, ensure_ascii=False) + "\n" for one in documents]
    (folder / "a.jsonl").write_text("\n".join(lines), encoding="utf-8-sig")
    return folder / "a.jsonl"


def packed_lines(folder: Path, documents: list[Document]) -> Path:
    (folder / "a.jsonl.gz").write_bytes(gzip.compress(json_lines(folder, documents).read_bytes()))
    return folder / "a.jsonl.gz"


def csv_file(folder: Path, documents: list[Document]) -> Path:
    rows = [f'{one.id},"{one.text}"\r\n' for one in documents]
    (folder / "a.csv").write_bytes("".join(["id,text\r\n", *rows]).encode("utf-8-sig"))
    return folder / "a.csv"


def old_csv_file(folder: Path, documents: list[Document]) -> Path:
    rows = [f'{one.id},"{one.text}"\r' for one in documents]
    (folder / "old.csv").write_bytes("".join(["id,text\r", *rows]).encode())
    return folder / "old.csv"


def text_files(folder: Path, documents: list[Document]) -> Path:
    (folder / "texts").mkdir()
    for one in documents:
        (folder / "texts" / one.id).write_bytes(one.text.encode())
    return folder / "texts"


WRITERS: tuple[Write, ...] = (json_lines, packed_lines, csv_file, old_csv_file, text_files)
DOCUMENTS = [Document(f"{number:03}.txt", f"Größe {number},\nzwei Zeilen 👩🏻") for number in range(61)]


@pytest.mark.parametrize("write", WRITERS)
def test_the_batches_of_a_file_are_its_documents_in_their_order(tmp_path: Path, write: Write) -> None:
    location = str(write(tmp_path, DOCUMENTS))

    told = json.loads(json.dumps([batch.to_dict() for batch in batches_of(location, 25, 125_000)]))
    found = [one for batch in told for one in read_batch(location, batch_from(batch))]

    assert [batch["count"] for batch in told] == [25, 25, 11]
    assert tuple(found) == read_documents(location)
    assert [one.text for one in found] == [one.text for one in DOCUMENTS]


def test_rows_without_an_id_are_known_by_their_number_in_the_file(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('"one"\n"two"\n\n"three"\n')
    location = str(tmp_path / "a.jsonl")

    first, second = batches_of(location, 2, 100)

    assert [one.id for one in read_batch(location, first)] == ["0", "1"]
    assert [one.id for one in read_batch(location, second)] == ["2"]


@pytest.mark.parametrize("write", WRITERS)
def test_a_file_that_has_changed_since_it_was_counted_is_refused(tmp_path: Path, write: Write) -> None:
    location = write(tmp_path, DOCUMENTS)
    *_, last = batches_of(str(location), 25, 125_000)
    others = [Document(f"x{one.id}", one.text) for one in DOCUMENTS]
    if location.is_dir():
        for path in location.iterdir():
            path.rename(location / f"x{path.name}")
    else:
        write(tmp_path, others)

    with pytest.raises(InvalidInputError, match="have changed since they were counted"):
        read_batch(str(location), last)


def test_an_id_that_stands_twice_in_a_file_is_refused_though_it_is_in_two_batches(tmp_path: Path) -> None:
    location = json_lines(tmp_path, [*DOCUMENTS, DOCUMENTS[0]])

    with pytest.raises(InvalidInputError, match=r"'000\.txt' is not unique"):
        list(batches_of(str(location), 25, 125_000))


@pytest.mark.parametrize("value", [{}, {"number": "x"}, {"number": 0, "first": 0, "count": 1}])
def test_what_is_no_batch_is_refused(value: dict[str, Any]) -> None:
    with pytest.raises(InvalidInputError, match=r"LanguageHook\.batches"):
        batch_from(value)


def test_a_batch_of_a_list_is_none_of_a_file(tmp_path: Path) -> None:
    (batch,) = LanguageHook().batches(["a text"])

    with pytest.raises(InvalidInputError, match="not one of a file"):
        read_batch(str(json_lines(tmp_path, DOCUMENTS)), batch_from(batch))


def test_more_batches_than_airflow_maps_a_task_over_are_told_before_they_are_mapped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AIRFLOW__CORE__MAX_MAP_LENGTH", "2")
    location = str(json_lines(tmp_path, DOCUMENTS))

    with pytest.raises(InvalidInputError, match=r"more than 2 jobs.*max_map_length"):
        LanguageHook().batches(location)
    assert len(LanguageHook().batches(["x"] * 50)) == 2


def test_no_documents_make_no_batches(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text("")

    assert LanguageHook().batches(str(tmp_path / "a.jsonl")) == []
    assert LanguageHook().batches([]) == []
