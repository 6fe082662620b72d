"""Documents are read from JSON lines, CSV and folders, on a disk and on object storage alike."""

from __future__ import annotations

from pathlib import Path

import pytest

from airflow_provider_language._compat import ObjectStoragePath
from airflow_provider_language.analysis.documents import Document
from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.storage.documents import read_documents
from tests.airflow_stands import CANARY

BOM = b"\xef\xbb\xbf"


@pytest.fixture(params=["disk", "object storage"])
def place(request: pytest.FixtureRequest, tmp_path: Path, memory_storage: None) -> ObjectStoragePath:
    """A folder of its own, by the URL that an author would write."""
    if request.param == "disk":
        return ObjectStoragePath(tmp_path.as_uri())
    return ObjectStoragePath(f"memory://{tmp_path.parent.name}/{tmp_path.name}")


def written(place: ObjectStoragePath, name: str, content: bytes) -> str:
    file = place / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    return str(file)


def test_json_lines_are_texts_or_rows(place: ObjectStoragePath) -> None:
    content = '{"id": 7, "text": "Straße", "language": "de", "stars": 5}\n\n"plain"\r\n{"text": "last"}'

    assert read_documents(written(place, "a.jsonl", content.encode())) == (
        Document("7", "Straße", "de"),
        Document("1", "plain"),
        Document("2", "last"),
    )


@pytest.mark.parametrize("mark", [b"", BOM], ids=["plain", "with a byte order mark"])
@pytest.mark.parametrize("name", ["a.jsonl", "a.ndjson", "a.JSONL"])
def test_a_byte_order_mark_is_no_part_of_json_lines(place: ObjectStoragePath, name: str, mark: bytes) -> None:
    assert read_documents(written(place, name, mark + b'{"text": "one"}\n')) == (Document("0", "one"),)


@pytest.mark.parametrize("mark", [b"", BOM], ids=["plain", "with a byte order mark"])
def test_csv_is_read_by_the_names_of_its_columns(place: ObjectStoragePath, mark: bytes) -> None:
    content = b'text,id,stars\r\n"two\r\nlines, with ""quotes""",x,5\r\nplain,y,4\r\n'

    assert read_documents(written(place, "a.csv", mark + content)) == (
        Document("x", 'two\r\nlines, with "quotes"'),
        Document("y", "plain"),
    )


def test_rows_of_csv_without_an_id_are_numbered(place: ObjectStoragePath) -> None:
    assert read_documents(written(place, "a.csv", b"text\none\ntwo\n")) == (
        Document("0", "one"),
        Document("1", "two"),
    )


def test_the_text_files_of_a_folder_are_documents_named_by_their_path(place: ObjectStoragePath) -> None:
    written(place, "folder/b.txt", b"two")
    written(place, "folder/a.txt", BOM + b"one")
    written(place, "folder/deeper/c.txt", b"three")
    written(place, "folder/readme.md", b"no document")

    assert read_documents(str(place / "folder")) == (
        Document("a.txt", "one"),
        Document("b.txt", "two"),
        Document("deeper/c.txt", "three"),
    )


def test_a_text_file_is_one_document(place: ObjectStoragePath) -> None:
    assert read_documents(written(place, "a.txt", b"one\ntwo\n")) == (Document("a.txt", "one\ntwo\n"),)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.jsonl", b'{"text": "one", "language": "de"}\n{"text": "two"}'),
        ("a.csv", b"text,language\none,de\ntwo,\n"),
    ],
)
def test_the_language_is_for_documents_that_name_none(
    place: ObjectStoragePath, name: str, content: bytes
) -> None:
    documents = read_documents(written(place, name, content), language="en")

    assert [document.language for document in documents] == ["de", "en"]


@pytest.mark.parametrize("name", ["a.jsonl", "a.csv"])
def test_an_empty_file_has_no_documents(place: ObjectStoragePath, name: str) -> None:
    assert read_documents(written(place, name, b"")) == ()


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.jsonl", b'{"text": "one"}\n{"text": \n', "Line 2"),
        ("a.jsonl", b'{"id": "a", "body": "one"}\n', "Document 0 has no text"),
        ("a.jsonl", b"[1, 2]\n", "Document 0"),
        ("a.jsonl", "Straße".encode("utf-16"), "not UTF-8"),
        ("a.csv", "text\nStraße\n".encode("latin-1"), "not UTF-8"),
        ("a.csv", b"body\none\n", "Document 0 has no text"),
        ("a.csv", b"id,text\na\n", "Document 0 has no text"),
        ("a.csv", b"text\n" + b"x" * 140_000, "not CSV"),
        ("a.txt", b"\xff\xfe\x00", "not UTF-8"),
        ("a.xlsx", b"PK", "convert it first"),
        ("a", b"text", "convert it first"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_by_its_name(
    place: ObjectStoragePath, name: str, content: bytes, words: str
) -> None:
    with pytest.raises(InvalidInputError, match=words):
        read_documents(written(place, name, content))


def test_a_broken_line_is_told_by_its_number_and_not_by_its_text(place: ObjectStoragePath) -> None:
    with pytest.raises(InvalidInputError) as raised:
        read_documents(written(place, "a.jsonl", f'{{"text": "{CANARY}"'.encode()))

    assert CANARY not in str(raised.value)
    assert raised.value.__cause__ is None


def test_a_place_with_nothing_in_it_is_told(place: ObjectStoragePath) -> None:
    with pytest.raises(InvalidInputError, match="nothing at"):
        read_documents(str(place / "no-such-file.jsonl"))


def test_a_folder_without_texts_is_told(place: ObjectStoragePath) -> None:
    written(place, "folder/readme.md", b"no document")

    with pytest.raises(InvalidInputError, match=r"no \.txt files"):
        read_documents(str(place / "folder"))


def test_a_text_of_a_folder_that_cannot_be_read_is_told(place: ObjectStoragePath) -> None:
    written(place, "folder/a.txt", b"\xff\xfe\x00")

    with pytest.raises(InvalidInputError, match="not UTF-8"):
        read_documents(str(place / "folder"))


def test_a_path_without_a_scheme_is_a_path_on_disk(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("one")

    assert read_documents(str(tmp_path / "a.txt")) == (Document("a.txt", "one"),)
