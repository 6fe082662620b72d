"""Small local engines that compute what the emulator answers; see `contract` for their terms."""

from __future__ import annotations

import importlib
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from airflow_provider_language.emulator.engines.adaptation import renumber, with_resolutions, without_types
from airflow_provider_language.emulator.engines.contract import (
    Conversation,
    ConversationEngine,
    ConversationItem,
    DetectedLanguage,
    Detector,
    Engine,
    Engines,
    MissingEngine,
    UnsupportedLanguage,
    WordTiming,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "CONVERSATION_ENGINES",
    "ENGINES",
    "Conversation",
    "ConversationEngine",
    "ConversationItem",
    "DetectedLanguage",
    "Detector",
    "Engine",
    "Engines",
    "MissingEngine",
    "UnsupportedLanguage",
    "WordTiming",
    "detect_language",
    "renumber",
    "with_resolutions",
    "without_types",
]

# Request kind -> module of this package that has the engine as its function `analyze`.
_MODULES = {
    "AbstractiveSummarization": "abstraction",
    "EntityLinking": "linking",
    "EntityRecognition": "entities",
    "ExtractiveSummarization": "extraction",
    "Healthcare": "health.healthcare",
    "KeyPhraseExtraction": "keyphrases",
    "PiiEntityRecognition": "pii",
    "SentimentAnalysis": "sentiment",
}


def _lazy(module: str) -> Engine:
    def analyze(text: str, language: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
        engine: Engine = importlib.import_module(f"{__name__}.{module}").analyze
        return engine(text, language, parameters)

    return analyze


ENGINES: Mapping[str, Engine] = MappingProxyType({kind: _lazy(module) for kind, module in _MODULES.items()})
"""The engine of each request kind that the emulator serves; modules and libraries load on first use."""


_CONVERSATION_MODULES = {
    "ConversationalPIITask": "conversations.conversational_pii",
    "ConversationalSentimentTask": "conversations.conversational_sentiment",
    "ConversationalSummarizationTask": "conversations.conversational_summarization",
    "CustomConversationalSummarizationTask": "conversations.conversational_summarization",
}


def _lazy_conversation(module: str) -> ConversationEngine:
    def analyze(
        conversation: Conversation, parameters: Mapping[str, Any], categories: Mapping[str, str]
    ) -> dict[str, Any]:
        engine: ConversationEngine = importlib.import_module(f"{__name__}.{module}").analyze
        return engine(conversation, parameters, categories)

    return analyze


CONVERSATION_ENGINES: Mapping[str, ConversationEngine] = MappingProxyType(
    {kind: _lazy_conversation(module) for kind, module in _CONVERSATION_MODULES.items()}
)
"""The engine of each kind of analyze-conversations that the emulator serves."""


def detect_language(text: str) -> DetectedLanguage:
    """Return the main language of a text.

    Args:
        text: Any text.

    Returns:
        The language; ``"(Unknown)"`` with confidence 0.0 for a text without a letter.

    Raises:
        MissingEngine: The ``emulator`` extra is not installed.
    """
    from airflow_provider_language.emulator.engines import language

    return language.detect(text)
