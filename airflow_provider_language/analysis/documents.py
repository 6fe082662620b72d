"""Documents: what goes in, and what can be said against it before anything is sent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from airflow_provider_language.exceptions import InvalidInputError


@dataclass(frozen=True)
class Document:
    """One text with an id that is unique within its job.

    Args:
        id: comes back with the results.
        text: kept out of ``repr``, so that it stays out of logs and rendered fields.
        language: an ISO 639-1 code, ``"auto"`` (api-version 2022-07-01-preview and later), or None for
            the service's default, English.
    """

    id: str
    text: str = field(repr=False)
    language: str | None = None

    @property
    def characters(self) -> int:
        """Its size in code points: never fewer than the text elements that the service counts."""
        return len(self.text)

    @property
    def is_blank(self) -> bool:
        """Whether there is nothing in it to analyze."""
        return not self.text.strip()

    def to_wire(self) -> dict[str, str]:
        """The document as the service reads it (API.md section 1.1)."""
        wire = {"id": self.id, "text": self.text}
        return wire if self.language is None else {**wire, "language": self.language}


DocumentLike: TypeAlias = Document | str | Mapping[str, Any]


def documents_from(values: Iterable[DocumentLike], language: str | None = None) -> tuple[Document, ...]:
    """Make documents of texts, rows or documents.

    Args:
        values: a text gets its position (from 0) as its id; a row needs ``text`` and may have ``id`` and
            ``language``, and its other fields are ignored.
        language: for those that name none themselves.

    Raises:
        InvalidInputError: a row has no text, or something that is not a string for one; or there is a single
            text or row where a list of them is expected.
    """
    if isinstance(values, (str, Mapping)):
        # Each character of a text, or each field's name, would become a document, and be billed.
        raise InvalidInputError(f"The documents are a single {type(values).__name__}, not a list of them.")
    return tuple(_document(position, value, language) for position, value in enumerate(values))


def _document(position: int, value: DocumentLike, language: str | None) -> Document:
    if isinstance(value, Document):
        return value if value.language or not language else Document(value.id, value.text, language)
    if isinstance(value, str):
        return Document(str(position), value, language)
    if not isinstance(value, Mapping):
        raise InvalidInputError(f"Document {position} is a {type(value).__name__}, not a text or a row.")
    text = value.get("text")
    if not isinstance(text, str):
        raise InvalidInputError(f"Document {position} has no text: its fields are {sorted(map(str, value))}.")
    id_ = value.get("id")
    return Document(
        str(position) if id_ is None else str(id_),
        text,
        str(value["language"]) if value.get("language") else language,
    )


def check_documents(documents: Iterable[Document]) -> None:
    """Refuse what the service would refuse whatever the job (recordings duplicate_ids, empty_document).

    A job in which only some texts are empty is accepted by the service, which then reports each of them
    as a document error; so it is accepted here too.

    Raises:
        InvalidInputError: no documents, an empty or repeated id, only empty texts, or a text that is not
            valid Unicode.
    """
    documents = tuple(documents)
    check_ids([document.id for document in documents], "document")
    for document in documents:
        check_unicode(document.text, f"The text of document {document.id!r}")
    if all(document.is_blank for document in documents):
        raise InvalidInputError("Every document's text is empty.")


def check_ids(ids: Sequence[str], what: str) -> None:
    """Refuse ids that the service would refuse (recording duplicate_ids), and none at all.

    Raises:
        InvalidInputError: no ids, an empty or repeated one, or one that is not valid Unicode.
    """
    if not ids:
        raise InvalidInputError(f"There are no {what}s to analyze.")
    if any(not id_.strip() for id_ in ids):
        raise InvalidInputError(f"A {what} has an empty id.")
    repeated = [id_ for id_, times in Counter(ids).items() if times > 1]
    if repeated:
        raise InvalidInputError(f"{len(repeated)} {what} ids are not unique, among them {repeated[0]!r}.")
    for id_ in ids:
        check_unicode(id_, f"The id {id_!r}")


def check_unicode(value: str, name: str) -> None:
    """Refuse half a surrogate pair, which no UTF-8 request can carry; tell the place, not the text."""
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise InvalidInputError(f"{name} is not valid Unicode at character {error.start}.") from None
