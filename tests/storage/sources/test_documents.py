"""Documents are read from JSON lines, CSV and folders, on a disk and on object storage alike."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from airflow_provider_language._compat import ObjectStoragePath
from airflow_provider_language.documents import Document
from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.protocol.corpus.layouts import Layout
from airflow_provider_language.storage.sources import lines, text_files
from airflow_provider_language.storage.sources.documents import read_conversations, read_documents
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
        ("a.jsonl", b'{"text": "one"}\n{"text": \n', "Line 2 of .* is not JSON"),
        (
            "a.jsonl",
            b'{"text": "one"}\n{"id": "a", "blurb": "one"}\n',
            "Line 2 of .* has no 'text' among its 2",
        ),
        ("a.jsonl", b'{"text": "one"}\n\n{"text": null}\n', "Line 3 of .* its text is a NoneType"),
        ("a.jsonl", b"[1, 2]\n", "Line 1 of .* is a list and neither a text nor an object"),
        ("a.jsonl", b'{"id": NaN, "text": "one"}\n', "Line 1 of .* is not JSON: it has no NaN"),
        ("a.jsonl", b'{"id": -Infinity, "text": "one"}\n', "it has no -Infinity"),
        ("a.jsonl", b'{"id": 1e999, "text": "one"}\n', "a number is too large"),
        ("a.jsonl", b'{"text": "one", "text": "two"}\n', "Line 1 of .* a field stands in it twice"),
        ("a.jsonl", b'"one"\n' + b"[" * 200_000 + b"\n", "Line 2 of .* is not JSON"),
        ("a.jsonl", b"9" * 10_000, "Line 1 of .* is not JSON"),
        ("a.jsonl", "Straße".encode("utf-16"), "Line 1 of .* is not UTF-8"),
        ("a.csv", "text\nStraße\n".encode("latin-1"), "Line 2 of .* is not UTF-8; the parameter encoding"),
        ("a.csv", b"blurb,stars\none,1\n", "Line 1 of .* has no 'text' among its 2 columns"),
        ("a.csv", b"id,text\na\n", "Line 2 of .* a row of 1 cells where there are 2 columns"),
        ("a.csv", b"id,text\na,one\nb,two, or three\n", "Line 3 of .* a row of 3 cells where there are 2"),
        ("a.csv", b'id,text\na,"one\nb,two\nc,three\n', "Line 2 of .* begins a row that is not CSV.*quote"),
        ("a.csv", b'id,text\na,"one "or" two"\n', "Line 2 of .* begins a row that is not CSV.*quote"),
        ("a.csv", b"text,id,text\none,1,two\n", "Line 1 of .* names columns alike: .* places 1, 3"),
        ("a.csv", b"id,text,a,a\n", "Line 1 of .* names columns alike: .* places 3, 4"),
        ("a.csv", b"text\n" + b"x" * 140_000, "Line 2 of .* is not CSV: field larger"),
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


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", b"review_id,lang,review_text\r\nr1,de,Gut\r\nr2,,Fine\r\n"),
        ("a.csv", b"\r\n , ,\r\nreview_id,lang,review_text\r\nr1,de,Gut\r\n\r\nr2,,Fine\r\n"),
        ("a.csv", b"text,review_id,id,lang,review_text,,\nx,r1,9,de,Gut,,\nx,r2,9,,Fine,,\n"),
        (
            "a.jsonl",
            b'{"review_id": "r1", "lang": "de", "review_text": "Gut"}\n'
            b'{"review_id": "r2", "review_text": "Fine"}\n',
        ),
    ],
    ids=["csv", "csv with empty lines", "csv with columns of the usual names", "json lines"],
)
def test_columns_of_other_names_are_named(place: ObjectStoragePath, name: str, content: bytes) -> None:
    layout = Layout(text_column="review_text", id_column="review_id", language_column="lang")

    assert read_documents(written(place, name, content), "en", layout) == (
        Document("r1", "Gut", "de"),
        Document("r2", "Fine", "en"),
    )


@pytest.mark.parametrize(
    ("content", "layout"),
    [
        ("id;text\r\na;Größe, 5 €\r\n".encode("cp1252"), Layout(delimiter=";", encoding="cp1252")),
        ("id\ttext\na\tGröße, 5 €\n".encode(), Layout(delimiter="\\t")),
        (BOM + 'id;text\r\na;"Größe, 5 €"\r\n'.encode(), Layout(delimiter=";", encoding="utf-8-sig")),
    ],
    ids=["semicolons, as Excel writes them", "tabs", "marked"],
)
def test_csv_may_have_another_delimiter_and_encoding(
    place: ObjectStoragePath, content: bytes, layout: Layout
) -> None:
    assert read_documents(written(place, "a.csv", content), None, layout) == (Document("a", "Größe, 5 €"),)


def test_each_kind_of_file_may_have_another_encoding(place: ObjectStoragePath) -> None:
    layout = Layout(encoding="cp1252")
    written(place, "folder/a.txt", "Größe".encode("cp1252"))

    for location in (
        written(place, "a.jsonl", '"Größe"\n'.encode("cp1252")),
        written(place, "a.txt", "Größe".encode("cp1252")),
        str(place / "folder"),
    ):
        assert [one.text for one in read_documents(location, None, layout)] == ["Größe"]


def test_conversations_may_have_columns_of_other_names(place: ObjectStoragePath) -> None:
    layout = Layout(text_column="said", id_column="call", speaker_column="who", delimiter=";")
    location = written(place, "a.csv", b"call;who;said\nc1;agent;Hello\nc1;customer;Hi\n")

    (conversation,) = read_conversations(location, "en", layout)

    assert (conversation.id, conversation.language) == ("c1", "en")
    assert [(item.participant_id, item.text) for item in conversation.items] == [
        ("agent", "Hello"),
        ("customer", "Hi"),
    ]


def test_whole_conversations_are_left_as_they_are(place: ObjectStoragePath) -> None:
    item = {"id": "1", "participantId": "a", "text": "Hello"}
    content = json.dumps({"id": "c1", "conversationItems": [item]}).encode()

    (conversation,) = read_conversations(written(place, "a.jsonl", content))

    assert conversation.items[0].text == "Hello"


def test_documents_have_no_speaker(place: ObjectStoragePath) -> None:
    with pytest.raises(InvalidInputError, match="speaker_column is for conversations"):
        read_documents(written(place, "a.csv", b"text\none\n"), None, Layout(speaker_column="who"))


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("ID,Text", "Perhaps text_column='Text', id_column='ID' is meant"),
        (" text", "Perhaps text_column=' text' is meant"),
        (
            "review_id,lang,review_text",
            "text_column='review_text', id_column='review_id', language_column='lang'",
        ),
        ("reviewText", "Perhaps text_column='reviewText' is meant"),
        ("ID,text", "has no 'id' .*Perhaps id_column='ID' is meant"),
        ("text,Language", "has no 'language' .*Perhaps language_column='Language' is meant"),
        ("id;text", "Perhaps delimiter=';' is meant"),
        ("id\ttext", r"Perhaps delimiter='\\t' is meant"),
    ],
)
def test_near_misses_are_named_and_how_to_say_so(place: ObjectStoragePath, header: str, words: str) -> None:
    with pytest.raises(InvalidInputError, match=words):
        read_documents(written(place, "a.csv", f"{header}\n{header}\n".encode()))


@pytest.mark.parametrize("option", ["text_column", "id_column", "language_column"])
def test_a_column_that_is_named_and_not_there_is_refused(place: ObjectStoragePath, option: str) -> None:
    location = written(place, "a.csv", b"id,text,language\na,one,en\n")

    with pytest.raises(InvalidInputError, match=r"Line 1 of .* has no 'other'"):
        read_documents(location, None, Layout(**{option: "other"}))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", f"1,{CANARY}\n2,{CANARY}\n"),
        ("a.csv", f"{CANARY} text\n{CANARY} text\n"),
        ("a.csv", f"{CANARY},{CANARY}\n"),
        ("a.csv", f"id,text\n1,{CANARY}, {CANARY}\n"),
        ("a.csv", f'id,text\n1,"{CANARY}" {CANARY}\n'),
        ("a.csv", f'id,text\n1,"{CANARY}\n'),
        ("a.jsonl", f'{{"{CANARY}": "{CANARY}"}}\n'),
        ("a.jsonl", f'{{"{CANARY}": 1, "{CANARY}": 1}}\n'),
        ("a.jsonl", f'{{"text": ["{CANARY}"]}}\n'),
        ("a.jsonl", f"{CANARY}\n"),
    ],
)
def test_no_message_has_a_text_in_it_even_where_a_header_is_missing(
    place: ObjectStoragePath, name: str, content: str
) -> None:
    with pytest.raises(InvalidInputError) as raised:
        read_documents(written(place, name, content.encode()))

    assert CANARY not in str(raised.value)
    assert raised.value.__cause__ is None


@pytest.mark.parametrize("name", ["a.jsonl", "a.csv", "a.txt", "a.jsonl.gz"])
def test_no_more_is_held_of_a_file_than_a_job_could_take(
    place: ObjectStoragePath, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lines, "LONGEST", 1000)
    monkeypatch.setattr(text_files, "LONGEST", 1000)
    content = b"x" * 2000

    with pytest.raises(InvalidInputError, match="longer than"):
        read_documents(written(place, name, gzip.compress(content) if name.endswith(".gz") else content))


@pytest.mark.parametrize(
    "content",
    [b"no gzip", gzip.compress(b'"one"\n')[:-9], gzip.compress(b"x")[:5]],
    ids=["another file", "no end", "no beginning"],
)
def test_what_cannot_be_unpacked_is_told(place: ObjectStoragePath, content: bytes) -> None:
    with pytest.raises(InvalidInputError, match="is not gzip"):
        read_documents(written(place, "a.jsonl.gz", content))
