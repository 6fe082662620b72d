"""The api-versions of the job families, and the task kinds that each of them has, as tables."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

LEGACY_VERSION = "v3.1"
DEFAULT_VERSION = "2026-05-01"
"""The newest stable version of analyze-text (docs/service.md, families)."""

VERSION = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(-preview)?")

PREBUILT = frozenset(
    {
        "SentimentAnalysis",
        "EntityRecognition",
        "PiiEntityRecognition",
        "KeyPhraseExtraction",
        "EntityLinking",
    }
)
_KINDS_2022 = PREBUILT | {
    "Healthcare",
    "CustomEntityRecognition",
    "CustomSingleLabelClassification",
    "CustomMultiLabelClassification",
}
_EXTRACTIVE = _KINDS_2022 | {"ExtractiveSummarization"}
_ALL_KINDS = _EXTRACTIVE | {"AbstractiveSummarization"}

TEXT_KINDS: Mapping[str, frozenset[str]] = {
    "2022-05-01": _KINDS_2022,
    "2022-05-15-preview": _EXTRACTIVE,
    "2022-07-01-preview": _EXTRACTIVE,
    "2022-10-01-preview": _ALL_KINDS,
    "2023-04-01": _ALL_KINDS,
    "2023-04-15-preview": _ALL_KINDS,
    "2023-11-15-preview": _ALL_KINDS,
    "2024-11-01": _ALL_KINDS,
    "2024-11-15-preview": _ALL_KINDS,
    "2025-05-15-preview": _ALL_KINDS,
    "2025-11-01": _ALL_KINDS,
    "2025-11-15-preview": _ALL_KINDS,
    "2026-05-01": _ALL_KINDS,
    "2026-05-15-preview": _ALL_KINDS,
}
"""Which task kinds an api-version of analyze-text knows (docs/service.md, families)."""


_SUMMARY = "ConversationalSummarizationTask"
CONVERSATION_PII = "ConversationalPIITask"
_CUSTOM_SUMMARY = "CustomConversationalSummarizationTask"
_SENTIMENT = "ConversationalSentimentTask"
_CONVERSATIONS_2022 = frozenset({_SUMMARY, CONVERSATION_PII})
_ALL_CONVERSATIONS = _CONVERSATIONS_2022 | {_CUSTOM_SUMMARY}

CONVERSATION_KINDS: Mapping[str, frozenset[str]] = {
    "2022-05-15-preview": _CONVERSATIONS_2022,
    "2022-07-01-preview": _CONVERSATIONS_2022,
    "2022-10-01-preview": _CONVERSATIONS_2022 | {_SENTIMENT},
    "2023-04-01": frozenset({_SUMMARY}),
    "2023-04-15-preview": _ALL_CONVERSATIONS | {_SENTIMENT},
    "2023-11-15-preview": _ALL_CONVERSATIONS | {_SENTIMENT},
    "2024-05-01": _CONVERSATIONS_2022,
    "2024-05-15-preview": _ALL_CONVERSATIONS,
    "2024-11-01": _CONVERSATIONS_2022,
    "2024-11-15-preview": _ALL_CONVERSATIONS,
    "2025-05-15-preview": _ALL_CONVERSATIONS,
    "2025-11-15-preview": _ALL_CONVERSATIONS,
}
"""Which task kinds an api-version of analyze-conversations knows (docs/service.md, families).

The custom kind and sentiment are in previews only; the OpenAPI documents of 2022-10-01-preview to
2024-11-15-preview tell which.
"""

_PII = frozenset({"PiiEntityRecognition"})
_PII_AND_SUMMARIES = _PII | {"ExtractiveSummarization", "AbstractiveSummarization"}

NATIVE_DOCUMENT_KINDS: Mapping[str, frozenset[str]] = {
    "2023-11-15-preview": _PII_AND_SUMMARIES,
    "2024-11-15-preview": _PII_AND_SUMMARIES,
    "2026-05-01": _PII,
    "2026-05-15-preview": _PII_AND_SUMMARIES,
}
"""Which task kinds an api-version of analyze-documents knows (docs/service.md, families).

Of the summaries of 2026-05-15-preview the published documents contradict each other.
"""

_NEWEST = max(
    version[:10] for kinds in (TEXT_KINDS, CONVERSATION_KINDS, NATIVE_DOCUMENT_KINDS) for version in kinds
)
"""The day up to which the tables know the API; the families have their versions of the same days."""


def is_preview(version: str) -> bool:
    """Whether it is no stable version."""
    return version.endswith("-preview")


def is_later(version: str) -> bool:
    """Whether it is written as a version, and of a day after those that are known."""
    if not VERSION.fullmatch(version):
        return False
    try:
        day = date.fromisoformat(version[:10])
    except ValueError:
        return False
    return day.isoformat() > _NEWEST
