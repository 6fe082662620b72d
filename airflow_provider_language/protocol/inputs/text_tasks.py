"""What a job on texts or native documents is asked to do: one small frozen class per task kind.

Parameters that are None are not sent, so that the service's own default applies (docs/service.md, families).
Only ``string_index_type`` differs from the service: it is ``UnicodeCodePoint`` wherever a kind takes it, so
that ``text[offset:offset + length]`` is the entity.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

from airflow_provider_language.protocol.inputs.task_bases import (
    CODE_POINTS,
    CustomTask,
    PrebuiltTask,
    StringIndexType,
    SummaryLength,
)

if TYPE_CHECKING:
    from airflow_provider_language.protocol.inputs.pii_policies import (
        ConfidenceThreshold,
        EntitySynonyms,
        RedactionPolicy,
        ValueExclusion,
    )
    from airflow_provider_language.protocol.json_values import WireObject


@dataclass(frozen=True, kw_only=True, repr=False)
class SentimentAnalysis(PrebuiltTask):
    """Positive, neutral, negative or mixed, per document and sentence.

    Microsoft calls this kind legacy, and has published no day of its retirement (docs/service.md, lifecycle).

    Args:
        opinion_mining: also find what an opinion is about, and the words that express it.
        string_index_type: the unit of offsets and lengths.
    """

    kind: ClassVar[str] = "SentimentAnalysis"
    opinion_mining: bool | None = None
    string_index_type: StringIndexType | None = CODE_POINTS


@dataclass(frozen=True, kw_only=True, repr=False)
class KeyPhraseExtraction(PrebuiltTask):
    """The main points of a document.

    Microsoft calls this kind legacy, and has published no day of its retirement (docs/service.md, lifecycle).
    """

    kind: ClassVar[str] = "KeyPhraseExtraction"


@dataclass(frozen=True, kw_only=True, repr=False)
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

    def parameters(self) -> WireObject:
        """The task's parameters as the service reads them, two of them one object deeper."""
        wire = super().parameters()
        if "overlapPolicy" in wire:
            wire["overlapPolicy"] = {"policyKind": wire["overlapPolicy"]}
        if "excludeNormalizedValues" in wire:
            wire["inferenceOptions"] = {"excludeNormalizedValues": wire.pop("excludeNormalizedValues")}
        return wire


@dataclass(frozen=True, kw_only=True, repr=False)
class PiiEntityRecognition(PrebuiltTask):
    """Personal information, and the text without it.

    Args:
        domain: ``phi`` for health information only.
        pii_categories: the only categories to report.
        exclude_pii_categories: categories not to report (2023-04-15-preview, 2026-05-01 and later).
        redaction_policies: how to mask, per category (2025-11-15-preview, 2026-05-01 and later).
        redaction_policy: how to mask (2024-11-15-preview and 2025-05-15-preview).
        redaction_character: what to mask with (2023-04-15-preview and 2023-11-15-preview).
        value_exclusion_policy: texts that are no personal information (2025-05-15-preview, 2026-05-01 and
            later, as the next).
        entity_synonyms: more words that announce an entity.
        confidence_score_threshold: the least confidence to report (2025-11-15-preview, 2026-05-01 and
            later, as the next).
        disable_entity_validation: report numbers even where a checksum does not hold.
        exclude_extraction_data: of a native document, write the redacted document only, and not what was
            found in it (analyze-documents 2024-11-15-preview).
        string_index_type: the unit of offsets and lengths.
    """

    kind: ClassVar[str] = "PiiEntityRecognition"
    domain: Literal["phi", "none"] | None = None
    pii_categories: Sequence[str] | None = None
    exclude_pii_categories: Sequence[str] | None = None
    redaction_policies: Sequence[RedactionPolicy | Mapping[str, object]] | None = None
    redaction_policy: RedactionPolicy | Mapping[str, object] | None = None
    redaction_character: str | None = None
    value_exclusion_policy: ValueExclusion | Mapping[str, object] | None = None
    entity_synonyms: Sequence[EntitySynonyms | Mapping[str, object]] | None = None
    confidence_score_threshold: ConfidenceThreshold | Mapping[str, object] | None = None
    disable_entity_validation: bool | None = None
    exclude_extraction_data: bool | None = None
    string_index_type: StringIndexType | None = CODE_POINTS


@dataclass(frozen=True, kw_only=True, repr=False)
class EntityLinking(PrebuiltTask):
    """Entities and their articles in Wikipedia.

    The service retires this kind on 1 September 2028 (docs/service.md, lifecycle). ``EntityRecognition``
    finds the same entities.
    """

    kind: ClassVar[str] = "EntityLinking"
    string_index_type: StringIndexType | None = CODE_POINTS


@dataclass(frozen=True, kw_only=True, repr=False)
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


@dataclass(frozen=True, kw_only=True, repr=False)
class ExtractiveSummarization(PrebuiltTask):
    """The most telling sentences of a document.

    The service retires this kind on 31 March 2029 (docs/service.md, lifecycle), and names models in Microsoft
    Foundry as the successor.

    Args:
        sentence_count: how many, from 1 to 20; the service's default is 3.
        sort_by: by place in the text, the service's default, or by rank.
        query: what the summary should be about (previews).
        string_index_type: the unit of offsets and lengths.
    """

    kind: ClassVar[str] = "ExtractiveSummarization"
    sentence_count: int | None = None
    sort_by: Literal["Offset", "Rank"] | None = None
    query: str | None = None
    string_index_type: StringIndexType | None = CODE_POINTS


@dataclass(frozen=True, kw_only=True, repr=False)
class AbstractiveSummarization(PrebuiltTask):
    """A summary in new sentences.

    The service retires this kind on 31 March 2029 (docs/service.md, lifecycle), and names models in Microsoft
    Foundry as the successor.

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


@dataclass(frozen=True, kw_only=True, repr=False)
class CustomEntityRecognition(CustomTask):
    """Entities of the user's own categories."""

    kind: ClassVar[str] = "CustomEntityRecognition"
    string_index_type: StringIndexType | None = CODE_POINTS


@dataclass(frozen=True, kw_only=True, repr=False)
class CustomSingleLabelClassification(CustomTask):
    """One of the user's own classes per document.

    Microsoft calls this kind legacy, and has published no day of its retirement (docs/service.md, lifecycle).
    """

    kind: ClassVar[str] = "CustomSingleLabelClassification"


@dataclass(frozen=True, kw_only=True, repr=False)
class CustomMultiLabelClassification(CustomTask):
    """Any number of the user's own classes per document.

    Microsoft calls this kind legacy, and has published no day of its retirement (docs/service.md, lifecycle).
    """

    kind: ClassVar[str] = "CustomMultiLabelClassification"
