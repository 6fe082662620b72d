"""What a job is asked to do: one small frozen class per task kind, and lists of them.

The kinds of native documents are those of texts; the kinds of conversations have a module of their own.

Parameters that are None are not sent, so that the service's own default applies (API.md section 2.2).
Only ``string_index_type`` differs from the service: it is ``UnicodeCodePoint`` wherever a kind takes it, so
that ``text[offset:offset + length]`` is the entity.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, dataclass, field, fields
from typing import Any, ClassVar, Literal, TypeAlias

from airflow_provider_language.analysis.conversation_tasks import (
    ConversationalPII,
    ConversationalSentiment,
    ConversationalSummarization,
    CustomConversationalSummarization,
)
from airflow_provider_language.analysis.pii_policies import (
    ConfidenceThreshold,
    EntitySynonyms,
    RedactionPolicy,
    ValueExclusion,
)
from airflow_provider_language.analysis.task_bases import (
    CODE_POINTS,
    CustomTask,
    PrebuiltTask,
    StringIndexType,
    SummaryLength,
    Task,
)
from airflow_provider_language.analysis.wire_names import camel_case, to_wire
from airflow_provider_language.exceptions import InvalidInputError

__all__ = [
    "TASK_CLASSES",
    "AbstractiveSummarization",
    "ConversationalPII",
    "ConversationalSentiment",
    "ConversationalSummarization",
    "CustomConversationalSummarization",
    "CustomEntityRecognition",
    "CustomMultiLabelClassification",
    "CustomSingleLabelClassification",
    "EntityLinking",
    "EntityRecognition",
    "ExtractiveSummarization",
    "Healthcare",
    "KeyPhraseExtraction",
    "PiiEntityRecognition",
    "SentimentAnalysis",
    "Task",
    "TaskLike",
    "WireTask",
    "tasks_from",
]


@dataclass(frozen=True, kw_only=True)
class SentimentAnalysis(PrebuiltTask):
    """Positive, neutral, negative or mixed, per document and sentence.

    Args:
        opinion_mining: also find what an opinion is about, and the words that express it.
        string_index_type: the unit of offsets and lengths.
    """

    kind: ClassVar[str] = "SentimentAnalysis"
    opinion_mining: bool | None = None
    string_index_type: StringIndexType | None = CODE_POINTS


@dataclass(frozen=True, kw_only=True)
class KeyPhraseExtraction(PrebuiltTask):
    """The main points of a document."""

    kind: ClassVar[str] = "KeyPhraseExtraction"


@dataclass(frozen=True, kw_only=True)
class EntityRecognition(PrebuiltTask):
    """People, places, organisations, quantities and the like.

    Args:
        inclusion_list: the only categories to report (2023-04-15-preview, 2024-11-01 and later).
        exclusion_list: categories not to report, after the inclusion (same versions).
        overlap_policy: whether only the longest of overlapping entities is reported, the service's
            default, or all of them (same versions).
        exclude_normalized_values: leave out the ``metadata`` of dates, numbers and the like.
        string_index_type: the unit of offsets and lengths.
    """

    kind: ClassVar[str] = "EntityRecognition"
    inclusion_list: Sequence[str] | None = None
    exclusion_list: Sequence[str] | None = None
    overlap_policy: Literal["matchLongest", "allowOverlap"] | None = None
    exclude_normalized_values: bool | None = None
    string_index_type: StringIndexType | None = CODE_POINTS

    def parameters(self) -> dict[str, Any]:
        """The task's parameters as the service reads them, two of them one object deeper."""
        wire = super().parameters()
        if "overlapPolicy" in wire:
            wire["overlapPolicy"] = {"policyKind": wire["overlapPolicy"]}
        if "excludeNormalizedValues" in wire:
            wire["inferenceOptions"] = {"excludeNormalizedValues": wire.pop("excludeNormalizedValues")}
        return wire


@dataclass(frozen=True, kw_only=True)
class PiiEntityRecognition(PrebuiltTask):
    """Personal information, and the text without it.

    Args:
        domain: ``phi`` for health information only.
        pii_categories: the only categories to report.
        exclude_pii_categories: categories not to report.
        redaction_policies: how to mask, per category (2025-11-15-preview, 2026-05-01 and later).
        redaction_policy: how to mask (2024-11-15-preview to 2025-11-01).
        redaction_character: what to mask with (2023-04-15-preview and 2023-11-15-preview).
        value_exclusion_policy: texts that are no personal information.
        entity_synonyms: more words that announce an entity.
        confidence_score_threshold: the least confidence to report.
        disable_entity_validation: report numbers even where a checksum does not hold.
        exclude_extraction_data: of a native document, write the redacted document only, and not what was
            found in it (analyze-documents 2024-11-15-preview).
        string_index_type: the unit of offsets and lengths.
    """

    kind: ClassVar[str] = "PiiEntityRecognition"
    domain: Literal["phi", "none"] | None = None
    pii_categories: Sequence[str] | None = None
    exclude_pii_categories: Sequence[str] | None = None
    redaction_policies: Sequence[RedactionPolicy | Mapping[str, Any]] | None = None
    redaction_policy: RedactionPolicy | Mapping[str, Any] | None = None
    redaction_character: str | None = None
    value_exclusion_policy: ValueExclusion | Mapping[str, Any] | None = None
    entity_synonyms: Sequence[EntitySynonyms | Mapping[str, Any]] | None = None
    confidence_score_threshold: ConfidenceThreshold | Mapping[str, Any] | None = None
    disable_entity_validation: bool | None = None
    exclude_extraction_data: bool | None = None
    string_index_type: StringIndexType | None = CODE_POINTS


@dataclass(frozen=True, kw_only=True)
class EntityLinking(PrebuiltTask):
    """Entities and their articles in Wikipedia. The service retires it on 1 September 2028."""

    kind: ClassVar[str] = "EntityLinking"
    string_index_type: StringIndexType | None = CODE_POINTS


@dataclass(frozen=True, kw_only=True)
class Healthcare(PrebuiltTask):
    """Medical entities, what is asserted of them, and their relations.

    Args:
        fhir_version: also return a FHIR bundle, of this version.
        document_type: the bundle's kind of document (``DischargeSummary``, ...).
        string_index_type: the unit of offsets and lengths.
    """

    kind: ClassVar[str] = "Healthcare"
    fhir_version: str | None = None
    document_type: str | None = None
    string_index_type: StringIndexType | None = CODE_POINTS


@dataclass(frozen=True, kw_only=True)
class ExtractiveSummarization(PrebuiltTask):
    """The most telling sentences of a document.

    Args:
        sentence_count: how many, from 1 to 20; the service's default is 3.
        sort_by: by place in the text, the service's default, or by rank.
        query: what the summary should be about (previews, 2025-11-01 and later).
        string_index_type: the unit of offsets and lengths.
    """

    kind: ClassVar[str] = "ExtractiveSummarization"
    sentence_count: int | None = None
    sort_by: Literal["Offset", "Rank"] | None = None
    query: str | None = None
    string_index_type: StringIndexType | None = CODE_POINTS


@dataclass(frozen=True, kw_only=True)
class AbstractiveSummarization(PrebuiltTask):
    """A summary in new sentences.

    Args:
        sentence_count: about how many.
        summary_length: recommended over ``sentence_count`` (2024-11-01 and later).
        instruction: what the summary should be like, in words (previews from 2024-11-15 on).
        query: what the summary should be about (2023-11-15-preview, which has no ``instruction``).
        string_index_type: the unit of offsets and lengths.
    """

    kind: ClassVar[str] = "AbstractiveSummarization"
    sentence_count: int | None = None
    summary_length: SummaryLength | None = None
    instruction: str | None = None
    query: str | None = None
    string_index_type: StringIndexType | None = CODE_POINTS


@dataclass(frozen=True, kw_only=True)
class CustomEntityRecognition(CustomTask):
    """Entities of the user's own categories."""

    kind: ClassVar[str] = "CustomEntityRecognition"
    string_index_type: StringIndexType | None = CODE_POINTS


@dataclass(frozen=True, kw_only=True)
class CustomSingleLabelClassification(CustomTask):
    """One of the user's own classes per document."""

    kind: ClassVar[str] = "CustomSingleLabelClassification"


@dataclass(frozen=True, kw_only=True)
class CustomMultiLabelClassification(CustomTask):
    """Any number of the user's own classes per document."""

    kind: ClassVar[str] = "CustomMultiLabelClassification"


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

TaskLike: TypeAlias = Task | str | Mapping[str, Any]


@dataclass(frozen=True)
class WireTask:
    """A task with its name, as it goes into a job."""

    kind: str
    name: str
    parameters: Mapping[str, Any] = field(default_factory=dict)

    def to_wire(self) -> dict[str, Any]:
        """The task as the Language API reads it (API.md section 1.1)."""
        return {"kind": self.kind, "taskName": self.name, "parameters": dict(self.parameters)}


def tasks_from(values: Sequence[TaskLike]) -> tuple[WireTask, ...]:
    """Name the tasks and put them into the wire's form.

    Args:
        values: typed tasks, bare kinds (``"KeyPhraseExtraction"``), or dicts in the service's own words:
            ``{"kind": ..., "taskName": ..., "parameters": {...}}``. A dict's parameters pass as they are;
            only a missing ``stringIndexType`` is set, so that all offsets of a job mean the same.

    Raises:
        InvalidInputError: no tasks, a single one where a list is expected, a task without a kind, an unknown
            kind, a custom kind without its project or deployment, or a repeated name.
    """
    if isinstance(values, (str, Mapping, Task)):
        raise InvalidInputError(f"The tasks are a single {type(values).__name__}, not a list of them.")
    if not values:
        raise InvalidInputError("There are no tasks to run on the documents.")
    plain = [_plain(value) for value in values]
    seen: Counter[str] = Counter()
    tasks = []
    for kind, name, parameters in plain:
        seen[kind] += 1
        tasks.append(
            WireTask(kind, name or (kind if seen[kind] == 1 else f"{kind}-{seen[kind]}"), parameters)
        )
    repeated = [name for name, times in Counter(task.name for task in tasks).items() if times > 1]
    if repeated:
        raise InvalidInputError(f"The task name {repeated[0]!r} is used more than once in the job.")
    return tuple(tasks)


def _plain(value: TaskLike) -> tuple[str, str | None, dict[str, Any]]:
    if isinstance(value, Task):
        return value.kind, value.task_name, value.parameters()
    row: Mapping[str, Any] = {"kind": value} if isinstance(value, str) else value
    if not isinstance(row, Mapping):
        raise InvalidInputError(f"A task is a {type(value).__name__}, not a task, a kind or a dict.")
    kind = str(row.get("kind"))
    if kind not in TASK_CLASSES:
        raise InvalidInputError(f"{kind!r} is no task kind; the kinds are {', '.join(TASK_CLASSES)}.")
    unknown = set(row) - {"kind", "taskName", "parameters"}
    if unknown:
        raise InvalidInputError(f"A task of kind {kind} has unknown fields: {', '.join(sorted(unknown))}.")
    parameters: dict[str, Any] = to_wire(row.get("parameters") or {})
    known = fields(TASK_CLASSES[kind])
    missing = [camel_case(one.name) for one in known if one.default is MISSING]
    missing = [name for name in missing if not parameters.get(name)]
    if missing:
        raise InvalidInputError(f"A task of kind {kind} needs the parameters {', '.join(missing)}.")
    if any(one.name == "string_index_type" for one in known):
        parameters.setdefault("stringIndexType", CODE_POINTS)
    name = row.get("taskName")
    return kind, None if name is None else str(name), parameters
