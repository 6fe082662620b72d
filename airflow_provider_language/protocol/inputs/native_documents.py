"""Native documents: Word, PDF and text files in blobs, which the service reads and writes itself.

A location may carry a SAS, which is a secret: it goes into the request's body and nowhere else. ``repr``, and
what is told of results, have the location without its query.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import ClassVar, TypeAlias
from urllib.parse import parse_qs, urlsplit

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.protocol.inputs.documents import check_ids, check_language
from airflow_provider_language.protocol.inputs.fields import text_in
from airflow_provider_language.protocol.json_values import JsonObject, JsonValue, WireObject
from airflow_provider_language.protocol.quotations import unsigned
from airflow_provider_language.protocol.wire_names import check_unicode, fields_to_wire

FIRST_WITH_FOLDERS = "2026-05-01"
"""The first version with other locations than blobs (docs/service.md, families)."""


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
        written = [pair.partition("=")[2] for pair in query.split("&") if pair.lower().startswith("sig=")]
        meant = [
            value for name, values in parse_qs(query).items() if name.lower() == "sig" for value in values
        ]
        return (query, *written, *meant)

    def to_wire(self) -> WireObject:
        """The location as the service reads it (docs/service.md, families)."""
        return {"kind": self.kind, **fields_to_wire(self)}


class AzureBlob(Location):
    """One blob; as a target, up to 2025 also a container or a folder in it."""

    kind = "AzureBlob"


class AzureContainer(Location):
    """A whole container (2026-05-01 and later)."""

    kind = "AzureContainer"


class AzureContainerFolder(Location):
    """A folder of a container (2026-05-01 and later)."""

    kind = "AzureContainerFolder"


class TargetUrl(AzureContainerFolder):
    """Where results go, by its URL alone: a folder, or a blob in the versions that know nothing else."""


LOCATION_CLASSES: Mapping[str, type[Location]] = {
    class_.kind: class_ for class_ in (AzureBlob, AzureContainer, AzureContainerFolder)
}


@dataclass(frozen=True, kw_only=True)
class NativeDocument:
    """A file for the service to read, and where it is to write what it makes of it.

    Args:
        id: unique within the job; comes back with the results.
        source: .txt, .pdf or .docx of at most 10 MB (docs/service.md, limits).
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

    def to_wire(self) -> WireObject:
        """The document as the service reads it (docs/service.md, bodies)."""
        wire = {"id": self.id, "source": self.source.to_wire(), "target": self.target.to_wire()}
        return wire if self.language is None else {**wire, "language": self.language}


NativeDocumentLike: TypeAlias = NativeDocument | Mapping[str, object]


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
        row: Mapping[str, object] = {one.name: getattr(value, one.name) for one in fields(value)}
    elif is_native(value):
        row = value
    else:
        raise InvalidInputError(f"Native document {place} has no source and target.")
    return NativeDocument(
        id=text_in(row.get("id"), f"The id of document {place}") or str(place),
        source=_location(row["source"], AzureBlob),
        target=_location(row["target"], TargetUrl),
        language=text_in(row.get("language"), f"The language of document {place}") or language,
    )


_ROW_OF_LOCATION = {
    "kind": "kind",
    "location": "location",
    "managedIdentityClientId": "identity",
    "managed_identity_client_id": "identity",
}


def _location(value: object, usual: type[Location]) -> Location:
    if isinstance(value, str):
        return usual(value)
    class_: type[Location] | None
    if isinstance(value, Location):
        class_, identity = type(value), value.managed_identity_client_id
        location: object = value.location
    else:
        given = value if isinstance(value, Mapping) else {"location": None}
        row = {_ROW_OF_LOCATION.get(name, str(name)): content for name, content in given.items()}
        unknown = set(row) - set(_ROW_OF_LOCATION.values())
        if unknown:
            raise InvalidInputError(f"A location has unknown fields: {', '.join(sorted(unknown))}.")
        kind = text_in(row.get("kind"), "The kind of a location")
        class_ = usual if kind is None else LOCATION_CLASSES.get(kind)
        location, identity = row.get("location"), row.get("identity")
    if class_ is None or not isinstance(location, str):
        raise InvalidInputError(
            f"A location is a URL or {{kind, location}}; the kinds are {', '.join(LOCATION_CLASSES)}."
        )
    return class_(location, managed_identity_client_id=text_in(identity, "The identity of a location"))


def check_native_documents(documents: Sequence[NativeDocument]) -> None:
    """Refuse what the service would refuse whatever the job; no message has a location's query.

    Raises:
        InvalidInputError: no documents, an empty or repeated id, or a location that is no URL.
    """
    check_ids([document.id for document in documents], "document")
    for document in documents:
        check_language(document.language, f"document {document.id!r:.100}")
        for location in (document.source, document.target):
            if not _is_url(location.location):
                raise InvalidInputError(
                    f"A location of document {document.id!r:.100} is no http or https URL."
                )
            check_unicode(location.location, f"A location of document {document.id!r:.100}")


def _is_url(location: str) -> bool:
    try:
        parts = urlsplit(location)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.username is None


def settled(document: NativeDocument, version: str) -> NativeDocument:
    """The document at a version, which decides on what a target is that has no more than a URL."""
    if version >= FIRST_WITH_FOLDERS or not isinstance(document.target, TargetUrl):
        return document
    return replace(document, target=AzureBlob(**vars(document.target)))


def check_locations(documents: Sequence[NativeDocument], version: str) -> None:
    """Refuse kinds of locations that the version does not have (docs/service.md, families).

    Raises:
        InvalidInputError: a container or a folder before 2026-05-01.
    """
    for document in documents:
        for location in (document.source, document.target):
            if version < FIRST_WITH_FOLDERS and not isinstance(location, AzureBlob):
                raise InvalidInputError(
                    f"analyze-documents {version} does not know locations of kind {location.kind}; "
                    f"{FIRST_WITH_FOLDERS} and later have it."
                )


def told(document: JsonObject) -> JsonObject:
    """What the service says of a document, under the specification's names, without a query or a signature.

    A page of the documentation calls ``target`` ``targets`` (docs/service.md, results).
    """
    renamed = {"target" if name == "targets" else name: value for name, value in document.items()}
    return {name: unsigned(_without_query(value)) for name, value in renamed.items()}


def _without_query(value: JsonValue) -> JsonValue:
    if isinstance(value, list):
        return [_bare_location(one) for one in value]
    return _bare_location(value)


def _bare_location(value: JsonValue) -> JsonValue:
    if isinstance(value, dict) and isinstance(location := value.get("location"), str):
        return {**value, "location": bare(location)}
    return value
