"""One row of the rows of a document's pieces, by a rule for each kind of task."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum

from airflow_provider_language.protocol.corpus import joined_findings as findings
from airflow_provider_language.protocol.corpus import joined_scores as scores
from airflow_provider_language.protocol.corpus.joined_findings import Cut
from airflow_provider_language.protocol.corpus.rulers import ruler_for
from airflow_provider_language.protocol.corpus.splitting import Piece
from airflow_provider_language.protocol.inputs.tasks import WireTask
from airflow_provider_language.protocol.jobs.offsets import OFFSETS_UNKNOWN
from airflow_provider_language.protocol.jobs.results import Row, RowStatus
from airflow_provider_language.protocol.json_values import JsonObject, JsonValue, object_or_empty


class Joining(str, Enum):
    """How the findings of a document's pieces become those of the document (docs/splitting.md)."""

    SPANS = "spans"
    """Each at its place in the document, and once."""
    SENTENCES = "sentences"
    """The sentences one after another; scores are means, and the label follows from the sentences'."""
    UNION = "union"
    """Each once, in the order of the text."""
    MEAN = "mean"
    """The class with the largest mean over the pieces, weighted by their lengths."""
    MAXIMUM = "maximum"
    """Each class with the largest of its scores."""
    PER_PIECE = "per piece"
    """Not joined: each finding tells of which piece it is."""


@dataclass(frozen=True)
class _Rule:
    joining: Joining
    join: Callable[[Cut], dict[str, JsonValue]] = field(repr=False)


_RULES: Mapping[str, _Rule] = {
    "SentimentAnalysis": _Rule(Joining.SENTENCES, scores.sentiment),
    "KeyPhraseExtraction": _Rule(Joining.UNION, findings.key_phrases),
    "EntityRecognition": _Rule(Joining.SPANS, findings.entities),
    "PiiEntityRecognition": _Rule(Joining.SPANS, findings.personal_data),
    "EntityLinking": _Rule(Joining.SPANS, findings.linked_entities),
    "Healthcare": _Rule(Joining.SPANS, findings.health),
    "ExtractiveSummarization": _Rule(Joining.PER_PIECE, findings.extracts),
    "AbstractiveSummarization": _Rule(Joining.PER_PIECE, findings.summaries),
    "CustomEntityRecognition": _Rule(Joining.SPANS, findings.entities),
    "CustomSingleLabelClassification": _Rule(Joining.MEAN, scores.single_label),
    "CustomMultiLabelClassification": _Rule(Joining.MAXIMUM, scores.multi_label),
}
JOINING: Mapping[str, Joining] = {kind: rule.joining for kind, rule in _RULES.items()}
"""By kind: all that documents have."""


def joined(text: str, pieces: Sequence[Piece], rows: Sequence[Row], task: WireTask) -> Row:
    """Make one row of the rows that the pieces of a document have in one task.

    A document of which a piece has no result has none: what is missing of it would not be seen.

    Args:
        text: of the document.
        pieces: of it, all of them, in their order.
        rows: one of each piece.
        task: as it was asked for.

    Returns:
        A row with the id of the first piece's; jobs and models, if there are several, with commas between.
    """
    language = rows[_longest(pieces)].language
    row = replace(
        rows[0],
        language=language,
        warnings=_each_once(one for row in rows for one in row.warnings),
        model_version=",".join(_each_once(row.model_version for row in rows if row.model_version)) or None,
        text_records=_sum([row.text_records for row in rows]),
        job_id=",".join(_each_once(row.job_id for row in rows if row.job_id)),
    )
    failed = _failed(rows)
    if failed is None:
        return _found(row, text, pieces, [object_or_empty(one.result) for one in rows], task)
    fault = rows[failed]
    message = (
        f"Piece {failed + 1} of {len(pieces)} has no result: {fault.error_message or fault.status.value}"
    )
    return replace(row, status=fault.status, result=None, error_code=fault.error_code, error_message=message)


def _found(
    row: Row, text: str, pieces: Sequence[Piece], results: Sequence[JsonObject], task: WireTask
) -> Row:
    ruler = ruler_for(text, pieces, results, task.parameters.get("stringIndexType"))
    cut = Cut(text, pieces, results, ruler)
    result = _RULES[task.kind].join(cut)
    statistics = _statistics([object_or_empty(one.get("statistics")) for one in results])
    detected = results[_longest(pieces)].get("detectedLanguage")
    told = {"detectedLanguage": detected, "statistics": statistics or None}
    warnings = (*row.warnings, *([OFFSETS_UNKNOWN] if ruler is None else []), *cut.warnings)
    return replace(
        row,
        result={**result, **{name: one for name, one in told.items() if one is not None}},
        warnings=warnings,
    )


def _failed(rows: Sequence[Row]) -> int | None:
    """The piece that says most of why there is no result: an error before what is missing."""
    for status in (RowStatus.ERROR, RowStatus.MISSING):
        for number, row in enumerate(rows):
            if row.status is status:
                return number
    return None


def _longest(pieces: Sequence[Piece]) -> int:
    return max(pieces, key=lambda piece: piece.own).number


def _each_once(values: Iterable[findings.T]) -> tuple[findings.T, ...]:
    return tuple(findings.each_once(values))


def _sum(numbers: Sequence[int | None]) -> int | None:
    told = [number for number in numbers if number is not None]
    return sum(told) if len(told) == len(numbers) else None


def _statistics(told: Sequence[JsonObject]) -> dict[str, JsonValue]:
    """The sums of what all pieces count."""
    return {
        name: sum(one[name] for one in told)  # type: ignore[misc]
        for name in told[0]
        if all(isinstance(one.get(name), int) and not isinstance(one[name], bool) for one in told)
    }
