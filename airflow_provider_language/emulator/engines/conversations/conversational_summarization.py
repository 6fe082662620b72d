"""Summaries of conversations, approximated: sentences that were said stand for a model's own words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from airflow_provider_language.emulator.engines import parameter_values as wire
from airflow_provider_language.emulator.engines.words import lexrank
from airflow_provider_language.emulator.engines.words.text import Sentence, require, sentences

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from airflow_provider_language.emulator.engines.contract import Conversation, ConversationItem

_FORMS = ("text", "itn", "maskedItn", "lexical")
_LENGTHS = {"short": 1, "medium": 2, "long": 4}
_MAX_COUNT = 20
_TITLE_WORDS = 8
# Aspect -> sentences unless the task says how many.
_COUNTS = {
    "issue": 1,
    "resolution": 1,
    "chapterTitle": 1,
    "narrative": 3,
    "recap": 2,
    "follow-up tasks": 3,
}
_CUSTOMER, _AGENT = "customer", "agent"
_SPEAKERS = {"issue": _CUSTOMER, "resolution": _AGENT}
_INTENTION = re.compile(
    r"\b(?:I'll|we'll|you'll|will|shall|going to|let me|need to|needs to|should|must|please|"
    r"follow up|action item|to-?do)\b",
    re.IGNORECASE,
)
_WARNING = {
    "code": "EmulatorApproximation",
    "message": "The emulator has no language model: summaries are made of sentences of the conversation.",
}


@dataclass(frozen=True)
class _Said:
    """A sentence and where it was said."""

    place: int
    form: str
    sentence: Sentence
    score: float


def analyze(
    conversation: Conversation,
    parameters: Mapping[str, Any],
    categories: Mapping[str, str],  # noqa: ARG001 - of personal data, which this kind does not look for
) -> dict[str, Any]:
    """Return a summary of each aspect that was asked, made of the most central sentences.

    An issue is what the customer said, a resolution what the agent said, follow-up tasks are sentences that
    announce or ask for something; a chapter's title is the beginning of the most central sentence. An aspect
    that nothing was said of has no summary. CustomConversationalSummarizationTask, behind which there is no
    model either, gets the same sentences.

    Args:
        conversation: In one of `lexrank.LANGUAGES`.
        parameters: ``summaryAspects``; ``summaryLength`` (``short``, ``medium`` or ``long``), or else
            ``sentenceCount`` (1 to 20).
        categories: Not read.

    Returns:
        ``summaries`` and ``warnings``.

    Raises:
        UnsupportedLanguage: The language is another one.
        MissingEngine: A library is not installed.
    """
    language = require(conversation.language, lexrank.LANGUAGES)
    said = _ranked(conversation, language)
    aspects = [str(aspect) for aspect in wire.items(parameters, "summaryAspects")]
    found = [_summary(aspect, said, conversation, parameters) for aspect in dict.fromkeys(aspects)]
    return {"summaries": [summary for summary in found if summary], "warnings": [dict(_WARNING)]}


def _ranked(conversation: Conversation, language: str) -> list[_Said]:
    """Return all sentences, the most central first."""
    begun: list[tuple[int, int, str]] = []
    parts: list[Sentence] = []
    position = 0
    for place, item in enumerate(conversation.items):
        form = next((form for form in _FORMS if item.contents.get(form, "").strip()), None)
        if form is None:
            continue
        text = item.contents[form]
        begun.append((position, place, form))
        parts += (
            Sentence(position + part.offset, part.text) for part in sentences(text, language) if part.text
        )
        position += len(text) + 1
    return [_said(ranked, begun) for ranked in lexrank.rank_parts(parts, language)]


def _said(ranked: lexrank.Ranked, begun: Sequence[tuple[int, int, str]]) -> _Said:
    start, place, form = max(entry for entry in begun if entry[0] <= ranked.sentence.offset)
    return _Said(place, form, Sentence(ranked.sentence.offset - start, ranked.sentence.text), ranked.score)


def _summary(
    aspect: str, said: Sequence[_Said], conversation: Conversation, parameters: Mapping[str, Any]
) -> dict[str, Any] | None:
    candidates = [each for each in said if _fits(aspect, each, conversation)]
    length = str(parameters.get("summaryLength", "")).lower()
    default = _COUNTS.get(aspect, 1)
    count = _LENGTHS.get(length) or wire.count(parameters, "sentenceCount", default, _MAX_COUNT)
    best = candidates[: 1 if aspect == "chapterTitle" else count]
    if not best:
        return None
    best.sort(key=lambda each: (each.place, each.sentence.offset))
    texts = [" ".join(each.sentence.text.split()) for each in best]
    text = _title(texts[0]) if aspect == "chapterTitle" else " ".join(texts)
    return {"aspect": aspect, "text": text, "contexts": [_context(each, conversation) for each in best]}


def _fits(aspect: str, said: _Said, conversation: Conversation) -> bool:
    if aspect == "follow-up tasks":
        return _INTENTION.search(said.sentence.text.replace("\u2019", "'")) is not None
    speaker = _SPEAKERS.get(aspect)
    # Where nobody is known to be the customer or the agent, everybody may be.
    if speaker is None or speaker not in {_role(item) for item in conversation.items}:
        return True
    return _role(conversation.items[said.place]) == speaker


def _role(item: ConversationItem) -> str | None:
    """Return who spoke: by the role, or else by a participant's id such as ``Agent_1``."""
    if item.role in (_CUSTOMER, _AGENT):
        return item.role
    name = item.participant.lower()
    return next((role for role in (_CUSTOMER, _AGENT) if name.startswith(role)), None)


def _title(text: str) -> str:
    return " ".join(text.split()[:_TITLE_WORDS]).rstrip(".,;:!?")


def _context(said: _Said, conversation: Conversation) -> dict[str, Any]:
    return {
        "conversationItemId": conversation.items[said.place].id,
        "item": said.place,
        "form": said.form,
        "offset": said.sentence.offset,
        "length": len(said.sentence.text),
    }
