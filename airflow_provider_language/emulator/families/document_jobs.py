"""Jobs of native documents: how their bodies are read and written."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from airflow_provider_language.emulator.blobs.places import Place, PlaceError, parse_place
from airflow_provider_language.emulator.families import language_jobs
from airflow_provider_language.emulator.families.document_analysis import NativeDocument
from airflow_provider_language.emulator.jobs.life import Phase
from airflow_provider_language.emulator.protocol import errors, limits, parameter_versions
from airflow_provider_language.emulator.protocol.job_requests import (
    DEFAULT_LANGUAGE,
    Submission,
    Task,
    read_id,
)
from airflow_provider_language.emulator.protocol.json_bodies import (
    list_of_objects,
    optional_object,
    optional_string,
)
from airflow_provider_language.emulator.protocol.parameter_checks import check_parameters
from airflow_provider_language.emulator.protocol.versions import ApiVersion, DetectionReport

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from airflow_provider_language.emulator.jobs.life import Job, Progress
    from airflow_provider_language.emulator.jobs.outcomes import TaskOutcome
    from airflow_provider_language.emulator.protocol.paging import Page

_MAX_DOCUMENTS = 40
"""The page on PII in native documents says 40, the overview 20: refused is only what both refuse."""

_BLOB = "AzureBlob"
_LOCATION_KINDS = (_BLOB, "AzureContainer", "AzureContainerFolder")
_FIRST_WITH_CONTAINERS = "2026-05-01"
_MARKER = "markerMask"
_REDACTION_KINDS = ("noMask", "characterMask", "entityMask", "syntheticReplacement", _MARKER)
_PII = frozenset({"PiiEntityRecognition"})
_SUMMARIES = frozenset({"ExtractiveSummarization", "AbstractiveSummarization"})


def _version(name: str) -> ApiVersion:
    # The models of the summarization tasks are in the previews alone, of the last one by some documents only.
    summaries = _SUMMARIES if name != _FIRST_WITH_CONTAINERS else frozenset()
    return ApiVersion(
        name=name,
        kinds=_PII | summaries,
        detects_language=True,
        detection_report=DetectionReport.NOTHING,
        healthcare_detection_report=DetectionReport.NOTHING,
        takes_default_language=True,
        takes_cancel_after=False,
        typed_kinds=_PII if name >= "2024-11-01" else frozenset(),
        redaction_kinds=_REDACTION_KINDS[: None if name > _FIRST_WITH_CONTAINERS else 3],
    )


DOCUMENT_VERSIONS: Mapping[str, ApiVersion] = MappingProxyType(
    {
        name: _version(name)
        for name in ("2023-11-15-preview", "2024-11-15-preview", "2026-05-01", "2026-05-15-preview")
    }
)
"""The versions of analyze-documents jobs, by the value of ``api-version``."""


def read_submission(body: Mapping[str, Any], version: ApiVersion) -> Submission:
    """Return what a submission's body asks for.

    Args:
        body: The JSON body.
        version: The API version; it decides which kinds and which kinds of locations there are.

    Raises:
        ServiceError: The request is refused: first by its shape, then by its documents, then by the
            parameters of its tasks.
    """
    owner = optional_object(body, "analysisInput")
    tasks = language_jobs.read_tasks(body, version, parameter_versions.DOCUMENTS)
    documents = tuple(_read_document(item, version) for item in list_of_objects(owner, "documents"))
    if not documents:
        raise errors.missing_documents("MissingInputDocuments")
    limits.check_batch(documents, _MAX_DOCUMENTS)
    for task in tasks:
        check_parameters(task, version)
    _tell_of_disputes(tasks, version)
    return Submission(
        documents=documents,
        tasks=tasks,
        display_name=optional_string(body, "displayName"),
        default_language=optional_string(body, "defaultLanguage") or DEFAULT_LANGUAGE,
    )


def _tell_of_disputes(tasks: Sequence[Task], version: ApiVersion) -> None:
    """Tell of what the last preview has by one published document, and has not by another one."""
    if version.name <= _FIRST_WITH_CONTAINERS:
        return
    kinds = {policy.get("policyKind") for task in tasks for policy in _policies(task)}
    for what in sorted(
        {task.kind for task in tasks} & _SUMMARIES | {str(kind) for kind in kinds} & {_MARKER}
    ):
        parameter_versions.tell_of_dispute(what)


def _policies(task: Task) -> Sequence[Mapping[str, Any]]:
    return task.parameters.get("redactionPolicies") or ()


def _read_document(item: Mapping[str, Any], version: ApiVersion) -> NativeDocument:
    identifier = read_id(item)
    source_kind, source = _read_location(item, "source", identifier, version)
    # The first samples call the target of a request "targets".
    _, target = _read_location(item, "target" if "target" in item else "targets", identifier, version)
    return NativeDocument(
        id=identifier,
        text="",
        language=optional_string(item, "language") or "",
        source_kind=source_kind,
        source=source,
        target=target,
    )


def _read_location(
    item: Mapping[str, Any], field: str, identifier: str, version: ApiVersion
) -> tuple[str, Place]:
    sent = optional_object(item, field)
    # The service takes locations without a kind (recording documents_cancel).
    kind = optional_string(sent, "kind") or _BLOB
    known = _LOCATION_KINDS if version.name >= _FIRST_WITH_CONTAINERS else (_BLOB,)
    if kind not in known:
        raise errors.invalid_parameter(
            f"Location kind '{kind}' is not supported in api-version {version.name}. "
            f"Supported kinds: {', '.join(known)}."
        )
    try:
        place = parse_place(optional_string(sent, "location") or "")
    except PlaceError as error:
        raise errors.invalid_document(f"Document {identifier}, '{field}': {error}") from error
    if field == "source" and kind == _BLOB and not place.path:
        raise errors.invalid_document(f"Document {identifier}: 'source' names no blob.")
    return kind, place


def write_state(
    job: Job, progress: Progress, outcomes: Sequence[TaskOutcome], page: Page, version: ApiVersion
) -> dict[str, Any]:
    """Return the body of a job, in wire order and without ``nextLink``.

    Args:
        job: The job.
        progress: What the clock says about it.
        outcomes: Those of its finished tasks.
        page: The part of the results that is asked for.
        version: The API version that asks.
    """
    body = language_jobs.write_state(job, progress, outcomes, page, version)
    if progress.phase is Phase.CANCELLED:
        for item in body["tasks"]["items"]:
            item["results"]["modelVersion"] = ""  # recording documents_cancel; jobs of texts say "latest"
    return body
