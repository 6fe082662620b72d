"""Documents: what goes in, and what can be said against it before anything is sent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import TypeAlias

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.protocol.inputs.fields import content_in, is_missing, text_in
from airflow_provider_language.protocol.wire_names import check_unicode, check_word, is_plain


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
        """The document as the service reads it (docs/service.md, bodies)."""
        wire = {"id": self.id, "text": self.text}
        return wire if self.language is None else {**wire, "language": self.language}


DocumentLike: TypeAlias = Document | str | Mapping[str, object]


def documents_from(values: Iterable[DocumentLike], language: str | None = None) -> tuple[Document, ...]:
    """Make documents of texts, rows or documents.

    Args:
        values: a text gets its position (from 0) as its id; a row needs ``text`` and may have ``id`` and
            ``language``, and its other fields are ignored. A number stands for the text that it was made of,
            and an id or a language that means nothing (``None``, NaN, ``"null"``) for none.
        language: for those that name none themselves.

    Raises:
        InvalidInputError: a row has no text, or something that is not a string for one; or there is a single
            text or row, or a set, where a list of them is expected.
    """
    check_list(values, "documents")
    return tuple(document_from(position, value, language) for position, value in enumerate(values))


def check_list(values: object, what: str) -> None:
    """Refuse what is no list of inputs, of which each member would become one, and be billed.

    Raises:
        InvalidInputError: a single text or row; or a set, whose members have another place, and so another
            id, in each process.
    """
    if isinstance(values, (str, bytes, bytearray, Mapping)):
        raise InvalidInputError(f"The {what} are a single {type(values).__name__}, not a list of them.")
    if isinstance(values, Set):
        raise InvalidInputError(f"The {what} are a {type(values).__name__}, which has no order; give a list.")
    if not isinstance(values, Iterable):
        raise InvalidInputError(f"The {what} are a {type(values).__name__}, not a list of them.")


def document_from(position: int, value: DocumentLike, language: str | None = None) -> Document:
    """Make one document, as :func:`documents_from` does.

    Args:
        position: how many come before it.
        value: a text, a row or a document.
        language: if it names none itself.

    Raises:
        InvalidInputError: as of :func:`documents_from`.
    """
    name = f"Document {position}"
    id_: object = None
    text: object = value
    own: object = None
    if isinstance(value, Document):
        id_, text, own = value.id, value.text, value.language
    elif isinstance(value, (dict, Mapping)):  # of an abstract class alone it is asked slowly
        id_, text, own = value.get("id"), value.get("text"), value.get("language")
        if type(text) is not str and is_missing(text):
            # Fields are counted and not named: the first row of a table without a header is a text.
            raise InvalidInputError(f"{name} has no text among its {len(value)} fields.")
    elif not isinstance(value, (str, int, float)):
        raise InvalidInputError(f"{name} is a {type(value).__name__}, not a text or a row.")
    # Nothing is asked of what is not there, which a language mostly is not: there may be millions of rows.
    said = None if id_ is None else text_in(id_, f"The id of document {position}")
    spoken = None if own is None else text_in(own, f"The language of document {position}")
    made = Document(said or str(position), content_in(text, name), spoken or language)
    # A million of them need not be there twice.
    return value if isinstance(value, Document) and made == value else made


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
    checked: object = None
    for document in documents:
        if not isinstance(document.text, str):
            raise InvalidInputError(
                f"The text of document {document.id!r:.100} is a {type(document.text).__name__}."
            )
        if not document.text.isascii():
            check_unicode(document.text, f"The text of document {document.id!r:.100}")
        if document.language != checked:
            check_language(document.language, f"document {document.id!r:.100}")
            checked = document.language
    if all(document.is_blank for document in documents):
        raise InvalidInputError("Every document's text is empty.")


def check_ids(ids: Sequence[str], what: str) -> None:
    """Refuse ids that the service would refuse (recording duplicate_ids), and none at all.

    Raises:
        InvalidInputError: no ids, an empty or repeated one, or one that is no text, or that no XCom can hold.
    """
    if not ids:
        raise InvalidInputError(f"There are no {what}s to analyze.")
    for place, id_ in enumerate(ids):
        if not isinstance(id_, str):
            raise InvalidInputError(f"The id of {what} {place} is a {type(id_).__name__}, not a text.")
        if not id_.strip():
            raise InvalidInputError(f"A {what} has an empty id.")
        if not is_plain(id_):
            check_word(id_, f"The id {id_!r:.100}")
    repeated = [id_ for id_, times in Counter(ids).items() if times > 1]
    if repeated:
        raise InvalidInputError(
            f"{len(repeated)} {what} ids are not unique, among them {repeated[0]!r:.100}."
        )


def check_language(language: object, name: str) -> None:
    """Refuse a language that is no word.

    Raises:
        InvalidInputError: it is something else than a text, or one that no XCom can hold.
    """
    if language is None:
        return
    if not isinstance(language, str):
        raise InvalidInputError(f"The language of {name} is a {type(language).__name__}, not a text.")
    check_word(language, f"The language of {name}")
