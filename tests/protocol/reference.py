"""What the published documents say of each kind at each version: its parameters by path, and their words.

A path is as of ``refusals``: ``redactionPolicies.policyKind``; a word stands after an equals sign. Categories
are left out, since their lists are compared whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from airflow_provider_language.protocol.surfaces import (
    ANALYZE_CONVERSATIONS,
    ANALYZE_DOCUMENTS,
    ANALYZE_TEXT,
    Surface,
)
from tests.protocol.models import described, fields_of

MODELS_OF_2022 = {
    "SentimentAnalysis": "SentimentAnalysisTaskParameters",
    "EntityRecognition": "EntitiesTaskParameters",
    "PiiEntityRecognition": "PiiTaskParameters",
    "KeyPhraseExtraction": "KeyPhraseTaskParameters",
    "EntityLinking": "EntityLinkingTaskParameters",
    "Healthcare": "HealthcareTaskParameters",
    "CustomEntityRecognition": "CustomEntitiesTaskParameters",
    "CustomSingleLabelClassification": "CustomSingleLabelClassificationTaskParameters",
    "CustomMultiLabelClassification": "CustomMultiLabelClassificationTaskParameters",
    "ExtractiveSummarization": "ExtractiveSummarizationTaskParameters",
    "AbstractiveSummarization": "AbstractiveSummarizationTaskParameters",
}
"""Each kind's model in the SDK of 2022 and 2023."""
MODELS_OF_2025 = {
    kind: model if kind == "Healthcare" else model.replace("TaskParameters", "ActionContent")
    for kind, model in MODELS_OF_2022.items()
}
"""Each kind's model in the SDKs of the previews of 2025 and 2026."""
MODELS_OF_CONVERSATIONS = {
    "ConversationalSummarizationTask": "ConversationSummarizationActionContent",
    "ConversationalPIITask": "ConversationPiiActionContent",
    "CustomConversationalSummarizationTask": "CustomConversationSummarizationActionContent",
}
DUMPS: list[tuple[Surface, str, str, dict[str, str]]] = [
    (ANALYZE_TEXT, "2022-05-01", "models/v2022_05_01.json", MODELS_OF_2022),
    (ANALYZE_TEXT, "2023-04-01", "models/v2023_04_01.json", MODELS_OF_2022),
    *(
        (ANALYZE_TEXT, version, f"models/text_{version}.json", MODELS_OF_2025)
        for version in ("2025-05-15-preview", "2025-11-15-preview", "2026-05-15-preview")
    ),
    *(
        (ANALYZE_CONVERSATIONS, version, f"models/conv_{version}.json", MODELS_OF_CONVERSATIONS)
        for version in ("2025-05-15-preview", "2025-11-15-preview")
    ),
]
SPECIFICATIONS = [
    (
        ANALYZE_CONVERSATIONS,
        version,
        f"specs/Language/stable/{version}/analyzeconversations.json",
        {
            "ConversationalSummarizationTask": "ConversationSummarizationTaskParameters",
            "ConversationalPIITask": "ConversationPiiTaskParameters",
        },
    )
    for version in ("2023-04-01", "2024-05-01")
] + [
    (
        ANALYZE_DOCUMENTS,
        "2023-11-15-preview",
        "specs/Language/preview/2023-11-15-preview/analyzedocuments.json",
        MODELS_OF_2022,
    )
]

SOURCES = [*DUMPS, *SPECIFICATIONS]

KINDS = [
    (surface, version, kind) for surface, version, _, _ in SOURCES for kind in sorted(surface.kinds[version])
]
"""Every kind of which the parameters were published, in every version."""


def paths_of(surface: Surface, version: str, kind: str) -> set[str]:
    """The paths and words of a kind at a version of which they were published."""
    ((path, models),) = [source[2:] for source in SOURCES if source[:2] == (surface, version)]
    walk = _of_model if "models" in described(path) else _of_definition
    return set(walk(models[kind], path, ""))


def paths_of_family(surface: Surface, kind: str) -> set[str]:
    """Those of all its versions together."""
    return {
        path
        for family, version, _, _ in SOURCES
        if family is surface and kind in surface.kinds[version]
        for path in paths_of(surface, version, kind)
    }


def _of_model(model: str, path: str, above: str) -> Iterator[str]:
    """A model's own paths, with those of the models that inherit from it, of which a value is one."""
    known = described(path)
    heirs = [name for name, one in known["models"].items() if model in one["bases"]]
    for owner in (model, *heirs):
        for name, field in fields_of(owner, path).items():
            here = f"{above}{name}"
            yield here
            named = re.findall(r"[A-Za-z]+", field["type"])
            for one in named:
                if one in known["models"]:
                    yield from _of_model(one, path, f"{here}.")
            yield from (f"{here}={word}" for word in _words(field, known["enums"]))


def _words(field: Mapping[str, Any], enums: Mapping[str, list[str]]) -> Iterable[str]:
    """The words of a field: of its type, or, in the older packages, as its description has them."""
    for named in re.findall(r"[A-Za-z]+", field["type"]):
        if named in enums:
            return () if "Categor" in named else enums[named]
    return re.findall('"([^"]+)"', field["doc"].partition("Known values are:")[2])


def _of_definition(definition: str, path: str, above: str) -> Iterator[str]:
    found = described(path)["definitions"][definition]
    assert "allOf" not in found
    for name, field in found["properties"].items():
        here = f"{above}{name}"
        yield here
        inner: dict[str, Any] = field.get("items", field)
        file, _, named = inner.get("$ref", "").partition("#/definitions/")
        if named:
            beside = f"{path.rpartition('/')[0]}/{file}" if file else path
            inner = described(beside)["definitions"][named]
        if "Categor" not in named:
            yield from (f"{here}={word}" for word in inner.get("enum", ()))
