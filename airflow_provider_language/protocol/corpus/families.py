"""The job families as a corpus has them: how what is kept of an item becomes an input of a job."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.protocol.corpus.splitting import Piece
from airflow_provider_language.protocol.inputs.conversations import Conversation, conversations_from
from airflow_provider_language.protocol.inputs.documents import Document
from airflow_provider_language.protocol.inputs.families import Input
from airflow_provider_language.protocol.inputs.native_documents import (
    Location,
    NativeDocument,
    TargetUrl,
    native_documents_from,
)
from airflow_provider_language.protocol.json_values import WireObject, decoded, encoded
from airflow_provider_language.protocol.surfaces import (
    ANALYZE_CONVERSATIONS,
    ANALYZE_DOCUMENTS,
    ANALYZE_TEXT,
    Surface,
)


@dataclass(frozen=True)
class Takes:
    """What a job takes, of its items one by one.

    Args:
        longest: characters of an item.
        check: refuses an input that no job with these tasks takes.
        cut: makes pieces of a text that is longer, by its language; None where it is refused.
    """

    longest: int
    check: Callable[[Input], object]
    cut: Callable[[str, str | None], tuple[Piece, ...]] | None = None


@dataclass(frozen=True)
class Family:
    """A job family, of which all items of a corpus are.

    Args:
        surface: its jobs.
        language: of items that name none, where the run names none either; None for the service's default.
        input_of: makes an input out of its id in a job, the content of its item, and a language.
        sample: a content that any task takes, by which is seen whether tasks can be asked at all.
    """

    surface: Surface
    language: str | None
    input_of: Callable[[str, str, str | None], Input]
    sample: str = field(repr=False)


def conversation_content(conversation: Conversation) -> str:
    """What is kept of a conversation: all but id and language, which an item has beside it."""
    wire = conversation.to_wire()
    return encoded({name: value for name, value in wire.items() if name not in ("id", "language")}).decode()


def _conversation(id_: str, content: str, language: str | None) -> Conversation:
    kept = decoded(content.encode()) or {}
    [conversation] = conversations_from([{**kept, "id": id_, "language": language}])
    return conversation


def native_content(document: NativeDocument) -> str:
    """What is kept of a native document, with its SAS: all but id and language."""
    told = {name: _location(getattr(document, name)) for name in ("source", "target")}
    return encoded(told).decode()


def _location(location: Location) -> WireObject:
    told = location.to_wire()
    if isinstance(location, TargetUrl):
        del told["kind"]  # which the version decides on
    return told


def _native_document(id_: str, content: str, language: str | None) -> NativeDocument:
    kept = decoded(content.encode()) or {}
    [document] = native_documents_from([{**kept, "id": id_, "language": language}])
    return document


_TURN: WireObject = {
    "id": "0",
    "participantId": "agent",
    "role": "agent",
    "text": "a",
    **dict.fromkeys(("lexical", "itn", "maskedItn"), "a"),
    "wordLevelTimings": [{"word": "a", "offset": 0, "duration": 1}],
}
"""What any task takes: a turn of an agent, whose words are timed."""

TEXTS = Family(ANALYZE_TEXT, "auto", Document, "a")
"""The content of a text is the text."""
CONVERSATIONS = Family(
    ANALYZE_CONVERSATIONS,
    None,
    _conversation,
    encoded({"modality": "transcript", "conversationItems": [_TURN]}).decode(),
)


NATIVE_DOCUMENTS = Family(
    ANALYZE_DOCUMENTS,
    "auto",
    _native_document,
    encoded({"source": "https://a.example/b/c", "target": "https://a.example/d"}).decode(),
)

_OF_CONVERSATIONS = frozenset(kind for kinds in ANALYZE_CONVERSATIONS.kinds.values() for kind in kinds)


def family_for(kinds: Iterable[str], *, native: bool = False) -> Family:
    """The family of a corpus, on which the kinds of its tasks decide, as far as they differ.

    Args:
        kinds: of the tasks.
        native: whether the documents are files in blobs, which have the same kinds as texts.

    Raises:
        InvalidInputError: they are of several families.
    """
    told = set(kinds)
    others = told - _OF_CONVERSATIONS
    if told == others:
        return NATIVE_DOCUMENTS if native else TEXTS
    if others or native:
        besides = "native_documents is set" if native else f"{', '.join(sorted(others))} on texts"
        raise InvalidInputError(
            f"{', '.join(sorted(told - others))} are tasks on conversations, and {besides}: give each of the "
            "two a corpus of its own."
        )
    return CONVERSATIONS
