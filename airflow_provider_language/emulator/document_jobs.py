"""Jobs of native documents: how their bodies are read and written."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from . import errors, language_jobs, limits
from .document_analysis import NativeDocument
from .jobs import Phase
from .parameters import check_parameters
from .places import Place, PlaceError, parse_place
from .submissions import (
    DEFAULT_LANGUAGE,
    Submission,
    Task,
    list_of_objects,
    optional_object,
    optional_string,
    read_id,
)
from .versions import ApiVersion, DetectionReport

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .analysis import TaskOutcome
    from .jobs import Job, Progress
    from .paging import Page

_MAX_DOCUMENTS = 40
"""The page on PII in native documents says 40, the overview 20: refused is only what both refuse."""

_BLOB = "AzureBlob"
_LOCATION_KINDS = (_BLOB, "AzureContainer", "AzureContainerFolder")
_FIRST_WITH_CONTAINERS = "2026-05-01"
_SUMMARIES = frozenset({"ExtractiveSummarization", "AbstractiveSummarization"})
# Parameters that the tasks of texts have in this version, and those of documents have not.
_ONLY_OF_TEXTS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "2026-05-01": frozenset(
            {
                "valueExclusionPolicy",
                "entitySynonyms",
                "confidenceScoreThreshold",
                "disableEntityValidation",
            }
        )
    }
)


def _version(name: str) -> ApiVersion:
    # The models of the summarization tasks are in the previews alone.
    summaries = _SUMMARIES if name < _FIRST_WITH_CONTAINERS else frozenset()
    return ApiVersion(
        name=name,
        kinds=frozenset({"PiiEntityRecognition"}) | summaries,
        detects_language=True,
        detection_report=DetectionReport.NOTHING,
        healthcare_detection_report=DetectionReport.NOTHING,
        takes_default_language=True,
        takes_cancel_after=False,
        tells_entity_types=name >= "2024-11-01",
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
    tasks = tuple(_without_foreign(task, version) for task in language_jobs.read_tasks(body, version))
    documents = tuple(_read_document(item, version) for item in list_of_objects(owner, "documents"))
    if not documents:
        raise errors.missing_documents("MissingInputDocuments")
    limits.check_batch(documents, _MAX_DOCUMENTS)
    for task in tasks:
        check_parameters(task)
        _check_policies(task, version)
    return Submission(
        documents=documents,
        tasks=tasks,
        display_name=optional_string(body, "displayName"),
        default_language=optional_string(body, "defaultLanguage") or DEFAULT_LANGUAGE,
    )


def _without_foreign(task: Task, version: ApiVersion) -> Task:
    foreign = _ONLY_OF_TEXTS.get(version.name, frozenset())
    parameters = {name: value for name, value in task.parameters.items() if name not in foreign}
    return Task(task.kind, task.name, MappingProxyType(parameters))


def _check_policies(task: Task, version: ApiVersion) -> None:
    """Refuse the redaction that the first stable version has for texts only."""
    policies = task.parameters.get("redactionPolicies") or []
    if version.name == _FIRST_WITH_CONTAINERS and any(
        str(policy.get("policyKind")).lower() == "syntheticreplacement" for policy in policies
    ):
        raise errors.invalid_parameter(
            "Redaction policy 'syntheticReplacement' is not supported for documents. "
            "Supported policies: noMask, characterMask, entityMask."
        )


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
    # The service takes locations without a kind (recording documents_submit_notstarted).
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
            item["results"]["modelVersion"] = ""  # as recorded, where the texts' jobs say "latest"
    return body
