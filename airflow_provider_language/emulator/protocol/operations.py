"""What a request does, told from its method and path alone, whichever family it belongs to."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

Operation = Literal["submit", "status", "cancel", "sync"]
"""Submit a job, look at it, cancel it, or have an answer at once."""

_JOB = re.compile(r"/jobs/(?P<id>[^/:]+)(?P<cancel>:cancel)?$")
_SUBMISSION = re.compile(r"/(jobs|analyze)$")
_LEGACY = re.compile(r"^/*text/analytics/([^/]+)/")
_NAMES: Mapping[Operation | None, str] = {
    "submit": "Submit {} job",
    "status": "Get {} status and results",
    "cancel": "Cancel {} job",
    "sync": "{}",
}
_SUBJECTS: Mapping[str, str] = {
    "analyze": "analysis",
    "analyze-text": "analysis",
    "analyze-conversations": "conversation analysis",
    "analyze-documents": "document analysis",
}


def operation_of(method: str, path: str) -> Operation | None:
    """Return what a request does; None if the service has nothing like it.

    Args:
        method: The HTTP method.
        path: The path without the query. That there is such a path is not looked at.
    """
    job = _JOB.search(path)
    if job is not None:
        if method == "GET" and not job["cancel"]:
            return "status"
        return "cancel" if (method == "POST" and job["cancel"]) or method == "DELETE" else None
    if method != "POST":
        return None
    return "submit" if _SUBMISSION.search(path) else "sync"


def job_id_of(path: str) -> str | None:
    """Return the id of the job that a path names, if it names one.

    Args:
        path: The path without the query; a URL without a query will do.
    """
    job = _JOB.search(path)
    return job["id"] if job else None


def described_operation(method: str, path: str, api_version: str | None) -> str:
    """Return an operation as the gateway names it.

    The words for jobs of texts are quoted in azure-sdk-for-net#26521 and azure-sdk-for-js#18941; those for
    other families and versions are made after them.

    Args:
        method: The HTTP method.
        path: The path without the query.
        api_version: The query's ``api-version``; None where the path has the version.
    """
    _, _, rest = path.strip("/").partition("/")
    feature = rest.split("/jobs")[0].rpartition("/")[2].lstrip(":")
    operation = operation_of(method, path)
    subject = feature if operation == "sync" else _SUBJECTS.get(feature, feature)
    name = _NAMES.get(operation, "{}").format(subject)
    legacy = _LEGACY.search(path)
    api = f"Text Analytics API ({legacy[1]})" if legacy else f"Language API ({api_version})"
    return f"{name} Operation under {api}"
