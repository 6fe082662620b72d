"""What a user says of the tasks of a job, put into the wire's form: typed tasks, bare kinds, or dicts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, dataclass, field, fields
from typing import TypeAlias

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.protocol.inputs.conversation_tasks import (
    ConversationalPII,
    ConversationalSentiment,
    ConversationalSummarization,
    CustomConversationalSummarization,
)
from airflow_provider_language.protocol.inputs.fields import text_in
from airflow_provider_language.protocol.inputs.near_misses import meant
from airflow_provider_language.protocol.inputs.shapes import shaped
from airflow_provider_language.protocol.inputs.task_bases import CODE_POINTS, Task
from airflow_provider_language.protocol.inputs.text_tasks import (
    AbstractiveSummarization,
    CustomEntityRecognition,
    CustomMultiLabelClassification,
    CustomSingleLabelClassification,
    EntityLinking,
    EntityRecognition,
    ExtractiveSummarization,
    Healthcare,
    KeyPhraseExtraction,
    PiiEntityRecognition,
    SentimentAnalysis,
)
from airflow_provider_language.protocol.json_values import WireObject
from airflow_provider_language.protocol.wire_names import camel_case, to_wire

TASK_CLASSES: Mapping[str, type[Task]] = {
    class_.kind: class_
    for class_ in (
        SentimentAnalysis,
        KeyPhraseExtraction,
        EntityRecognition,
        PiiEntityRecognition,
        EntityLinking,
        Healthcare,
        ExtractiveSummarization,
        AbstractiveSummarization,
        CustomEntityRecognition,
        CustomSingleLabelClassification,
        CustomMultiLabelClassification,
        ConversationalSummarization,
        ConversationalPII,
        ConversationalSentiment,
        CustomConversationalSummarization,
    )
}

TaskLike: TypeAlias = Task | str | Mapping[str, object]


@dataclass(frozen=True)
class WireTask:
    """A task with its name, as it goes into a job."""

    kind: str
    name: str
    parameters: Mapping[str, object] = field(default_factory=dict)

    def to_wire(self) -> WireObject:
        """The task as the Language API reads it (docs/service.md, bodies)."""
        return {"kind": self.kind, "taskName": self.name, "parameters": dict(self.parameters)}


def tasks_from(values: Sequence[TaskLike]) -> tuple[WireTask, ...]:
    """Name the tasks and put them into the wire's form.

    Args:
        values: typed tasks, bare kinds (``"KeyPhraseExtraction"``), or dicts in the service's own words:
            ``{"kind": ..., "taskName": ..., "parameters": {...}}``. Their names may be spelt in Python's way,
            too, and numbers may be texts, as templates make them. A missing ``stringIndexType`` is set, so
            that all offsets of a job mean the same.

    Raises:
        InvalidInputError: no tasks, a single one where a list is expected, a task without a kind, an unknown
            kind, a custom kind without its project or deployment, a parameter that cannot be what its field
            takes, or a repeated name.
    """
    if isinstance(values, (str, bytes, Mapping, Task)):
        raise InvalidInputError(f"The tasks are a single {type(values).__name__}, not a list of them.")
    if not isinstance(values, Sequence):
        raise InvalidInputError(f"The tasks are a {type(values).__name__}, not a list of them.")
    plain = [_plain(value) for value in values]
    if not plain:
        raise InvalidInputError("There are no tasks to run on the documents.")
    seen: Counter[str] = Counter()
    tasks = []
    for kind, name, parameters in plain:
        seen[kind] += 1
        tasks.append(
            WireTask(kind, name or (kind if seen[kind] == 1 else f"{kind}-{seen[kind]}"), parameters)
        )
    repeated = [name for name, times in Counter(task.name for task in tasks).items() if times > 1]
    if repeated:
        raise InvalidInputError(f"The task name {repeated[0]!r:.99} is used more than once in the job.")
    return tuple(tasks)


def _plain(value: TaskLike) -> tuple[str, str | None, WireObject]:
    if isinstance(value, Task):
        kind, given = value.kind, value.parameters()
        name: object = value.task_name
    else:
        kind, name, given = _of_row({"kind": value} if isinstance(value, str) else value)
    parameters = shaped(given, kind)
    known = fields(TASK_CLASSES[kind])
    needed = [camel_case(one.name) for one in known if one.default is MISSING]
    missing = [name for name in needed if not parameters.get(name)]
    if missing:
        raise InvalidInputError(f"A task of kind {kind} needs the parameters {', '.join(missing)}.")
    if any(one.name == "string_index_type" for one in known) and not isinstance(value, Task):
        parameters.setdefault("stringIndexType", CODE_POINTS)
    return kind, text_in(name, f"The name of a task of kind {kind}"), parameters


def _of_row(row: object) -> tuple[str, object, WireObject]:
    if not isinstance(row, Mapping):
        raise InvalidInputError(f"A task is a {type(row).__name__}, not a task, a kind or a dict.")
    kind = text_in(row.get("kind"), "The kind of a task") or "None"
    if kind not in TASK_CLASSES:
        hint = meant(kind, TASK_CLASSES) or f"; the kinds are {', '.join(TASK_CLASSES)}."
        raise InvalidInputError(f"{kind!r:.99} is no task kind{hint}")
    names = {"task_name": "taskName"} if "taskName" not in row else {}
    told = {names.get(name, name): content for name, content in row.items()}
    unknown = sorted(str(name) for name in told if name not in {"kind", "taskName", "parameters"})
    if unknown:
        raise InvalidInputError(
            f"A task of kind {kind} has unknown fields: {', '.join(unknown):.200}; its options stand in "
            "parameters."
        )
    given = to_wire(told.get("parameters") or {}, kind)
    if not isinstance(given, dict):
        raise InvalidInputError(f"The parameters of a task of kind {kind} are no dict.")
    return kind, told.get("taskName"), given
