"""Only what looks like a location is taken for one; all else is refused before a path is made of it."""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from typing import Any

import pytest

from airflow_provider_language._compat import ObjectStoragePath
from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.storage import stores
from airflow_provider_language.storage.files import replace_file
from airflow_provider_language.storage.formats import given_output
from airflow_provider_language.storage.locations import as_told, given_location, location_of
from airflow_provider_language.storage.sources.documents import read_documents
from airflow_provider_language.storage.state_files import StateFile
from tests.airflow_stands import CANARY

USES: list[Any] = [
    pytest.param(lambda value: given_location(value, "documents"), id="given"),
    pytest.param(read_documents, id="read"),
    pytest.param(given_output, id="output"),
    pytest.param(lambda value: replace_file(value, b""), id="written"),
    pytest.param(lambda value: StateFile(value, ("task",)), id="state"),
]


@pytest.mark.parametrize("use", USES)
@pytest.mark.parametrize("nothing", ["", "  ", "\t\n"])
def test_an_empty_location_is_refused_wherever_one_is_used(
    use: Any, nothing: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "secret.txt").write_text(CANARY)

    with pytest.raises(InvalidInputError, match="empty instead of an absolute path"):
        use(nothing)
    assert [path.name for path in tmp_path.iterdir()] == ["secret.txt"]


@pytest.mark.parametrize("use", USES)
@pytest.mark.parametrize(
    ("location", "words"),
    [
        ("http://127.0.0.1/a.jsonl", "scheme http"),
        ("https://name.blob.core.windows.net/a.jsonl", "scheme https"),
        ("ftp://127.0.0.1/a.jsonl", "scheme ftp"),
        ("zip::/tmp/a.jsonl", "a chain of storages"),
        ("simplecache::s3://b/a.jsonl", "a chain of storages"),
        ("file://host/a.jsonl", "on another host"),
        ("s3://", "no place on it"),
        ("/a\0b.jsonl", "no location|control"),
        ("file:///a%00b.jsonl", "control"),
        (f"/{'x' * 5000}.jsonl", "no location"),
    ],
)
def test_a_location_that_airflow_has_no_storage_for_is_refused(use: Any, location: str, words: str) -> None:
    with pytest.raises(InvalidInputError, match=words):
        use(location)


@pytest.mark.parametrize("use", [read_documents, lambda value: replace_file(value, b"")])
def test_a_scheme_without_a_provider_is_told_as_that(use: Any) -> None:
    with pytest.raises(InvalidInputError, match="no storage of the scheme nowhere"):
        use("nowhere://bucket/a.jsonl")


def test_what_a_provider_says_of_its_connection_is_not_taken_for_that(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(_: str) -> None:
        raise ValueError("the connection has no account")

    monkeypatch.setattr("airflow_provider_language._compat.ObjectStoragePath", refuse)

    with pytest.raises(ValueError, match="no account"):
        stores.place_of("s3://bucket/a.jsonl")


@pytest.mark.parametrize(
    "text",
    [
        f"{CANARY} is great",
        CANARY,
        f"a/{CANARY}",
        f"{CANARY} a.csv",
        f"{CANARY}-of-a-long-text:// no",
        f"\n/{CANARY}",
    ],
)
def test_a_text_in_the_place_of_a_location_is_refused_and_not_repeated(text: str) -> None:
    for use in (lambda value: given_location(value, "documents"), read_documents):
        with pytest.raises(InvalidInputError, match=f"a text of {len(text)} characters") as raised:
            use(text)
        assert CANARY not in str(raised.value)


@pytest.mark.parametrize(
    ("relative", "absolute"),
    [
        ("reviews.csv", "{}/reviews.csv"),
        ("./a/../b.jsonl.gz", "{}/b.jsonl.gz"),
        ("~/a.txt", "/home/of/a.txt"),
    ],
)
def test_a_relative_file_is_refused_with_its_absolute_form(
    relative: str, absolute: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", "/home/of")

    for given in (relative, PurePosixPath(relative)):
        with pytest.raises(InvalidInputError) as raised:
            given_location(given, "documents")
        assert str(raised.value).endswith(absolute.format(tmp_path))


@pytest.mark.parametrize("odd", ["out/", "None", "out/{{ ds }}.jsonl", "~/rows.jsonl", "rows.jsonl"])
def test_a_relative_output_is_refused_with_the_dag(odd: str) -> None:
    with pytest.raises(InvalidInputError, match=r"output_path is '.*say where it is: /"):
        given_output(odd)


@pytest.mark.parametrize("odd", [None, 7])
def test_what_is_no_location_at_all_is_refused(odd: object) -> None:
    with pytest.raises(InvalidInputError, match="instead of a location"):
        location_of(odd)


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ("/my docs/a%20b.csv", "/my docs/a%20b.csv"),
        ("file:///my%20docs/100%25.csv", "/my docs/100%.csv"),
        ("file:/my%20docs/x", "/my docs/x"),
        ("file://localhost/a", "/a"),
        ("FILE:///a", "/a"),
        ("local:///a", "/a"),
        ("file:///a#b?c", "/a#b?c"),
        ("s3://conn@bucket/my%20docs/a.csv", "s3://conn@bucket/my%20docs/a.csv"),
    ],
)
def test_a_local_url_is_read_as_urls_are(given: str, found: str) -> None:
    assert location_of(given) == found


@pytest.mark.parametrize("name", ["my docs", "100%", "ü#?", "a%20b", "\udcff"])
def test_what_is_written_by_its_url_is_found_by_path_and_url(tmp_path: Path, name: str) -> None:
    path = tmp_path / name / "a.jsonl"

    replace_file(path.as_uri(), b'"one"\n')

    assert path.read_bytes() == b'"one"\n'
    assert [one.text for one in read_documents(path.as_uri())] == ["one"]
    assert [one.text for one in read_documents(str(path))] == ["one"]
    assert ObjectStoragePath(as_told(path.as_uri())).read_text() == '"one"\n'


def test_names_of_a_state_file_are_not_unquoted(tmp_path: Path) -> None:
    folder = tmp_path / "my state"
    file = StateFile(folder.as_uri(), ("..", "a/b"))

    file.write({"at": 1})

    assert file.read() == {"at": 1}
    assert [path.parent.name for path in folder.rglob("*.json")] == ["%2E%2E"]


@pytest.mark.usefixtures("memory_storage")
def test_path_objects_are_taken_like_their_text(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('"one"\n')

    for path in (tmp_path / "a.jsonl", ObjectStoragePath(tmp_path.as_uri()) / "a.jsonl"):
        assert given_location(path, "documents") == str(path)
        assert [one.text for one in read_documents(path)] == ["one"]  # type: ignore[arg-type]
    with_connection = ObjectStoragePath("s3://bucket/a.jsonl", conn_id="of_mine")
    assert given_location(with_connection, "documents") == "s3://of_mine@bucket/a.jsonl"


def test_what_is_still_a_template_is_let_through() -> None:
    for template in ("{{ params.documents }}", "data/{{ ds }}.csv", "{% if x %}/a{% endif %}"):
        assert given_location(template, "documents") == template


@pytest.mark.parametrize("kind", ["device", "folder"])
def test_only_a_file_is_replaced(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "rows.jsonl"
    if kind == "folder":
        path.mkdir()
    else:
        path.symlink_to("/dev/null")

    with pytest.raises(InvalidInputError, match=r"neither a file nor a folder|is a folder"):
        replace_file(str(path), b"")
    assert list(tmp_path.iterdir()) == [path]
