"""What a job of analyze-conversations is asked to do: one small frozen class per task kind.

Parameters that are None are not sent, so that the service's own default applies (docs/service.md, families).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal, TypeAlias

from airflow_provider_language.protocol.inputs.task_bases import (
    CODE_POINTS,
    CustomTask,
    PrebuiltTask,
    StringIndexType,
    SummaryLength,
)

if TYPE_CHECKING:
    from airflow_provider_language.protocol.inputs.pii_policies import RedactionPolicy

SummaryAspect: TypeAlias = Literal[
    "issue", "resolution", "chapterTitle", "narrative", "recap", "follow-up tasks"
]
TranscriptForm: TypeAlias = Literal["lexical", "itn", "maskedItn", "text"]


@dataclass(frozen=True, kw_only=True, repr=False)
class ConversationalSummarization(PrebuiltTask):
    """Summaries of a conversation, one or several for each aspect.

    The service retires this kind on 31 March 2029 (docs/service.md, lifecycle), and names models in Microsoft
    Foundry as the successor.

    Args:
        summary_aspects: ``issue`` and ``resolution`` of a call between an agent and a customer,
            ``chapterTitle`` and ``narrative`` of a long conversation (2022-10-01-preview and later),
            ``recap`` (2024-05-01 and later) or ``follow-up tasks`` (previews).
        sentence_count: about how many (2022-10-01-preview and later).
        summary_length: recommended over ``sentence_count`` (2024-05-01 and later).
        instruction: what the summary should be like, in words (previews).
        string_index_type: the unit of offsets and lengths (2022-10-01-preview and later).
    """

    kind: ClassVar[str] = "ConversationalSummarizationTask"
    summary_aspects: Sequence[SummaryAspect]
    sentence_count: int | None = None
    summary_length: SummaryLength | None = None
    instruction: str | None = None
    string_index_type: StringIndexType | None = CODE_POINTS


@dataclass(frozen=True, kw_only=True, repr=False)
class ConversationalPII(PrebuiltTask):
    """Personal information in a conversation, and its items without it.

    It takes one conversation of at most 40,000 characters per job (docs/service.md, limits).

    Args:
        pii_categories: the only categories to report. Their names differ by version: ``CreditCardNumber``
            and ``PhoneNumber`` in 2024-05-01 and before, ``CreditCard`` and ``Phone`` in 2024-11-01 and in
            the previews of 2025.
        exclude_pii_categories: categories not to report (2024-05-01 and later).
        redaction_source: the form of a transcript's items that is searched; what is found there is
            redacted in the other forms too.
        redact_audio_timing: also return the times of the audio that is to be silenced; it needs
            ``word_level_timings`` of the items.
        redaction_character: what to mask with; the service's default is ``*`` (2024-05-01 and later).
        redaction_policy: how to mask (previews).
    """

    kind: ClassVar[str] = "ConversationalPIITask"
    pii_categories: Sequence[str] | None = None
    exclude_pii_categories: Sequence[str] | None = None
    redaction_source: TranscriptForm | None = None
    redact_audio_timing: bool | None = None
    redaction_character: str | None = None
    redaction_policy: RedactionPolicy | Mapping[str, object] | None = None


@dataclass(frozen=True, kw_only=True, repr=False)
class ConversationalSentiment(PrebuiltTask):
    """Positive, negative, neutral or mixed, for each item of a conversation (previews of 2022 and 2023).

    Microsoft calls this kind legacy, and has published no day of its retirement (docs/service.md, lifecycle).

    Args:
        prediction_source: the form of a transcript's items that is judged.
    """

    kind: ClassVar[str] = "ConversationalSentimentTask"
    prediction_source: TranscriptForm | None = None


@dataclass(frozen=True, kw_only=True, repr=False)
class CustomConversationalSummarization(CustomTask):
    """Summaries of a conversation by a model of the user's own (previews).

    The service retires this kind on 31 March 2029 (docs/service.md, lifecycle), and names models in Microsoft
    Foundry as the successor.

    Args:
        summary_aspects: as of :class:`ConversationalSummarization`.
        sentence_count: about how many.
        summary_length: recommended over ``sentence_count`` (2023-11-15-preview and later).
        string_index_type: the unit of offsets and lengths.
    """

    kind: ClassVar[str] = "CustomConversationalSummarizationTask"
    summary_aspects: Sequence[SummaryAspect]
    sentence_count: int | None = None
    summary_length: SummaryLength | None = None
    string_index_type: StringIndexType | None = CODE_POINTS
