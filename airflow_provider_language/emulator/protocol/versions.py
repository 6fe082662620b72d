"""Which API versions the emulator serves, and what each one of them can do."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from airflow_provider_language.emulator.protocol import gateway_errors

if TYPE_CHECKING:
    from collections.abc import Mapping

STABLE = ("2022-05-01", "2023-04-01", "2024-11-01", "2025-11-01", "2026-05-01")
PREVIEWS = (
    "2022-05-15-preview",
    "2022-07-01-preview",
    "2022-10-01-preview",
    "2023-04-15-preview",
    "2023-11-15-preview",
    "2024-11-15-preview",
    "2025-05-15-preview",
    "2025-11-15-preview",
    "2026-05-15-preview",
)
"""The versions of analyze-text that have jobs."""
_PREBUILT = frozenset(
    {
        "SentimentAnalysis",
        "EntityRecognition",
        "PiiEntityRecognition",
        "KeyPhraseExtraction",
        "EntityLinking",
        "Healthcare",
    }
)
_CUSTOM = frozenset(
    {"CustomEntityRecognition", "CustomSingleLabelClassification", "CustomMultiLabelClassification"}
)
# Kinds that two previews had and the service retired in January 2025.
_RETIRED = frozenset({"CustomHealthcare", "CustomSentimentAnalysis", "CustomAbstractiveSummarization"})
_WITH_RETIRED_KINDS = ("2023-04-15-preview", "2023-11-15-preview")


class DetectionReport(enum.Enum):
    """How a result document tells the language that ``"language": "auto"`` came out as."""

    NOTHING = enum.auto()
    CODE = enum.auto()  # "detectedLanguage": "en"
    OBJECT = enum.auto()  # "detectedLanguage": {"name": ..., "iso6391Name": ..., "confidenceScore": ...}


@dataclass(frozen=True)
class ApiVersion:
    """One api-version of analyze-text jobs.

    Attributes:
        name: The value of ``api-version``; ``"v3.1"`` for the legacy API, which has its version in the path.
        kinds: The task kinds that the version defines, served by an engine or not.
        detects_language: Whether a document's language may be ``"auto"``.
        detection_report: How results tell the detected language.
        healthcare_detection_report: The same for Healthcare, which lagged behind the other kinds.
        takes_default_language: Whether the body's ``defaultLanguage`` has an effect.
        takes_cancel_after: Whether the body's ``cancelAfter`` has an effect.
        typed_kinds: The kinds whose entities have ``type``, ``tags`` and, of some, ``metadata``.
        tells_resolutions: Whether entities have ``resolutions``, which later became ``metadata``.
        redaction_kinds: The kinds of ``redactionPolicies``.
    """

    name: str
    kinds: frozenset[str]
    detects_language: bool
    detection_report: DetectionReport
    healthcare_detection_report: DetectionReport
    takes_default_language: bool
    takes_cancel_after: bool
    typed_kinds: frozenset[str] = frozenset()
    tells_resolutions: bool = False
    redaction_kinds: tuple[str, ...] = ("noMask", "characterMask", "entityMask", "syntheticReplacement")

    def detection_report_of(self, kind: str) -> DetectionReport:
        """Return how results of one kind tell the detected language."""
        return self.healthcare_detection_report if kind == "Healthcare" else self.detection_report


def _kinds(name: str, *, preview: bool) -> frozenset[str]:
    kinds = _PREBUILT | _CUSTOM
    if preview or name >= "2023":
        kinds |= {"ExtractiveSummarization"}
    if name >= "2022-10-01":
        kinds |= {"AbstractiveSummarization"}
    if name in _WITH_RETIRED_KINDS:
        kinds |= _RETIRED
    return kinds


def _typed_kinds(name: str, *, preview: bool) -> frozenset[str]:
    since = {
        "EntityRecognition": "2023-04-15" if preview else "2024-11-01",
        "PiiEntityRecognition": "2024-11-15" if preview else "2026-05-01",
    }
    return frozenset(kind for kind, first in since.items() if name >= first)


def _language_version(name: str) -> ApiVersion:
    # Names start with an ISO date, so they compare like dates.
    preview = name.endswith("-preview")
    # The documents of 2022-05-01 and of 2023-04-01 say that these do not (docs/service.md, bodies).
    detects = name >= "2022-07-01" and name != "2023-04-01"
    report = DetectionReport.NOTHING
    if name.startswith("2022-07-01"):
        report = DetectionReport.CODE
    elif preview and detects:
        # The stable versions up to 2026-05-01 have no field for it.
        report = DetectionReport.OBJECT
    return ApiVersion(
        name=name,
        kinds=_kinds(name, preview=preview),
        detects_language=detects,
        detection_report=report,
        # Recorded in autodetect_language_2022-10-01-preview: Healthcare alone still answers with a string.
        healthcare_detection_report=DetectionReport.CODE if name.startswith("2022-10-01") else report,
        takes_default_language=preview and detects,
        takes_cancel_after=name >= ("2025-05-15" if preview else "2026-05-01"),
        typed_kinds=_typed_kinds(name, preview=preview),
        tells_resolutions=name.startswith("2022-10-01"),
    )


LANGUAGE_VERSIONS: Mapping[str, ApiVersion] = MappingProxyType(
    {name: _language_version(name) for name in (*STABLE, *PREVIEWS)}
)
"""The versions of the Language API from the first stable one on, by the value of ``api-version``."""

TEXT_ANALYTICS_V3_1 = ApiVersion(
    name="v3.1",
    kinds=_PREBUILT,
    detects_language=False,
    detection_report=DetectionReport.NOTHING,
    healthcare_detection_report=DetectionReport.NOTHING,
    takes_default_language=False,
    takes_cancel_after=False,
)
"""The legacy API; Healthcare has jobs of its own there, see `health_jobs`."""


def find_version(versions: Mapping[str, ApiVersion], query: Mapping[str, str]) -> ApiVersion:
    """Return the version that a query names.

    Raises:
        GatewayError: 404, the version is missing or unknown.
    """
    try:
        return versions[query["api-version"]]
    except KeyError:
        raise gateway_errors.no_such_resource() from None
