"""One deployment of a project, and what it answers; the module `files` tells how one is described."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from airflow_provider_language.emulator.engines.classifier import Classifier
from airflow_provider_language.emulator.engines.custom_entities import EntityFinder

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

CONVERSATION = "Conversation"
"""The project kind of conversational language understanding, which is asked synchronously."""

ORCHESTRATION = "Orchestration"
"""The project kind that hands an utterance on to another project; asked like ``Conversation``."""

SUMMARIES = "CustomConversationSummarization"
"""The project kind that is there to be found, and has no model behind it."""

NO_INTENT = "None"
"""The intent that every project of these kinds has, for texts that no other one fits."""


@dataclass(frozen=True)
class Project:
    """One deployment of a project.

    Attributes:
        kind: The project kind.
        name: The ``projectName``.
        deployment: The ``deploymentName``.
        finder: What finds its entities.
        classifier: What knows its classes or intents.
        targets: Of an orchestration, the project and deployment that an intent is handed on to.
    """

    kind: str
    name: str
    deployment: str
    finder: EntityFinder = field(default_factory=lambda: EntityFinder(()))
    classifier: Classifier = field(default_factory=lambda: Classifier(()))
    targets: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    def entities(self, text: str) -> dict[str, Any]:
        """Return what CustomEntityRecognition answers for a text."""
        return {"entities": self.finder.find(text)}

    def single_label(self, text: str) -> dict[str, Any]:
        """Return what CustomSingleLabelClassification answers: the surest class."""
        best = self.classifier.best(text)
        return {"class": [] if best is None else [_class(best.name, best.confidence)]}

    def labels(self, text: str) -> dict[str, Any]:
        """Return what CustomMultiLabelClassification answers: all classes that fit, perhaps none."""
        return {"class": [_class(each.name, each.confidence) for each in self.classifier.all_that_fit(text)]}

    def prediction(self, text: str) -> dict[str, Any]:
        """Return what conversational language understanding answers: an intent and its entities."""
        ranked = self.classifier.ranked(text, otherwise=NO_INTENT)
        return {
            "topIntent": ranked[0].name,
            "projectKind": CONVERSATION,
            "intents": [_class(each.name, each.confidence) for each in ranked],
            "entities": [
                {name: entity[name] for name in ("category", "text", "offset", "length", "confidenceScore")}
                for entity in self.finder.find(text)
            ],
        }


def _class(category: str, confidence: float) -> dict[str, Any]:
    return {"category": category, "confidenceScore": confidence}


ANSWERS: Mapping[str, Callable[[Project, str], dict[str, Any]]] = MappingProxyType(
    {
        "CustomEntityRecognition": Project.entities,
        "CustomSingleLabelClassification": Project.single_label,
        "CustomMultiLabelClassification": Project.labels,
    }
)
KINDS = (*ANSWERS, CONVERSATION, ORCHESTRATION, SUMMARIES)
"""The project kinds that can be described."""
