"""The job families: which of them runs which kinds at which version."""

from __future__ import annotations

import pytest

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.protocol.surfaces import (
    ANALYZE_CONVERSATIONS,
    ANALYZE_DOCUMENTS,
    ANALYZE_TEXT,
    LEGACY_ANALYZE,
    LEGACY_HEALTH,
    SURFACES,
    Surface,
    surface_for,
)
from airflow_provider_language.protocol.versions import DEFAULT_VERSION, TEXT_KINDS

LEGACY_KINDS = [
    "SentimentAnalysis",
    "EntityRecognition",
    "PiiEntityRecognition",
    "KeyPhraseExtraction",
    "EntityLinking",
]


@pytest.mark.parametrize("version", TEXT_KINDS)
def test_dated_versions_are_of_analyze_text(version: str) -> None:
    assert surface_for(version, frozenset({"Healthcare", "KeyPhraseExtraction"})) is ANALYZE_TEXT


def test_the_default_version_knows_all_kinds() -> None:
    assert len(TEXT_KINDS[DEFAULT_VERSION]) == 11


@pytest.mark.parametrize("kind", LEGACY_KINDS)
def test_v3_1_runs_the_five_prebuilt_kinds(kind: str) -> None:
    assert surface_for("v3.1", frozenset({kind})) is LEGACY_ANALYZE


def test_v3_1_has_a_family_of_its_own_for_health() -> None:
    assert surface_for("v3.1", frozenset({"Healthcare"})) is LEGACY_HEALTH


@pytest.mark.parametrize(
    ("version", "kinds"),
    [
        ("v3.1", {"Healthcare", "EntityLinking"}),
        ("v3.1", {"CustomEntityRecognition"}),
        ("v3.1", {"ExtractiveSummarization"}),
        ("2022-05-01", {"ExtractiveSummarization"}),
        ("2022-05-01", {"AbstractiveSummarization"}),
        ("2022-07-01-preview", {"AbstractiveSummarization"}),
        ("2026-05-01", {"LanguageDetection"}),
    ],
)
def test_a_kind_that_the_version_does_not_know_is_refused(version: str, kinds: set[str]) -> None:
    with pytest.raises(InvalidInputError, match=f"{version} does not know"):
        surface_for(version, frozenset(kinds))


@pytest.mark.parametrize("version", ["", "latest", "2026-05-02", "3.1", "2026-05-01 "])
def test_a_version_that_does_not_exist_is_refused_with_those_that_do(version: str) -> None:
    with pytest.raises(
        InvalidInputError, match=r"is no version of the API analyze-text; those are 2022-05-01, .* and v3.1"
    ):
        surface_for(version, frozenset())


@pytest.mark.parametrize("surface", SURFACES, ids=lambda surface: surface.name)
def test_only_versions_outside_the_path_are_in_the_query(surface: Surface) -> None:
    in_path = "/v3.1/" in surface.jobs_path
    assert surface.version_query("x") == (() if in_path else (("api-version", "x"),))


def test_a_job_lies_below_its_family_s_path() -> None:
    assert LEGACY_ANALYZE.job_path("j-1") == "/text/analytics/v3.1/analyze/jobs/j-1"


@pytest.mark.parametrize(
    ("surface", "version"),
    [
        (ANALYZE_TEXT, DEFAULT_VERSION),
        (ANALYZE_CONVERSATIONS, "2024-11-01"),
        (ANALYZE_DOCUMENTS, "2026-05-01"),
        (LEGACY_ANALYZE, "v3.1"),
    ],
)
def test_each_family_has_a_newest_stable_version_of_its_own(surface: Surface, version: str) -> None:
    assert surface.newest_stable == version


@pytest.mark.parametrize("surface", [ANALYZE_CONVERSATIONS, ANALYZE_DOCUMENTS])
def test_each_family_of_the_language_api_cancels_alike_and_runs_its_own_kinds(surface: Surface) -> None:
    assert surface.cancel is ANALYZE_TEXT.cancel
    for version, kinds in surface.kinds.items():
        assert surface_for(version, kinds, surface) is surface
