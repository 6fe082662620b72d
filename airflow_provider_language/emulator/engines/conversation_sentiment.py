"""ConversationalSentimentTask: what SentimentAnalysis says of each item of a conversation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import sentiment
from .text import require

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .contract import Conversation, ConversationItem

_DEFAULT_SOURCE = "text"
_FORMS = (_DEFAULT_SOURCE, "itn", "maskedItn", "lexical")


def analyze(
    conversation: Conversation,
    parameters: Mapping[str, Any],
    categories: Mapping[str, str],  # noqa: ARG001 - of personal data, which this kind does not look for
) -> dict[str, Any]:
    """Label each item of a conversation.

    An item that lacks the form that was asked for is judged by the first of the others that it has; one
    without any text is neutral.

    Args:
        conversation: Each item in one of `sentiment.LANGUAGES`.
        parameters: ``predictionSource``, of transcripts: the form that is judged. No document names a
            default; Microsoft's samples take ``text`` (inferred).
        categories: Not read.

    Returns:
        ``conversationItems`` of ``id``, ``participantId``, ``sentiment`` and ``confidenceScores`` (OpenAPI
        document of 2022-10-01-preview).

    Raises:
        UnsupportedLanguage: The language of an item is another one.
        MissingEngine: A library is not installed.
    """
    asked = str(parameters.get("predictionSource") or _DEFAULT_SOURCE).lower()
    forms = sorted(_FORMS, key=lambda form: form.lower() != asked)
    languages = [
        require(item.language or conversation.language, sentiment.LANGUAGES) for item in conversation.items
    ]
    return {
        "conversationItems": [
            _item(item, forms, language) for item, language in zip(conversation.items, languages, strict=True)
        ]
    }


def _item(item: ConversationItem, forms: list[str], language: str) -> dict[str, Any]:
    text = next((text for form in forms if (text := item.contents.get(form, "")).strip()), "")
    found = sentiment.analyze(text, language, {})
    return {
        "id": item.id,
        "participantId": item.participant,
        "sentiment": found["sentiment"],
        "confidenceScores": found["confidenceScores"],
    }
