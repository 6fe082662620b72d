"""The families of job operations that the emulator serves, as one table.

Families differ in paths, in where the version stands, and in how bodies are read and written; the life of
a job is the same in all.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from airflow_provider_language.emulator.families import (
    conversation_jobs,
    document_analysis,
    document_jobs,
    health_jobs,
    language_jobs,
    legacy_jobs,
)
from airflow_provider_language.emulator.families.conversation_versions import CONVERSATION_VERSIONS
from airflow_provider_language.emulator.protocol import limits
from airflow_provider_language.emulator.protocol.paging import Page, PagingNames
from airflow_provider_language.emulator.protocol.versions import (
    LANGUAGE_VERSIONS,
    TEXT_ANALYTICS_V3_1,
    ApiVersion,
    find_version,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from airflow_provider_language.emulator.families.document_analysis import Run
    from airflow_provider_language.emulator.jobs.life import Job, Progress
    from airflow_provider_language.emulator.jobs.outcomes import TaskOutcome
    from airflow_provider_language.emulator.protocol.job_requests import Submission


class Cancel(enum.Enum):
    """How the jobs of a family are cancelled."""

    NEVER = enum.auto()
    POST = enum.auto()  # to the job's path with ":cancel"
    DELETE = enum.auto()  # of the job's path


@dataclass(frozen=True)
class Family:
    """One family of job operations.

    Attributes:
        name: For the job store; a job is found only by the operations of its own family.
        submit_path: Where jobs are submitted.
        jobs_path: Where jobs are, without their ids.
        versions: The versions by the query's ``api-version``; None where the path is the version.
        read: From a body and a query to what they ask for.
        write: From a job to its body.
        cancel: How a job is cancelled.
        paging: How the family spells paging; None if all results come at once.
        chunked: Whether successful answers are sent chunked.
        analyze: From a submission and what it runs with to the outcomes of its tasks; None where the
            engines of documents do it.
    """

    name: str
    submit_path: str
    jobs_path: str
    versions: Mapping[str, ApiVersion] | None
    read: Callable[[Mapping[str, Any], Mapping[str, str], ApiVersion], Submission]
    write: Callable[[Job, Progress, Sequence[TaskOutcome], Page, ApiVersion], dict[str, Any]]
    cancel: Cancel = Cancel.POST
    paging: PagingNames | None = field(default_factory=PagingNames)
    chunked: bool = False
    analyze: Callable[[Submission, Run], tuple[TaskOutcome, ...]] | None = None

    def version(self, query: Mapping[str, str]) -> ApiVersion:
        """Return the version that a request names.

        Raises:
            GatewayError: 404, the version is missing or unknown.
        """
        return TEXT_ANALYTICS_V3_1 if self.versions is None else find_version(self.versions, query)

    def job_url(self, origin: str, job_id: str, version: ApiVersion) -> str:
        """Return a job's URL, which is what ``operation-location`` holds.

        Args:
            origin: Scheme and host that the client reached the emulator by.
            job_id: The job.
            version: The version that the client uses.
        """
        query = "" if self.versions is None else f"?api-version={version.name}"
        return f"{origin}{self.jobs_path}/{job_id}{query}"

    def page(self, query: Mapping[str, str]) -> Page:
        """Return the part of a job's results that a query asks for.

        Raises:
            ServiceError: The query does not say it well.
        """
        if self.paging is None:
            return Page(top=limits.MAX_DOCUMENTS, show_stats=query.get("showStats"))
        return self.paging.read(query)

    def next_link(self, origin: str, job: Job, version: ApiVersion, page: Page) -> dict[str, str]:
        """Return the field of a job's body with the URL of the next page; empty if this is the last."""
        following = page.after(job.inputs)
        if self.paging is None or following is None:
            return {}
        api_version = None if self.versions is None else version.name
        return self.paging.link(f"{origin}{self.jobs_path}/{job.id}", following, api_version)


def _of_body(
    read: Callable[[Mapping[str, Any], ApiVersion], Submission],
) -> Callable[[Mapping[str, Any], Mapping[str, str], ApiVersion], Submission]:
    """Return a reader that takes nothing from the query."""
    return lambda body, _, version: read(body, version)


# $top is 1 to 50 in the specification of v3.1.
_LEGACY_PAGING = PagingNames("$top", "$skip", "@nextLink", largest=50)

FAMILIES: tuple[Family, ...] = (
    Family(
        name="analyze-text",
        submit_path="/language/analyze-text/jobs",
        jobs_path="/language/analyze-text/jobs",
        versions=LANGUAGE_VERSIONS,
        read=_of_body(language_jobs.read_submission),
        write=language_jobs.write_state,
    ),
    Family(
        name="analyze-conversations",
        submit_path="/language/analyze-conversations/jobs",
        jobs_path="/language/analyze-conversations/jobs",
        versions=CONVERSATION_VERSIONS,
        read=_of_body(conversation_jobs.read_submission),
        write=conversation_jobs.write_state,
        paging=None,
        analyze=lambda submission, run: conversation_jobs.analyze(submission, run.version),
    ),
    Family(
        name="analyze-documents",
        submit_path="/language/analyze-documents/jobs",
        jobs_path="/language/analyze-documents/jobs",
        versions=document_jobs.DOCUMENT_VERSIONS,
        read=_of_body(document_jobs.read_submission),
        write=document_jobs.write_state,
        analyze=document_analysis.analyze,
    ),
    Family(
        name="v3.1 analyze",
        submit_path="/text/analytics/v3.1/analyze",
        jobs_path="/text/analytics/v3.1/analyze/jobs",
        versions=None,
        read=_of_body(legacy_jobs.read_submission),
        write=legacy_jobs.write_state,
        cancel=Cancel.NEVER,
        paging=_LEGACY_PAGING,
        chunked=True,
    ),
    Family(
        name="v3.1 health",
        submit_path="/text/analytics/v3.1/entities/health/jobs",
        jobs_path="/text/analytics/v3.1/entities/health/jobs",
        versions=None,
        read=health_jobs.read_submission,
        write=health_jobs.write_state,
        cancel=Cancel.DELETE,
        paging=_LEGACY_PAGING,
        chunked=True,
    ),
)
