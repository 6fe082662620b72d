"""The job families as a corpus has them: how what is kept of an item becomes an input of a job."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.protocol.inputs.conversations import Conversation, conversations_from
from airflow_provider_language.protocol.inputs.documents import Document
from airflow_provider_language.protocol.inputs.families import Input
from airflow_provider_language.protocol.json_values import WireObject, decoded, encoded
from airflow_provider_language.protocol.surfaces import ANALYZE_CONVERSATIONS, ANALYZE_TEXT, Surface


@dataclass(frozen=True)
class Takes:
    """What a job takes, of its items one by one.

    Args:
        longest: characters of an item.
        check: refuses an input that no job with these tasks takes.
    """

    longest: int
    check: Callable[[Input], object]


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


_OF_CONVERSATIONS = frozenset(kind for kinds in ANALYZE_CONVERSATIONS.kinds.values() for kind in kinds)


def family_for(kinds: Iterable[str]) -> Family:
    """The family of a corpus, on which the kinds of its tasks decide.

    Raises:
        InvalidInputError: they are of several families.
    """
    told = set(kinds)
    others = told - _OF_CONVERSATIONS
    if told and not others:
        return CONVERSATIONS
    if told > others:
        raise InvalidInputError(
            f"{', '.join(sorted(told - others))} are tasks on conversations, and {', '.join(sorted(others))} "
            "on texts: give each of the two a corpus of its own."
        )
    return TEXTS
