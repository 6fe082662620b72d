"""Blobs in a folder on disk, and what the emulator does not reach over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from airflow_provider_language.emulator.blobs import stores
from airflow_provider_language.emulator.blobs.places import parse_place
from airflow_provider_language.emulator.blobs.stores import BlobError, FolderBlobs, Storage

if TYPE_CHECKING:
    from pathlib import Path

    import requests_mock

CLOUD = "https://acme.blob.core.windows.net"
AZURITE = "http://127.0.0.1:10000/devstoreaccount1"


@pytest.fixture
def container(tmp_path: Path) -> Path:
    """The container ``in`` of the account ``acme``."""
    folder = tmp_path / "acme" / "in"
    folder.mkdir(parents=True)
    return folder


def test_a_blob_is_the_file_of_its_account_container_and_path(tmp_path: Path, container: Path) -> None:
    store = FolderBlobs(tmp_path)
    place = parse_place(f"{CLOUD}/in/a/letter.txt?sig=anything")
    store.write(place, b"hello", "text/plain")
    assert (container / "a" / "letter.txt").read_bytes() == b"hello"
    assert store.read(place) == b"hello"


def test_names_are_relative_and_ordered(tmp_path: Path, container: Path) -> None:
    for name in ("b/2.txt", "b/1.txt", "a.txt"):
        (container / name).parent.mkdir(exist_ok=True)
        (container / name).write_text(name, encoding="utf-8")
    store = FolderBlobs(tmp_path)
    assert store.names(parse_place(f"{CLOUD}/in")) == ["a.txt", "b/1.txt", "b/2.txt"]
    assert store.names(parse_place(f"{CLOUD}/in/b")) == ["1.txt", "2.txt"]


def test_what_is_not_there_is_an_error(tmp_path: Path, container: Path) -> None:
    store = FolderBlobs(tmp_path)
    with pytest.raises(BlobError, match="cannot be read"):
        store.read(parse_place(f"{CLOUD}/in/none.txt"))
    with pytest.raises(BlobError, match="There is no container https://acme"):
        store.write(parse_place(f"{CLOUD}/out/a.txt"), b"", "text/plain")
    with pytest.raises(BlobError, match="no container or folder"):
        store.names(parse_place(f"{CLOUD}/out"))
    assert not (tmp_path / "acme" / "out").exists()


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    root, elsewhere = tmp_path / "root", tmp_path / "elsewhere"
    (root / "acme").mkdir(parents=True)
    elsewhere.mkdir()
    (elsewhere / "secret.txt").write_text("secret", encoding="utf-8")
    (root / "acme" / "in").symlink_to(elsewhere)
    store = FolderBlobs(root)
    with pytest.raises(BlobError, match="leads out"):
        store.read(parse_place(f"{CLOUD}/in/secret.txt"))
    with pytest.raises(BlobError, match="leads out"):
        store.write(parse_place(f"{CLOUD}/in/new.txt"), b"", "text/plain")
    with pytest.raises(BlobError, match="leads out"):
        store.names(parse_place(f"{CLOUD}/in"))


def test_a_large_blob_is_not_read(
    tmp_path: Path, container: Path, monkeypatch: pytest.MonkeyPatch, requests_mock: requests_mock.Mocker
) -> None:
    monkeypatch.setattr(stores, "MAX_BLOB_BYTES", 4)
    (container / "large.txt").write_bytes(b"12345")
    requests_mock.get(f"{AZURITE}/in/large.txt", content=b"12345")
    storage = Storage.of(tmp_path, [AZURITE])
    for location in (f"{CLOUD}/in/large.txt", f"{AZURITE}/in/large.txt"):
        place = parse_place(location)
        with pytest.raises(BlobError, match="larger than 4 bytes"):
            storage.of_place(place).read(place)


@pytest.mark.parametrize(
    "location",
    [
        "https://acme.blob.core.windows.net/in/a.txt",
        "http://127.0.0.1:10001/devstoreaccount1/in/a.txt",
        "http://127.0.0.1:10000/another/in/a.txt",
        "http://169.254.169.254/metadata/instance/x",
    ],
)
def test_no_host_is_reached_but_the_named_one(location: str) -> None:
    storage = Storage.of(None, [AZURITE])
    with pytest.raises(BlobError, match="This emulator has no storage for"):
        storage.of_place(parse_place(location))


def test_a_redirect_is_not_followed(requests_mock: requests_mock.Mocker) -> None:
    requests_mock.get(f"{AZURITE}/in/a.txt", status_code=302, headers={"Location": "http://elsewhere/"})
    place = parse_place(f"{AZURITE}/in/a.txt")
    with pytest.raises(BlobError, match="status 302"):
        Storage.of(None, [AZURITE]).of_place(place).read(place)
    assert requests_mock.call_count == 1


def test_an_error_tells_no_signature(requests_mock: requests_mock.Mocker) -> None:
    requests_mock.get(f"{AZURITE}/in/a.txt", status_code=403)
    place = parse_place(f"{AZURITE}/in/a.txt?sig=secret")
    with pytest.raises(BlobError, match="status 403") as refused:
        Storage.of(None, [AZURITE]).of_place(place).read(place)
    assert "secret" not in str(refused.value)


def test_a_long_listing_is_read_to_its_end(requests_mock: requests_mock.Mocker) -> None:
    def listing(name: str, marker: str) -> str:
        blob = f"<Blobs><Blob><Name>a/{name}</Name></Blob></Blobs>"
        return f"<EnumerationResults>{blob}<NextMarker>{marker}</NextMarker></EnumerationResults>"

    url = f"{AZURITE}/in"
    answers = [{"text": listing("2.txt", "more")}, {"text": listing("1.txt", "")}]
    requests_mock.get(url, answers)
    place = parse_place(f"{url}/a?sig=secret")
    assert Storage.of(None, [f"{AZURITE}/"]).of_place(place).names(place) == ["1.txt", "2.txt"]
    queries = [request.qs for request in requests_mock.request_history]
    assert [query.get("marker") for query in queries] == [None, ["more"]]
    assert all(query["prefix"] == ["a/"] and query["sig"] == ["secret"] for query in queries)
