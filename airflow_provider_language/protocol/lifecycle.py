"""Which kinds Microsoft calls legacy, which of them it retires, and when (docs/service.md, lifecycle)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

NOTICE = timedelta(days=365)
"""How long before its retirement a kind is told of."""


@dataclass(frozen=True)
class Lifecycle:
    """What Microsoft says of a legacy feature.

    Args:
        feature: as the service's documentation calls it.
        retires: the day from which the service does not do it any more; None where none was published.
        way_out: what to do instead, in a sentence.
        source: the page of the documentation that says so.
    """

    feature: str
    retires: date | None
    way_out: str
    source: str


_PAGES = "https://learn.microsoft.com/azure/ai-services/language-service/"
_LINKING = Lifecycle(
    "entity linking",
    date(2028, 9, 1),
    "EntityRecognition finds the same entities, without their articles in Wikipedia.",
    _PAGES + "entity-linking/overview",
)
_SUMMARIES = Lifecycle(
    "summarization",
    date(2029, 3, 31),
    "Microsoft names models in Microsoft Foundry as the successor, which this provider does not call.",
    _PAGES + "summarization/overview",
)
_SENTIMENT = Lifecycle(
    "sentiment analysis and opinion mining",
    None,
    "Nothing has to be done until a day is published; new work may better begin with a language model.",
    _PAGES,
)
_PHRASES = Lifecycle(
    "key phrase extraction",
    None,
    "EntityRecognition finds what has a category; nothing has to be done until a day is published.",
    _PAGES,
)
_CLASSES = Lifecycle(
    "custom text classification",
    None,
    "Nothing has to be done until a day is published; new work may better begin with a language model.",
    _PAGES,
)

LEGACY: Mapping[str, Lifecycle] = {
    "SentimentAnalysis": _SENTIMENT,
    "ConversationalSentimentTask": _SENTIMENT,
    "KeyPhraseExtraction": _PHRASES,
    "CustomSingleLabelClassification": _CLASSES,
    "CustomMultiLabelClassification": _CLASSES,
    "EntityLinking": _LINKING,
    "ExtractiveSummarization": _SUMMARIES,
    "AbstractiveSummarization": _SUMMARIES,
    "ConversationalSummarizationTask": _SUMMARIES,
    "CustomConversationalSummarizationTask": _SUMMARIES,
}
"""By kind, in all families; a kind that is not here is one that Microsoft advises for new work."""


def retirements_near(kinds: Iterable[str], today: date) -> Iterator[str]:
    """Tell, in a sentence for each kind, what is retired within a year, or has been.

    Args:
        kinds: of a job's tasks, in the service's words.
        today: the day on which that is asked.
    """
    for kind in dict.fromkeys(kinds):
        known = LEGACY.get(kind)
        if known and known.retires and today >= known.retires - NOTICE:
            yield f"Azure AI Language retires {kind} on {day_in_words(known.retires)}: {known.way_out}"


def day_in_words(day: date) -> str:
    """A day as people write it, such as 1 September 2028."""
    return f"{day.day} {day:%B %Y}"
