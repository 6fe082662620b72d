"""The tasks of Azure AI Language that a DAG asks for, and the policies that they take.

Each name is loaded when it is first asked for: a DAG file is parsed every few seconds, and names few of them.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from airflow_provider_language.protocol.inputs.conversation_tasks import (
        ConversationalPII,
        ConversationalSentiment,
        ConversationalSummarization,
        CustomConversationalSummarization,
    )
    from airflow_provider_language.protocol.inputs.pii_policies import (
        CharacterMask,
        ConfidenceThreshold,
        EntityMask,
        EntitySynonyms,
        NoMask,
        Synonym,
        SyntheticReplacement,
        ThresholdOverride,
        ValueExclusion,
    )
    from airflow_provider_language.protocol.inputs.text_tasks import (
        AbstractiveSummarization,
        CustomEntityRecognition,
        CustomMultiLabelClassification,
        CustomSingleLabelClassification,
        EntityLinking,
        EntityRecognition,
        ExtractiveSummarization,
        Healthcare,
        KeyPhraseExtraction,
        PiiEntityRecognition,
        SentimentAnalysis,
    )

__all__ = [
    "AbstractiveSummarization",
    "CharacterMask",
    "ConfidenceThreshold",
    "ConversationalPII",
    "ConversationalSentiment",
    "ConversationalSummarization",
    "CustomConversationalSummarization",
    "CustomEntityRecognition",
    "CustomMultiLabelClassification",
    "CustomSingleLabelClassification",
    "EntityLinking",
    "EntityMask",
    "EntityRecognition",
    "EntitySynonyms",
    "ExtractiveSummarization",
    "Healthcare",
    "KeyPhraseExtraction",
    "NoMask",
    "PiiEntityRecognition",
    "SentimentAnalysis",
    "Synonym",
    "SyntheticReplacement",
    "ThresholdOverride",
    "ValueExclusion",
]

_POLICIES = frozenset(
    {
        "CharacterMask",
        "ConfidenceThreshold",
        "EntityMask",
        "EntitySynonyms",
        "NoMask",
        "Synonym",
        "SyntheticReplacement",
        "ThresholdOverride",
        "ValueExclusion",
    }
)


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    if name in _POLICIES:
        module = "pii_policies"
    else:
        module = "conversation_tasks" if "Conversational" in name else "text_tasks"
    found: object = getattr(import_module(f"airflow_provider_language.protocol.inputs.{module}"), name)
    globals()[name] = found
    return found
