from __future__ import annotations

import pytest

from airflow_provider_language.emulator.protocol.versions import (
    LANGUAGE_VERSIONS,
    TEXT_ANALYTICS_V3_1,
    DetectionReport,
)

NINE = {
    "SentimentAnalysis",
    "EntityRecognition",
    "PiiEntityRecognition",
    "KeyPhraseExtraction",
    "EntityLinking",
    "Healthcare",
    "CustomEntityRecognition",
    "CustomSingleLabelClassification",
    "CustomMultiLabelClassification",
}
ELEVEN = NINE | {"ExtractiveSummarization", "AbstractiveSummarization"}
RETIRED = {"CustomHealthcare", "CustomSentimentAnalysis", "CustomAbstractiveSummarization"}


@pytest.mark.parametrize(
    ("name", "kinds"),
    [
        ("2022-05-01", NINE),
        ("2022-05-15-preview", NINE | {"ExtractiveSummarization"}),
        ("2022-07-01-preview", NINE | {"ExtractiveSummarization"}),
        ("2022-10-01-preview", ELEVEN),
        ("2023-04-01", ELEVEN),
        ("2023-04-15-preview", ELEVEN | RETIRED),
        ("2023-11-15-preview", ELEVEN | RETIRED),
        ("2024-11-01", ELEVEN),
        ("2024-11-15-preview", ELEVEN),
        ("2025-05-15-preview", ELEVEN),
        ("2025-11-01", ELEVEN),
        ("2025-11-15-preview", ELEVEN),
        ("2026-05-01", ELEVEN),
        ("2026-05-15-preview", ELEVEN),
    ],
)
def test_each_version_defines_its_kinds(name: str, kinds: set[str]) -> None:
    assert LANGUAGE_VERSIONS[name].kinds == kinds


def test_there_are_fourteen_versions_and_the_legacy_one() -> None:
    assert len(LANGUAGE_VERSIONS) == 14
    assert TEXT_ANALYTICS_V3_1.kinds == NINE - {
        "CustomEntityRecognition",
        "CustomSingleLabelClassification",
        "CustomMultiLabelClassification",
    }


@pytest.mark.parametrize(
    ("name", "detects", "report", "healthcare"),
    [
        ("2022-05-01", False, DetectionReport.NOTHING, DetectionReport.NOTHING),
        ("2022-05-15-preview", False, DetectionReport.NOTHING, DetectionReport.NOTHING),
        ("2022-07-01-preview", True, DetectionReport.CODE, DetectionReport.CODE),
        ("2022-10-01-preview", True, DetectionReport.OBJECT, DetectionReport.CODE),
        ("2023-04-01", False, DetectionReport.NOTHING, DetectionReport.NOTHING),
        ("2023-04-15-preview", True, DetectionReport.OBJECT, DetectionReport.OBJECT),
        ("2025-11-01", True, DetectionReport.NOTHING, DetectionReport.NOTHING),
        ("2026-05-01", True, DetectionReport.NOTHING, DetectionReport.NOTHING),
        ("2026-05-15-preview", True, DetectionReport.OBJECT, DetectionReport.OBJECT),
    ],
)
def test_the_detected_language_is_told_as_the_version_tells_it(
    name: str, *, detects: bool, report: DetectionReport, healthcare: DetectionReport
) -> None:
    version = LANGUAGE_VERSIONS[name]
    assert version.detects_language is detects
    assert version.detection_report_of("EntityRecognition") is report
    assert version.detection_report_of("Healthcare") is healthcare


@pytest.mark.parametrize(
    ("name", "default_language", "cancel_after"),
    [
        ("2022-05-01", False, False),
        ("2022-05-15-preview", False, False),
        ("2022-07-01-preview", True, False),
        ("2023-04-01", False, False),
        ("2023-11-15-preview", True, False),
        ("2024-11-01", False, False),
        ("2024-11-15-preview", True, False),
        ("2025-05-15-preview", True, True),
        ("2025-11-01", False, False),
        ("2026-05-01", False, True),
        ("2026-05-15-preview", True, True),
    ],
)
def test_new_fields_of_the_body_have_an_effect_from_their_version_on(
    name: str, *, default_language: bool, cancel_after: bool
) -> None:
    version = LANGUAGE_VERSIONS[name]
    assert (version.takes_default_language, version.takes_cancel_after) == (default_language, cancel_after)
