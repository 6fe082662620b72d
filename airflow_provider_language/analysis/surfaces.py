"""The job families of the service, as one table: paths, versions, limits, paging names, cancelling."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from airflow_provider_language.exceptions import InvalidInputError

LEGACY_VERSION = "v3.1"
DEFAULT_VERSION = "2026-05-01"
"""The newest stable version of analyze-text (API.md section 1)."""

JOB_ID = r"[0-9A-Za-z][0-9A-Za-z_-]{0,127}"
"""A job id as one path segment: a uuid in every recording; no dot, slash or percent sign can be in it."""

VERSION = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(-preview)?")

_PREBUILT = frozenset(
    {
        "SentimentAnalysis",
        "EntityRecognition",
        "PiiEntityRecognition",
        "KeyPhraseExtraction",
        "EntityLinking",
    }
)
_KINDS_2022 = _PREBUILT | {
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
"""Which task kinds an api-version of analyze-text knows (API.md section 2.1)."""


_SUMMARY = "ConversationalSummarizationTask"
_CONVERSATION_PII = "ConversationalPIITask"
_CUSTOM_SUMMARY = "CustomConversationalSummarizationTask"
_SENTIMENT = "ConversationalSentimentTask"
_CONVERSATIONS_2022 = frozenset({_SUMMARY, _CONVERSATION_PII})
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
"""Which task kinds an api-version of analyze-conversations knows (API.md section 2.3).

The custom kind and sentiment are in previews only; the OpenAPI documents of 2022-10-01-preview to
2024-11-15-preview tell which.
"""

_PII = frozenset({"PiiEntityRecognition"})
_PII_AND_SUMMARIES = _PII | {"ExtractiveSummarization", "AbstractiveSummarization"}

NATIVE_DOCUMENT_KINDS: Mapping[str, frozenset[str]] = {
    "2023-11-15-preview": _PII_AND_SUMMARIES,
    "2024-11-15-preview": _PII_AND_SUMMARIES,
    "2026-05-01": _PII,
    "2026-05-15-preview": _PII,
}
"""Which task kinds an api-version of analyze-documents knows (API.md section 2.4)."""


class CancelVerb(Enum):
    """How a family cancels a job."""

    POST = "POST"
    DELETE = "DELETE"
    NONE = "none"


@dataclass(frozen=True)
class Surface:
    """One family of asynchronous jobs.

    Args:
        name: as the field calls it.
        submit_path: where jobs are posted.
        jobs_path: below it, a job is found by its id.
        version_in_query: whether requests carry ``api-version``.
        kinds: the task kinds by version.
        cancel: how a job is cancelled.
        top, skip: the names of the paging parameters.
        next_link: the name of the field that announces another page.
        inputs: what the family calls its documents, in requests and in results.
        max_documents: per job.
        max_characters: text elements over all documents of a job (API.md section 5).
        page: how many documents' results to ask for at once, which is as many as a job has; the service's own
            default is 20. None where no specification knows the parameter (API.md section 1.4).
    """

    name: str
    submit_path: str
    jobs_path: str
    version_in_query: bool
    kinds: Mapping[str, frozenset[str]]
    cancel: CancelVerb
    top: str
    skip: str
    next_link: str
    inputs: str = "documents"
    max_documents: int = 25
    max_characters: int = 125_000
    page: int | None = 25

    def job_path(self, job_id: str) -> str:
        """The path of one job."""
        return f"{self.jobs_path}/{job_id}"

    @property
    def newest_stable(self) -> str:
        """The version that a job of this family has where its author names none."""
        return max(version for version in self.kinds if not version.endswith("-preview"))

    def limits(self, kinds: frozenset[str]) -> tuple[int, int]:
        """How many documents, and how many characters over all of them, a job with these kinds takes.

        Personal information is looked for in one conversation at a time, of 40,000 characters at most
        (API.md section 5).
        """
        return (1, 40_000) if _CONVERSATION_PII in kinds else (self.max_documents, self.max_characters)

    def version_query(self, version: str) -> tuple[tuple[str, str], ...]:
        """The query that names the version, where the path does not."""
        return (("api-version", version),) if self.version_in_query else ()


ANALYZE_TEXT = Surface(
    name="analyze-text",
    submit_path="/language/analyze-text/jobs",
    jobs_path="/language/analyze-text/jobs",
    version_in_query=True,
    kinds=TEXT_KINDS,
    cancel=CancelVerb.POST,
    top="top",
    skip="skip",
    next_link="nextLink",
)
ANALYZE_CONVERSATIONS = Surface(
    name="analyze-conversations",
    submit_path="/language/analyze-conversations/jobs",
    jobs_path="/language/analyze-conversations/jobs",
    version_in_query=True,
    kinds=CONVERSATION_KINDS,
    cancel=CancelVerb.POST,
    # In no specification; a nextLink, which is in all of them, would have to name them to be of use.
    top="top",
    skip="skip",
    next_link="nextLink",
    inputs="conversations",
    page=None,
)
ANALYZE_DOCUMENTS = Surface(
    name="analyze-documents",
    submit_path="/language/analyze-documents/jobs",
    jobs_path="/language/analyze-documents/jobs",
    version_in_query=True,
    kinds=NATIVE_DOCUMENT_KINDS,
    cancel=CancelVerb.POST,
    top="top",
    skip="skip",
    next_link="nextLink",
    # The pages of the documentation say 20 and 40; what one of them allows is not refused.
    max_documents=40,
    page=40,
)
LEGACY_ANALYZE = Surface(
    name="Text Analytics v3.1 analyze",
    submit_path="/text/analytics/v3.1/analyze",
    jobs_path="/text/analytics/v3.1/analyze/jobs",
    version_in_query=False,
    kinds={LEGACY_VERSION: _PREBUILT},
    cancel=CancelVerb.NONE,
    top="$top",
    skip="$skip",
    next_link="@nextLink",
)
LEGACY_HEALTH = Surface(
    name="Text Analytics v3.1 health",
    submit_path="/text/analytics/v3.1/entities/health/jobs",
    jobs_path="/text/analytics/v3.1/entities/health/jobs",
    version_in_query=False,
    kinds={LEGACY_VERSION: frozenset({"Healthcare"})},
    cancel=CancelVerb.DELETE,
    top="$top",
    skip="$skip",
    next_link="@nextLink",
)

SURFACES: tuple[Surface, ...] = (
    ANALYZE_TEXT,
    ANALYZE_CONVERSATIONS,
    ANALYZE_DOCUMENTS,
    LEGACY_ANALYZE,
    LEGACY_HEALTH,
)


def surface_for(version: str, kinds: frozenset[str], family: Surface = ANALYZE_TEXT) -> Surface:
    """Choose the surface that runs these task kinds at this version.

    Args:
        version: an api-version, or ``v3.1`` for the legacy Text Analytics API.
        kinds: the task kinds of the job.
        family: the one that the type of the input decides on.

    Raises:
        InvalidInputError: the version is none of the family, or does not know one of the kinds.
    """
    legacy = family is ANALYZE_TEXT
    if legacy and version == LEGACY_VERSION:
        surface = LEGACY_HEALTH if kinds == {"Healthcare"} else LEGACY_ANALYZE
    elif version in family.kinds:
        surface = family
    else:
        raise InvalidInputError(
            f"{version!r} is no version of the API {family.name}; those are {', '.join(family.kinds)}"
            f"{f' and {LEGACY_VERSION}' if legacy else ''}."
        )
    unknown = kinds - surface.kinds[version]
    if unknown:
        raise InvalidInputError(
            f"{surface.name} {version} does not know {', '.join(sorted(unknown))}; "
            f"it knows {', '.join(sorted(surface.kinds[version]))}."
        )
    return surface


def knows_auto_language(version: str, family: Surface = ANALYZE_TEXT) -> bool:
    """Whether a document's language may be ``auto`` (2022-07-01-preview on; API.md section 2.1).

    The documentation excludes the stable versions 2022-05-01 and 2023-04-01. Of conversations no source says
    so; native documents have a ``defaultLanguage`` for it in all versions.
    """
    if family is not ANALYZE_TEXT:
        return family is ANALYZE_DOCUMENTS
    return version not in {LEGACY_VERSION, "2022-05-01", "2022-05-15-preview", "2023-04-01"}


def knows_default_language(version: str, family: Surface = ANALYZE_TEXT) -> bool:
    """Whether a job may name a ``defaultLanguage`` (API.md section 1.1)."""
    return knows_auto_language(version, family) and version != "2024-11-01"


def knows_cancel_after(version: str, family: Surface = ANALYZE_TEXT) -> bool:
    """Whether a job may carry ``cancelAfter`` (2025-05-15-preview on; API.md section 1.1)."""
    return family is not ANALYZE_DOCUMENTS and bool(VERSION.fullmatch(version)) and version >= "2025-05-15"
