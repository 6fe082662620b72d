"""Blobs that native documents are read from and written to: a folder on disk, or storage over HTTP.

Nothing else is touched: without a folder and without an endpoint that was named when the emulator was
started, no location can be read.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from urllib.parse import quote
from xml.etree import ElementTree as ET

import requests

from airflow_provider_language.emulator.blobs.places import Place, parse_place

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MAX_BLOB_BYTES = 10 * 1024 * 1024
"""Bytes of one document (page "Native document support": 10 MB)."""

_TIMEOUT = 30.0
_CHUNK = 64 * 1024
# The blob operations used here are in every version since.
_STORAGE_VERSION = "2020-10-02"


class BlobError(Exception):
    """A blob cannot be read or written; the message is fit for a client and has no signature."""


class Blobs(Protocol):
    """Storage of some accounts."""

    def holds(self, place: Place) -> bool:
        """Whether a place is in this storage."""

    def read(self, place: Place) -> bytes:
        """Return a blob.

        Raises:
            BlobError: There is none, it is larger than `MAX_BLOB_BYTES`, or it may not be read.
        """

    def write(self, place: Place, content: bytes, content_type: str) -> None:
        """Write a blob, whether there is one of its name or not.

        Raises:
            BlobError: The container is missing, or may not be written to.
        """

    def names(self, place: Place) -> list[str]:
        """Return the paths of the blobs below a place, relative to it, in alphabetical order.

        Raises:
            BlobError: The container is missing, or may not be listed.
        """


@dataclass(frozen=True)
class FolderBlobs:
    """Blobs of any account of the cloud, as files: ``FOLDER/ACCOUNT/CONTAINER/PATH``.

    Signatures are not looked at. As in a storage account, a container must be there before it is written to.

    Attributes:
        folder: Where the accounts are.
    """

    folder: Path

    def holds(self, place: Place) -> bool:
        """Whether a place is in this storage."""
        return ".blob." in place.root

    def read(self, place: Place) -> bytes:
        """Return a blob; see `Blobs`."""
        path = self._path(place)
        try:
            if path.stat().st_size > MAX_BLOB_BYTES:
                raise _too_large(place)
            return path.read_bytes()
        except OSError as error:
            raise BlobError(f"The blob {place.url} cannot be read: {error.strerror}.") from error

    def write(self, place: Place, content: bytes, content_type: str) -> None:  # noqa: ARG002 - files have none
        """Write a blob; see `Blobs`."""
        path = self._path(place)
        if not (self.folder / place.account / place.container).is_dir():
            raise BlobError(f"There is no container {place.root}/{place.container}.")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        except OSError as error:
            raise BlobError(f"The blob {place.url} cannot be written: {error.strerror}.") from error

    def names(self, place: Place) -> list[str]:
        """Return the paths of the blobs below a place; see `Blobs`."""
        path = self._path(place)
        if not path.is_dir():
            raise BlobError(f"There is no container or folder {place.url}.")
        return sorted(
            found.relative_to(path).as_posix()
            for found in path.rglob("*")
            if found.is_file() and not found.is_symlink()
        )

    def _path(self, place: Place) -> Path:
        # Steps are checked already; this is for links that somebody has put into the folder.
        path = self.folder.joinpath(place.account, place.container, *filter(None, place.path.split("/")))
        if not path.resolve().is_relative_to(self.folder.resolve()):
            raise BlobError(f"The location {place.url} leads out of the folder.")
        return path


@dataclass(frozen=True)
class HttpBlobs:
    """Blobs behind the Blob service's REST API, opened with the signatures of their locations.

    Redirects are not followed, so that no other host is reached than the one that was named.

    Attributes:
        root: Where the account's containers are, for example ``"http://127.0.0.1:10000/devstoreaccount1"``.
    """

    root: str

    def holds(self, place: Place) -> bool:
        """Whether a place is in this storage."""
        return place.root == self.root

    def read(self, place: Place) -> bytes:
        """Return a blob; see `Blobs`."""
        with self._send("GET", place.signed_url, place) as response:
            content = bytearray()
            for chunk in response.iter_content(_CHUNK):
                content += chunk
                if len(content) > MAX_BLOB_BYTES:
                    raise _too_large(place)
            return bytes(content)

    def write(self, place: Place, content: bytes, content_type: str) -> None:
        """Write a blob; see `Blobs`."""
        headers = {"x-ms-blob-type": "BlockBlob", "Content-Type": content_type}
        self._send("PUT", place.signed_url, place, headers, content).close()

    def names(self, place: Place) -> list[str]:
        """Return the paths of the blobs below a place; see `Blobs`."""
        prefix = f"{place.path}/" if place.path else ""
        return sorted(name.removeprefix(prefix) for name in self._listed(place, prefix))

    def _listed(self, place: Place, prefix: str) -> Iterator[str]:
        marker: str | None = ""
        while marker is not None:
            query = f"restype=container&comp=list&prefix={quote(prefix, safe='')}"
            query += f"&marker={quote(marker, safe='')}" if marker else ""
            query += f"&{place.signature}" if place.signature else ""
            with self._send("GET", f"{place.root}/{place.container}?{query}", place) as response:
                listing = ET.fromstring(response.content)  # noqa: S314 - of the named endpoint alone
            yield from (name.text or "" for name in listing.iterfind("./Blobs/Blob/Name"))
            marker = listing.findtext("NextMarker") or None

    def _send(
        self,
        method: str,
        url: str,
        place: Place,
        headers: dict[str, str] | None = None,
        content: bytes | None = None,
    ) -> requests.Response:
        sent = {"x-ms-version": _STORAGE_VERSION, **(headers or {})}
        try:
            response = requests.request(
                method, url, headers=sent, data=content, timeout=_TIMEOUT, allow_redirects=False, stream=True
            )
        except requests.RequestException as error:
            # Not the error's own words: they hold the URL, and with it the signature.
            raise BlobError(f"{place.url} cannot be reached: {type(error).__name__}.") from None
        if not response.ok or response.is_redirect:
            response.close()
            raise BlobError(f"{method} {place.url} was answered with status {response.status_code}.")
        return response


@dataclass(frozen=True)
class Storage:
    """All the storage that an emulator may use.

    Attributes:
        stores: Each is asked in turn whether a place is in it.
    """

    stores: tuple[Blobs, ...] = ()

    @classmethod
    def of(cls, folder: Path | None, endpoints: Sequence[str]) -> Storage:
        """Return storage on disk and behind endpoints.

        Args:
            folder: Holds accounts of the cloud as folders; None for none.
            endpoints: The only ones that are reached over HTTP, each with its account where that is a step
                of the path.

        Raises:
            PlaceError: An endpoint is no URL.
        """
        over_http = tuple(HttpBlobs(parse_place(f"{endpoint.rstrip('/')}/c").root) for endpoint in endpoints)
        return cls((*over_http, *(() if folder is None else (FolderBlobs(folder),))))

    def of_place(self, place: Place) -> Blobs:
        """Return the storage that a place is in.

        Raises:
            BlobError: The emulator may use none that holds it.
        """
        for store in self.stores:
            if store.holds(place):
                return store
        raise BlobError(
            f"This emulator has no storage for {place.root}: start it with --blobs FOLDER for accounts of "
            "the cloud on disk, or with --blob-endpoint URL."
        )


def _too_large(place: Place) -> BlobError:
    return BlobError(f"The document {place.url} is larger than {MAX_BLOB_BYTES} bytes.")
