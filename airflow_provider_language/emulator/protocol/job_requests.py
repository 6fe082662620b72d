"""What a client submitted, after its body was read, whichever API it came by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from airflow_provider_language.emulator.protocol import errors
from airflow_provider_language.emulator.protocol.json_bodies import list_of_objects, optional_string

if TYPE_CHECKING:
    from collections.abc import Mapping

    from airflow_provider_language.emulator.engines import Conversation

DEFAULT_LANGUAGE = "en"


@dataclass(frozen=True)
class Document:
    """One text to analyse.

    Attributes:
        id: The client's id.
        text: The text; may be empty, which is then the document's error.
        language: The language code, or ``"auto"``; ``"en"`` where the client named none.
    """

    id: str
    text: str
    language: str


@dataclass(frozen=True)
class Task:
    """One kind of analysis over all documents of the job.

    Attributes:
        kind: The request kind, for example ``"SentimentAnalysis"``.
        name: The client's ``taskName``, if any.
        parameters: As sent, under the Language API's names.
    """

    kind: str
    name: str | None
    parameters: Mapping[str, Any]

    @property
    def is_custom(self) -> bool:
        """Whether the task runs a project that somebody trained."""
        return self.kind.startswith("Custom")


@dataclass(frozen=True)
class Submission:
    """A job as it was submitted.

    Attributes:
        documents: At least one.
        tasks: At least one, in submit order.
        display_name: The client's name for the job, if any.
        default_language: The language of documents whose language cannot be detected.
        cancel_after: Seconds after which the job is cancelled if it is not complete.
        longest_text: Text elements that one document may have; a longer one is an error of its own. None
            where only the sum over all documents has a limit.
        conversations: What is analysed instead of documents.
    """

    documents: tuple[Document, ...]
    tasks: tuple[Task, ...]
    display_name: str | None = None
    default_language: str = DEFAULT_LANGUAGE
    cancel_after: float | None = None
    longest_text: int | None = None
    conversations: tuple[Conversation, ...] = ()

    @property
    def inputs(self) -> int:
        """How many documents or conversations there are."""
        return len(self.documents) + len(self.conversations)


def read_documents(owner: Mapping[str, Any]) -> tuple[Document, ...]:
    """Return the ``documents`` of an input, in order; the limits are not looked at.

    Raises:
        ServiceError: A document has no id or no text, or they are of a wrong type.
    """
    return tuple(_read_document(item) for item in list_of_objects(owner, "documents"))


def read_id(item: Mapping[str, Any]) -> str:
    """Return the id of a document.

    Raises:
        ServiceError: There is none.
    """
    identifier = item.get("id")
    if isinstance(identifier, int) and not isinstance(identifier, bool):
        identifier = str(identifier)  # Clients that send numbers are served, and get strings back.
    if not isinstance(identifier, str) or not identifier:
        raise errors.invalid_document("Document Id is missing or empty. Each document needs a unique Id.")
    return identifier


def _read_document(item: Mapping[str, Any]) -> Document:
    identifier = read_id(item)
    text = optional_string(item, "text")
    if text is None:
        raise errors.invalid_document(f"Document {identifier} has no text.")
    return Document(identifier, text, optional_string(item, "language") or DEFAULT_LANGUAGE)
