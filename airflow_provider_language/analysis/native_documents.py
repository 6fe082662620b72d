"""Native documents: Word, PDF and text files in blobs, which the service reads and writes itself.

A location may carry a SAS, which is a secret: it goes into the request's body and nowhere else. ``repr``, and
what is told of results, have the location without its query.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, TypeAlias
from urllib.parse import parse_qs, urlsplit

from airflow_provider_language.analysis.documents import check_ids
from airflow_provider_language.analysis.wire_names import to_wire
from airflow_provider_language.exceptions import InvalidInputError


def bare(location: str) -> str:
    """A location without its query, which may be a SAS, and without a user."""
    path = location.partition("?")[0].partition("#")[0]
    scheme, separator, rest = path.partition("://")
    host, slash, tail = rest.partition("/")
    return f"{scheme}{separator}{host.rpartition('@')[2]}{slash}{tail}"


@dataclass(frozen=True, repr=False)
class Location:
    """Where a document is, or where results go.

    Args:
        location: an http or https URL, with a SAS or without.
        managed_identity_client_id: the identity that the service reads or writes with, where there is no SAS.
    """

    location: str
    managed_identity_client_id: str | None = field(default=None, kw_only=True)

    kind: ClassVar[str]

    def __repr__(self) -> str:
        return f"{type(self).__name__}({bare(self.location)!r})"

    @property
    def secrets(self) -> tuple[str, ...]:
        """What nobody may read in a log: the query, and its signature as it is written and as it is meant."""
        query = self.location.partition("?")[2]
        if not query:
            return ()
        written = [pair.partition("=")[2] for pair in query.split("&") if pair.startswith("sig=")]
        return (query, *written, *parse_qs(query).get("sig", ()))

    def to_wire(self) -> dict[str, Any]:
        """The location as the service reads it (API.md section 2.4)."""
        return {"kind": self.kind, **to_wire(self)}


class AzureBlob(Location):
    """One blob; as a target, up to 2025 also a container or a folder in it."""

    kind = "AzureBlob"


class AzureContainer(Location):
    """A whole container (2026-05-01 and later)."""

    kind = "AzureContainer"


class AzureContainerFolder(Location):
    """A folder of a container (2026-05-01 and later)."""

    kind = "AzureContainerFolder"


LOCATION_CLASSES: Mapping[str, type[Location]] = {
    class_.kind: class_ for class_ in (AzureBlob, AzureContainer, AzureContainerFolder)
}


@dataclass(frozen=True, kw_only=True)
class NativeDocument:
    """A file for the service to read, and where it is to write what it makes of it.

    Args:
        id: unique within the job; comes back with the results.
        source: .txt, .pdf or .docx of at most 10 MB (API.md section 5).
        target: the service writes below ``<target>/<job id>/<kind>...``.
        language: an ISO 639-1 code, ``auto``, or None for the service's default, English.
    """

    id: str
    source: Location
    target: Location
    language: str | None = None

    characters: ClassVar[int] = 0
    """Unknown here, and not limited."""
    is_blank: ClassVar[bool] = False

    @property
    def secrets(self) -> tuple[str, ...]:
        """The SAS of both locations."""
        return (*self.source.secrets, *self.target.secrets)

    @property
    def unsigned(self) -> NativeDocument:
        """The same document by the same locations, without the SAS of either."""
        source, target = (replace(one, location=bare(one.location)) for one in (self.source, self.target))
        return replace(self, source=source, target=target)

    def to_wire(self) -> dict[str, Any]:
        """The document as the service reads it (API.md section 1.1)."""
        wire = {"id": self.id, "source": self.source.to_wire(), "target": self.target.to_wire()}
        return wire if self.language is None else {**wire, "language": self.language}


NativeDocumentLike: TypeAlias = NativeDocument | Mapping[str, Any]


def is_native(value: object) -> bool:
    """Whether a value is a native document, or a row of one: it has a source and a target, and no text."""
    if isinstance(value, Mapping):
        return "source" in value and "target" in value and "text" not in value
    return isinstance(value, NativeDocument)


def native_documents_from(
    values: Iterable[NativeDocumentLike], language: str | None = None
) -> tuple[NativeDocument, ...]:
    """Make native documents of native documents, or of rows in the service's own words.

    Args:
        values: a row has ``source`` and ``target``, each a URL (of a blob, and of a folder) or
            ``{"kind": ..., "location": ...}``, and may have ``id`` and ``language``. Without an id, a
            document has its position (from 0).
        language: for those that name none themselves.

    Raises:
        InvalidInputError: a row has no source or target, or one that is no location.
    """
    return tuple(_document(place, value, language) for place, value in enumerate(values))


def _document(place: int, value: NativeDocumentLike, language: str | None) -> NativeDocument:
    if isinstance(value, NativeDocument):
        return replace(value, language=value.language or language)
    if not isinstance(value, Mapping) or not is_native(value):
        raise InvalidInputError(f"Native document {place} has no source and target.")
    id_ = value.get("id")
    return NativeDocument(
        id=str(place) if id_ is None else str(id_),
        source=_location(value["source"], AzureBlob),
        target=_location(value["target"], AzureContainerFolder),
        language=value.get("language") or language,
    )


def _location(value: object, usual: type[Location]) -> Location:
    if isinstance(value, Location):
        return value
    if isinstance(value, str):
        return usual(value)
    row = value if isinstance(value, Mapping) else {}
    class_ = LOCATION_CLASSES.get(str(row.get("kind", usual.kind)))
    location, identity = row.get("location"), row.get("managedIdentityClientId")
    if class_ is None or not isinstance(location, str):
        raise InvalidInputError(
            f"A location is a URL or {{kind, location}}; the kinds are {', '.join(LOCATION_CLASSES)}."
        )
    return class_(location, managed_identity_client_id=identity)


def check_native_documents(documents: Sequence[NativeDocument]) -> None:
    """Refuse what the service would refuse whatever the job; no message has a location's query.

    Raises:
        InvalidInputError: no documents, an empty or repeated id, or a location that is no URL.
    """
    check_ids([document.id for document in documents], "document")
    for document in documents:
        for location in (document.source, document.target):
            if not _is_url(location.location):
                raise InvalidInputError(f"A location of document {document.id!r} is no http or https URL.")


def _is_url(location: str) -> bool:
    try:
        parts = urlsplit(location)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.username is None


def check_locations(documents: Sequence[NativeDocument], version: str) -> None:
    """Refuse kinds of locations that the version does not have (API.md section 2.4).

    Raises:
        InvalidInputError: a container or a folder before 2026-05-01.
    """
    for document in documents:
        for location in (document.source, document.target):
            if version < "2026-05-01" and not isinstance(location, AzureBlob):
                raise InvalidInputError(
                    f"analyze-documents {version} does not know locations of kind {location.kind}; "
                    "2026-05-01 and later have it."
                )


def told(document: Mapping[str, Any]) -> dict[str, Any]:
    """What the service says of a document, under the specification's names and without any query.

    A page of the documentation calls ``target`` ``targets`` (API.md section 4.1).
    """
    renamed = {"target" if name == "targets" else name: value for name, value in document.items()}
    return {name: _without_query(value) for name, value in renamed.items()}


def _without_query(value: Any) -> Any:
    if isinstance(value, list):
        return [_without_query(one) for one in value]
    if isinstance(value, Mapping) and isinstance(value.get("location"), str):
        return {**value, "location": bare(value["location"])}
    return value
