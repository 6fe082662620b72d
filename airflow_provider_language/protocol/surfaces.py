"""The job families of the service, as one table: paths, limits, paging names, cancelling."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.protocol.versions import (
    CONVERSATION_KINDS,
    CONVERSATION_PII,
    LEGACY_VERSION,
    NATIVE_DOCUMENT_KINDS,
    PREBUILT,
    TEXT_KINDS,
    is_later,
    is_preview,
)

JOB_ID = r"[0-9A-Za-z][0-9A-Za-z_-]{0,127}"
"""A job id as one path segment: a uuid in every recording; no dot, slash or percent sign can be in it."""

LEGACY_ARRAYS: Mapping[str, str] = {
    "entityRecognitionTasks": "EntityRecognition",
    "entityLinkingTasks": "EntityLinking",
    "entityRecognitionPiiTasks": "PiiEntityRecognition",
    "keyPhraseExtractionTasks": "KeyPhraseExtraction",
    "sentimentAnalysisTasks": "SentimentAnalysis",
}
"""v3.1's arrays of tasks, in the order of recording analyze_v3_1, and the kinds they hold."""


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
        max_characters: text elements over all documents of a job (docs/service.md, limits).
        page: how many documents' results to ask for at once, which is as many as a job has; the service's own
            default is 20. None where no specification knows the parameter (docs/service.md, paging).
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
        return max(version for version in self.kinds if not is_preview(version))

    def like(self, version: str) -> str | None:
        """The version of the tables that says what a version has: itself, or the newest one before it.

        One that was published after these tables is taken to have what the newest of its sort has: what only
        previews have may not be in the next stable version, and the service may ignore what it does not know.

        Returns:
            None if there is no such version: it is misspelt, or older than the tables, which do not have it.
        """
        if version in self.kinds:
            return version
        if not self.version_in_query or not is_later(version):
            return None
        return max(known for known in self.kinds if is_preview(known) == is_preview(version))

    def kinds_at(self, version: str) -> frozenset[str]:
        """The task kinds that a version has; none if there is no such version."""
        return self.kinds.get(self.like(version) or "", frozenset())

    def limits(self, kinds: frozenset[str]) -> tuple[int, int]:
        """How many documents, and how many characters over all of them, a job with these kinds takes.

        Personal information is looked for in one conversation at a time, of 40,000 characters at most
        (docs/service.md, limits).
        """
        return (1, 40_000) if CONVERSATION_PII in kinds else (self.max_documents, self.max_characters)

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
    kinds={LEGACY_VERSION: PREBUILT},
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
        version: an api-version, also one that is later than the known ones, or ``v3.1`` for the legacy Text
            Analytics API.
        kinds: the task kinds of the job.
        family: the one that the type of the input decides on.

    Raises:
        InvalidInputError: the version is none of the family, or does not know one of the kinds.
    """
    legacy = family is ANALYZE_TEXT
    if legacy and version == LEGACY_VERSION:
        surface = LEGACY_HEALTH if kinds == {"Healthcare"} else LEGACY_ANALYZE
    elif family.like(version):
        surface = family
    else:
        raise InvalidInputError(
            f"{version!r} is no version of the API {family.name}; those are {', '.join(family.kinds)}"
            f"{f' and {LEGACY_VERSION}' if legacy else ''}."
        )
    unknown = kinds - surface.kinds_at(version)
    if unknown:
        raise InvalidInputError(
            f"{surface.name} {version} does not know {', '.join(sorted(unknown))}; "
            f"it knows {', '.join(sorted(surface.kinds_at(version)))}."
        )
    return surface
