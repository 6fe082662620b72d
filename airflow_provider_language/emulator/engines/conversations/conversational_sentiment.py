"""ConversationalSentimentTask: what SentimentAnalysis says of each item of a conversation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from airflow_provider_language.emulator.engines import sentiment
from airflow_provider_language.emulator.engines.words.text import require

if TYPE_CHECKING:
    from collections.abc import Mapping

    from airflow_provider_language.emulator.engines.contract import Conversation, ConversationItem

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
        document of 2022-10-01-preview); and ``warnings``, if a language is approximated.

    Raises:
        UnsupportedLanguage: The language of an item is another one.
        MissingEngine: A library is not installed.
    """
    asked = str(parameters.get("predictionSource") or _DEFAULT_SOURCE).lower()
    forms = sorted(_FORMS, key=lambda form: form.lower() != asked)
    languages = [
        require(item.language or conversation.language, sentiment.LANGUAGES) for item in conversation.items
    ]
    judged = [
        (item, sentiment.analyze(_text(item, forms), language, {}))
        for item, language in zip(conversation.items, languages, strict=True)
    ]
    warnings = {warning["code"]: warning for _, found in judged for warning in found.get("warnings", ())}
    return {
        "conversationItems": [_item(item, found) for item, found in judged],
        **({"warnings": list(warnings.values())} if warnings else {}),
    }


def _text(item: ConversationItem, forms: list[str]) -> str:
    return next((text for form in forms if (text := item.contents.get(form, "")).strip()), "")


def _item(item: ConversationItem, found: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": item.id,
        "participantId": item.participant,
        "sentiment": found["sentiment"],
        "confidenceScores": found["confidenceScores"],
    }
