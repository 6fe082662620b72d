"""The results of one task as they stand in a job's body, the same in every API."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from airflow_provider_language.emulator.engines import renumber, with_resolutions, without_types
from airflow_provider_language.emulator.protocol.identity import MODEL_VERSION
from airflow_provider_language.emulator.protocol.versions import DetectionReport

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from airflow_provider_language.emulator.engines import DetectedLanguage
    from airflow_provider_language.emulator.jobs.life import Job, Progress
    from airflow_provider_language.emulator.jobs.outcomes import DocumentOutcome, Language, TaskOutcome
    from airflow_provider_language.emulator.protocol.job_requests import Task
    from airflow_provider_language.emulator.protocol.paging import Page
    from airflow_provider_language.emulator.protocol.versions import ApiVersion

_CHARACTERS_PER_TRANSACTION = 1000

# The service's serializer writes these fields of a kind in front of the ones that all kinds share, and
# "warnings" at the end, where Healthcare alone adds one more.
_BEFORE_ID = ("redactedText", "summaries")
_BEFORE_STATISTICS = ("sentiment", "keyPhrases", "class")
_AT_THE_END = ("warnings", "fhirBundle")

_WITH_ENTITY_TYPES = ("EntityRecognition", "PiiEntityRecognition")


def job_time(moment: datetime) -> str:
    """Return a time of a job: whole seconds, for example ``2022-06-09T17:10:16Z``."""
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def item_time(moment: datetime) -> str:
    """Return a time of a task: fractions of a second without trailing zeros."""
    fraction = f"{moment:.%f}".rstrip("0").rstrip(".")
    return f"{moment:%Y-%m-%dT%H:%M:%S}{fraction}Z"


def job_errors(
    tasks: Sequence[Task], outcomes: Sequence[TaskOutcome], pointers: Sequence[str | None]
) -> list[dict[str, Any]]:
    """Return the ``errors`` of a job, after the SDK team's mocks.

    There is one for each task that failed and whose error has a target, and one for all the others.

    Args:
        tasks: All tasks of the job.
        outcomes: Those of its finished tasks.
        pointers: Where each task's item stands in the body, for the error's ``target``; None if nowhere.
    """
    failed = [
        (task.kind.lower(), outcome, pointer)
        for task, outcome, pointer in zip(tasks, outcomes, pointers, strict=False)
        if outcome.failure is not None
    ]
    summary = f"{len(failed)} out of {len(tasks)} job tasks failed. Failed job tasks :"
    told = [
        _job_error(f"{summary} {kind}. {outcome.failure}", target=pointer)
        for kind, outcome, pointer in failed
        if outcome.has_target and pointer is not None
    ]
    untargeted = [
        (kind, outcome.failure)
        for kind, outcome, pointer in failed
        if not outcome.has_target or pointer is None
    ]
    if untargeted:
        kinds = ", ".join(kind for kind, _ in untargeted)
        told.append(_job_error(f"{summary} {kinds}. {untargeted[0][1]}"))
    return told


def _job_error(message: str, **target: str) -> dict[str, Any]:
    return {"code": "InternalServerError", "message": message, **target}


def task_counts(job: Job, progress: Progress, outcomes: Sequence[TaskOutcome]) -> dict[str, Any]:
    """Return the counters of a job's ``tasks``.

    Args:
        job: The job.
        progress: What the clock says about it.
        outcomes: Those of its finished tasks. A cancelled job counts its tasks nowhere but in the total.
    """
    failed = sum(outcome.failure is not None for outcome in outcomes)
    ended = progress.phase.is_over
    return {
        "completed": len(outcomes) - failed,
        "failed": failed,
        "inProgress": 0 if ended else len(job.tasks) - len(outcomes),
        "total": len(job.tasks),
    }


def cancelled_results(task: Task) -> dict[str, Any]:
    """Return the results of a task that was cancelled: none, whatever had been computed."""
    model = task.parameters.get("modelVersion") or "latest"
    return {"documents": [], "errors": [], **origin(task, model)}


def task_results(task: Task, outcome: TaskOutcome, page: Page, version: ApiVersion) -> dict[str, Any]:
    """Return one page of the results of a task that succeeded.

    Args:
        task: The task.
        outcome: What became of it.
        page: The part that is asked for. It counts input documents, so that a document in error takes
            the place that its result would have had; statistics are of the page alone.
        version: The API version that asks.
    """
    window = outcome.documents[page.skip : page.skip + page.top]
    valid = [(document, document.fields) for document in window if document.fields is not None]
    layout = _Layout(version, task.kind, page.with_statistics)
    body: dict[str, Any] = {}
    if page.with_statistics:
        body["statistics"] = request_statistics(len(window), (document.characters for document, _ in valid))
    body["documents"] = [
        layout.document(document, fields, index) for index, (document, fields) in enumerate(valid)
    ]
    body["errors"] = [
        {"id": document.id, "error": document.error} for document in window if document.error is not None
    ]
    return {**body, **origin(task, MODEL_VERSION)}


def request_statistics(total: int, valid: Iterable[int]) -> dict[str, int]:
    """Return the statistics of a page.

    Args:
        total: Documents of the page.
        valid: The text elements of those that have a result.
    """
    sizes = list(valid)
    return {
        "documentsCount": total,
        "validDocumentsCount": len(sizes),
        "erroneousDocumentsCount": total - len(sizes),
        "transactionsCount": sum(_transactions(size) for size in sizes),
    }


def document_statistics(characters: int) -> dict[str, int]:
    """Return the statistics of a document of so many text elements."""
    return {"charactersCount": characters, "transactionsCount": _transactions(characters)}


def detected_language(detected: DetectedLanguage) -> dict[str, Any]:
    """Return a language as the service describes it."""
    return {
        "name": detected.name,
        "iso6391Name": detected.iso6391_name,
        "confidenceScore": detected.confidence,
    }


def _transactions(characters: int) -> int:
    return math.ceil(characters / _CHARACTERS_PER_TRANSACTION)


def origin(task: Task, model_version: str) -> dict[str, Any]:
    """Return the fields that say what model found a task's results.

    Args:
        task: The task; of a custom kind, its project is told and no version.
        model_version: What is told of other kinds.
    """
    if task.is_custom:
        return {name: task.parameters.get(name) for name in ("projectName", "deploymentName")}
    return {"modelVersion": model_version}


@dataclass(frozen=True)
class _Layout:
    """How the documents of a page are written."""

    version: ApiVersion
    kind: str
    with_statistics: bool

    def document(self, document: DocumentOutcome, json_fields: bytes, index: int) -> dict[str, Any]:
        """Return a result document that stands at an index of the page."""
        fields: dict[str, Any] = {"warnings": [], **renumber(json.loads(json_fields), index)}
        if "entities" in fields and self.kind in _WITH_ENTITY_TYPES:
            fields = self._told(fields)
        statistics = {"statistics": document_statistics(document.characters)} if self.with_statistics else {}
        placed = (*_BEFORE_ID, *_BEFORE_STATISTICS, *_AT_THE_END)
        return {
            **_pick(fields, _BEFORE_ID),
            "id": document.id,
            **_pick(fields, _BEFORE_STATISTICS),
            **statistics,
            **{name: value for name, value in fields.items() if name not in placed},
            **_pick(fields, _AT_THE_END),
            **_detection(document.language, self.version.detection_report_of(self.kind)),
        }

    def _told(self, fields: dict[str, Any]) -> dict[str, Any]:
        """Return entities with what the version tells of them."""
        if self.kind in self.version.typed_kinds:
            return fields
        if self.kind == "EntityRecognition" and self.version.tells_resolutions:
            return with_resolutions(fields)
        return without_types(fields)


def _pick(fields: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    return {name: fields[name] for name in names if name in fields}


def _detection(language: Language, report: DetectionReport) -> dict[str, Any]:
    if language.detected is None or report is DetectionReport.NOTHING:
        return {}
    told: Any = detected_language(language.detected)
    if report is DetectionReport.CODE:
        told = language.detected.iso6391_name
    # In no specification, but on the wire in the recording autodetect_language_2022-10-01-preview.
    return {"detectedLanguage": told, "isLanguageDefaulted": language.is_defaulted}
