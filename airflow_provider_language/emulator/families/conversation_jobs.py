"""Jobs of analyze-conversations: how their bodies are read, computed and written.

Their state has no pages: no specification of them has ``top`` or ``skip``.
"""

from __future__ import annotations

import json
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from airflow_provider_language.emulator.engines import CONVERSATION_ENGINES, Conversation, UnsupportedLanguage
from airflow_provider_language.emulator.families import task_results
from airflow_provider_language.emulator.families.conversation_inputs import (
    check_conversations,
    count_characters,
    read_conversations,
)
from airflow_provider_language.emulator.families.conversation_parameters import check_task, known_task
from airflow_provider_language.emulator.families.conversation_versions import (
    CUSTOM_SUMMARIZATION,
    DETAILS,
    PII,
    SENTIMENT,
    SUMMARIZATION,
)
from airflow_provider_language.emulator.families.language_jobs import ItemLayout, read_tasks, state
from airflow_provider_language.emulator.jobs.computing import run_task
from airflow_provider_language.emulator.jobs.outcomes import DocumentOutcome, Language, TaskOutcome
from airflow_provider_language.emulator.protocol import document_errors
from airflow_provider_language.emulator.protocol.identity import MODEL_VERSION
from airflow_provider_language.emulator.protocol.job_requests import Submission
from airflow_provider_language.emulator.protocol.json_bodies import (
    optional_number,
    optional_string,
    serialize,
)
from airflow_provider_language.emulator.protocol.offsets import convert_result
from airflow_provider_language.emulator.protocol.parameter_checks import string_index_type

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from airflow_provider_language.emulator.engines import ConversationEngine
    from airflow_provider_language.emulator.jobs.life import Job, Progress
    from airflow_provider_language.emulator.protocol.job_requests import Task
    from airflow_provider_language.emulator.protocol.paging import Page
    from airflow_provider_language.emulator.protocol.versions import ApiVersion

# The service writes them with a small first letter; specifications before 2024-11-15-preview have a capital.
_RESULT_KINDS: Mapping[str, str] = MappingProxyType(
    {
        PII: "conversationalPIIResults",
        SUMMARIZATION: "conversationalSummarizationResults",
        SENTIMENT: "conversationalSentimentResults",
        CUSTOM_SUMMARIZATION: "customConversationalSummarizationResults",
    }
)


def read_submission(body: Mapping[str, Any], version: ApiVersion) -> Submission:
    """Return what a submission's body asks for.

    Args:
        body: The JSON body.
        version: The API version; it decides which kinds and fields there are.

    Raises:
        ServiceError: The request is refused: first by its shape, then by its conversations, then by the
            parameters of its tasks.
    """
    tasks = tuple(known_task(task, DETAILS[version.name]) for task in read_tasks(body, version))
    conversations = read_conversations(body, DETAILS[version.name].timings)
    check_conversations(conversations, for_pii=any(task.kind == PII for task in tasks))
    for task in tasks:
        check_task(task, DETAILS[version.name])
    return Submission(
        documents=(),
        conversations=conversations,
        tasks=tasks,
        display_name=optional_string(body, "displayName"),
        cancel_after=optional_number(body, "cancelAfter") if version.takes_cancel_after else None,
    )


def analyze(submission: Submission, version: ApiVersion) -> tuple[TaskOutcome, ...]:
    """Run all tasks of a job; slow, so not for the event loop.

    Args:
        submission: The job.
        version: The API version that it was submitted by.

    Returns:
        One outcome per task, in submit order. An engine that breaks fails its task, nothing else.
    """
    categories = DETAILS[version.name].categories
    return tuple(
        _run(task, submission.conversations, CONVERSATION_ENGINES[task.kind], categories)
        for task in submission.tasks
    )


def _run(
    task: Task,
    conversations: Sequence[Conversation],
    engine: ConversationEngine,
    categories: Mapping[str, str],
) -> TaskOutcome:
    return run_task(
        task.kind, lambda: [_analyze_one(task, each, engine, categories) for each in conversations]
    )


def _analyze_one(
    task: Task, conversation: Conversation, engine: ConversationEngine, categories: Mapping[str, str]
) -> DocumentOutcome:
    characters, language = count_characters(conversation), Language(conversation.language)
    if not characters:
        return DocumentOutcome(
            conversation.id, characters, language, error=document_errors.empty_document_error()
        )
    try:
        fields = engine(conversation, task.parameters, categories)
    except UnsupportedLanguage as unsupported:
        refusal = document_errors.unsupported_language_error(unsupported.supported)
        return DocumentOutcome(conversation.id, characters, language, error=refusal)
    converted = convert_spans(fields, conversation, task)
    return DocumentOutcome(conversation.id, characters, language, fields=serialize(converted))


def convert_spans(fields: Mapping[str, Any], conversation: Conversation, task: Task) -> dict[str, Any]:
    """Return an engine's result with its offsets in the task's unit, and no engine's notes on them.

    Masks of an entity mask are of the redacted form that the entity was found in.

    Args:
        fields: What the engine returned; it is left as it is.
        conversation: What it was about.
        task: The task; where a kind has no ``stringIndexType``, the unit is text elements.
    """
    unit = string_index_type(task)

    def converted(value: Any, redacted: Mapping[str, str]) -> Any:
        if isinstance(value, list):
            return [converted(each, redacted) for each in value]
        if not isinstance(value, dict):
            return value
        if "form" not in value:
            inner = value.get("redactedContent", redacted)
            return {name: converted(each, inner) for name, each in value.items()}
        span = {name: each for name, each in value.items() if name not in ("item", "form")}
        text = conversation.items[value["item"]].contents[value["form"]]
        mask_text = redacted.get(value["form"])
        located = {"redactedText": mask_text, "span": span} if mask_text is not None else {"span": span}
        return convert_result(located, text, unit)["span"]

    changed: dict[str, Any] = converted(dict(fields), {})
    return changed


def write_state(
    job: Job,
    progress: Progress,
    outcomes: Sequence[TaskOutcome],
    page: Page,
    version: ApiVersion,  # noqa: ARG001 - like the writers of the other families
) -> dict[str, Any]:
    """Return the body of a job, in wire order.

    Args:
        job: The job.
        progress: What the clock says about it.
        outcomes: Those of its finished tasks.
        page: Whether statistics are asked for.
        version: Not read, since all versions write alike.
    """
    layout = ItemLayout(
        kind=lambda task: _RESULT_KINDS[task.kind],
        results=lambda task, outcome: _results(task, outcome, with_statistics=page.with_statistics),
        cancelled=_cancelled,
    )
    return state(job, progress, outcomes, layout)


def _cancelled(task: Task) -> dict[str, Any]:
    model = task.parameters.get("modelVersion") or "latest"
    return {"conversations": [], "errors": [], **task_results.origin(task, model)}


def _results(task: Task, outcome: TaskOutcome, *, with_statistics: bool) -> dict[str, Any]:
    valid = [(each, each.fields) for each in outcome.documents if each.fields is not None]
    head = {}
    if with_statistics:
        sizes = (each.characters for each, _ in valid)
        head["statistics"] = task_results.request_statistics(len(outcome.documents), sizes)
    return {
        **head,
        "conversations": [
            _conversation(each, fields, with_statistics=with_statistics) for each, fields in valid
        ],
        "errors": [
            {"id": each.id, "error": each.error} for each in outcome.documents if each.error is not None
        ],
        **task_results.origin(task, MODEL_VERSION),
    }


def _conversation(outcome: DocumentOutcome, json_fields: bytes, *, with_statistics: bool) -> dict[str, Any]:
    fields: dict[str, Any] = {"warnings": [], **json.loads(json_fields)}
    before = {"summaries": fields.pop("summaries")} if "summaries" in fields else {}
    warnings = fields.pop("warnings")
    statistics = task_results.document_statistics(outcome.characters)
    told = {"statistics": {"transactionsCount": statistics["transactionsCount"]}} if with_statistics else {}
    return {**before, "id": outcome.id, **fields, "warnings": warnings, **told}
