"""The tables of provider and emulator, held mechanically against what was published of each version.

Both are asked with one parameter, or one word, at a time: each of those that any version of the family has.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from airflow_provider_language.emulator.families.conversation_parameters import check_task, known_task
from airflow_provider_language.emulator.families.conversation_versions import CONVERSATION_VERSIONS, DETAILS
from airflow_provider_language.emulator.families.document_jobs import DOCUMENT_VERSIONS
from airflow_provider_language.emulator.protocol import entity_categories, parameter_versions
from airflow_provider_language.emulator.protocol.errors import ServiceError
from airflow_provider_language.emulator.protocol.job_requests import Task
from airflow_provider_language.emulator.protocol.parameter_checks import check_parameters
from airflow_provider_language.emulator.protocol.versions import (
    LANGUAGE_VERSIONS,
    TEXT_ANALYTICS_V3_1,
    ApiVersion,
    DetectionReport,
)
from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.protocol.inputs import refusals
from airflow_provider_language.protocol.inputs.shapes import SHAPES
from airflow_provider_language.protocol.inputs.tasks import WireTask
from airflow_provider_language.protocol.surfaces import (
    ANALYZE_CONVERSATIONS,
    ANALYZE_DOCUMENTS,
    ANALYZE_TEXT,
    LEGACY_ANALYZE,
    Surface,
)
from tests.protocol.models import described, enum_of, needs_model
from tests.protocol.reference import DUMPS, KINDS, SOURCES, paths_of, paths_of_family

pytestmark = [needs_model, pytest.mark.reference]

NEEDED: Mapping[str, Any] = {
    "projectName": "project",
    "deploymentName": "production",
    "summaryAspects": ["issue"],
}
"""What a kind cannot do without, in the emulator, beside the parameter that is asked of."""
VERSIONS: Mapping[str, Mapping[str, ApiVersion]] = {
    ANALYZE_TEXT.name: LANGUAGE_VERSIONS,
    ANALYZE_CONVERSATIONS.name: CONVERSATION_VERSIONS,
    ANALYZE_DOCUMENTS.name: DOCUMENT_VERSIONS,
}
NO_WORD = "documentType=None"
"""Which says nothing: the provider has no word for it."""


def parameters(path: str) -> dict[str, Any]:
    """Parameters that say one thing."""
    where, _, word = path.partition("=")
    return saying(SHAPES, where.split("."), word)


def saying(shapes: Mapping[str, Any], names: Sequence[str], word: str) -> dict[str, Any]:
    """An object with one field, by the way to it; what is an object there has its first field."""
    name, *further = names
    shape = shapes[name]
    inner = shape[0] if isinstance(shape, list) else shape
    value: Any
    if isinstance(inner, Mapping):
        kind = {"policyKind": inner["policyKind"][0]} if "policyKind" in inner else {}
        value = {**kind, **saying(inner, further or [next(iter(inner))], word)}
    else:
        value = word or ("latest" if name == "modelVersion" else sample(inner))
    return {name: [value] if isinstance(shape, list) else value}


def sample(shape: Any) -> Any:
    """A value that a field of a shape takes."""
    if isinstance(shape, tuple):
        return shape[0]
    return {bool: True, int: 1, float: 0.5, str: "Person"}.get(shape)


def is_said(sent: Any, names: Sequence[str]) -> bool:
    """Whether parameters still say what they said, after the emulator took away what it does not know."""
    if isinstance(sent, list):
        return any(is_said(one, names) for one in sent)
    return not names or (hasattr(sent, "items") and names[0] in sent and is_said(sent[names[0]], names[1:]))


def provider_takes(surface: Surface, version: str, kind: str, path: str) -> bool:
    try:
        refusals.check_parameters(surface, version, WireTask(kind, "name", parameters(path)))
    except InvalidInputError:
        return False
    return True


def emulator_takes(surface: Surface, version: str, kind: str, path: str) -> bool:
    sent = {**(NEEDED if "Custom" in kind or "Summarization" in kind else {}), **parameters(path)}
    try:
        if surface is ANALYZE_CONVERSATIONS:
            task = known_task(Task(kind, None, sent), DETAILS[version])
            check_task(task, DETAILS[version])
        else:
            described_version = VERSIONS[surface.name][version]
            only = parameter_versions.DOCUMENTS if surface is ANALYZE_DOCUMENTS else parameter_versions.TEXTS
            task = Task(kind, None, parameter_versions.known_parameters(kind, sent, described_version, only))
            check_parameters(task, described_version)
    except ServiceError:
        return False
    return is_said(task.parameters, path.partition("=")[0].split("."))


@pytest.mark.parametrize("takes", [provider_takes, emulator_takes])
@pytest.mark.parametrize(
    ("surface", "version", "kind"),
    [pytest.param(*one, id=" ".join((one[0].name, *one[1:]))) for one in KINDS],
)
def test_each_version_takes_the_parameters_and_words_that_were_published_of_it(
    takes: Any, surface: Surface, version: str, kind: str
) -> None:
    published = paths_of(surface, version, kind) - {NO_WORD}
    asked = paths_of_family(surface, kind) - {NO_WORD}

    assert {path for path in asked if takes(surface, version, kind, path)} == published


@pytest.mark.parametrize(
    ("surface", "version", "path"), [pytest.param(*one[:3], id=f"{one[0].name} {one[1]}") for one in SOURCES]
)
def test_each_version_of_the_emulator_has_the_kinds_of_the_provider(
    surface: Surface, version: str, path: str
) -> None:
    """Those of the provider are held against the documents beside its tables."""
    retired = {"CustomHealthcare", "CustomSentimentAnalysis", "CustomAbstractiveSummarization"}
    assert VERSIONS[surface.name][version].kinds - retired == surface.kinds[version]


def test_the_legacy_api_of_the_emulator_has_the_parameters_that_were_published() -> None:
    for kind in sorted(LEGACY_ANALYZE.kinds["v3.1"]):
        later = {path for path in paths_of_family(ANALYZE_TEXT, kind) if not {".", "="} & set(path)}
        first = paths_of(ANALYZE_TEXT, "2022-05-01", kind)
        for path in later - first:
            kept = parameter_versions.known_parameters(kind, parameters(path), TEXT_ANALYTICS_V3_1)
            assert not kept, path


LISTS = [
    (ANALYZE_TEXT, "2022-05-01", "models/v2022_05_01.json", "PiiEntityCategory"),
    (ANALYZE_TEXT, "2023-04-01", "models/v2023_04_01.json", "PiiEntityCategory"),
    *((ANALYZE_TEXT, one[1], one[2], "PiiCategory") for one in DUMPS if one[1] > "2025" and "text" in one[2]),
    *((ANALYZE_CONVERSATIONS, *one[1:3], "ConversationPiiCategories") for one in DUMPS if "conv" in one[2]),
]


@pytest.mark.parametrize(("surface", "version", "path", "name"), LISTS)
def test_the_emulator_has_the_categories_that_were_published(
    surface: Surface, version: str, path: str, name: str
) -> None:
    published = set(enum_of(name, path)) - {"All", "Default"}
    if surface is ANALYZE_TEXT:
        # The page of the categories has this one, and no list.
        assert entity_categories.pii_of(version) - {"PersonType"} == published
    else:
        details = DETAILS[version]
        assert {*details.categories.values(), *details.unfound} == published
        assert not details.takes_other_names


@pytest.mark.parametrize("path", [one[2] for one in DUMPS if "text" in one[2]])
def test_results_of_the_emulator_have_the_fields_that_were_published(path: str) -> None:
    version = LANGUAGE_VERSIONS[path.removeprefix("models/text_").removesuffix(".json")]
    models = described(path)["models"]
    for kind, model in (
        ("EntityRecognition", "NamedEntityWithMetadata"),
        ("PiiEntityRecognition", "PiiEntity"),
    ):
        assert (kind in version.typed_kinds) is ({"type", "tags"} <= set(models[model]["fields"]))
    results = {"Healthcare": "HealthcareActionResult", "KeyPhraseExtraction": "KeyPhrasesActionResult"}
    for kind, model in results.items():
        told = version.detection_report_of(kind) is not DetectionReport.NOTHING
        assert told is ("detectedLanguage" in models[model]["fields"])


@pytest.mark.parametrize("version", ["2022_05_01", "2023_04_01"])
def test_results_of_the_first_stable_versions_have_the_fields_that_were_published(version: str) -> None:
    fields = set(described(f"models/v{version}.json")["models"]["Entity"]["fields"])
    ours = LANGUAGE_VERSIONS[version.replace("_", "-")]
    assert not fields & {"type", "tags", "metadata", "resolutions", "detectedLanguage"}
    assert (ours.typed_kinds, ours.tells_resolutions) == (frozenset(), False)
    assert ours.detection_report is DetectionReport.NOTHING
