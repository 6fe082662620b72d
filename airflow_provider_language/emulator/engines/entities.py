"""EntityRecognition: lists, patterns and how names are written."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from airflow_provider_language.emulator.engines import parameter_values as wire
from airflow_provider_language.emulator.engines.spans import names, patterns
from airflow_provider_language.emulator.engines.spans.hits import Hit, longest, unique
from airflow_provider_language.emulator.engines.spans.taxonomy import TYPES
from airflow_provider_language.emulator.engines.words.text import require

if TYPE_CHECKING:
    from collections.abc import Mapping

LANGUAGES = ("de", "en", "es", "fr", "it", "nl", "pt")

# Documents: those of two jobs that run at once, of at most 25 each.
_REMEMBERED = 64
_WHOLE = re.compile(r"\d+")
_DECIMAL = re.compile(r"\d{1,3}(?:,\d{3})*(?:\.\d+)?|\d+(?:\.\d+)?")


def analyze(text: str, language: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Find the entities of a document.

    Args:
        text: The document.
        language: One of `LANGUAGES`. Dates, quantities and roles are found in English only; other languages
            get a warning that says so.
        parameters: ``inclusionList`` (applied first) and ``exclusionList`` of types or tags,
            ``overlapPolicy`` (``matchLongest``, the default, or ``allowOverlap``) and
            ``inferenceOptions.excludeNormalizedValues``.

    Returns:
        ``entities``, perhaps ``warnings``. Each entity has what API versions since 2024-11-01 have; see
        `results.without_types` for the others.

    Raises:
        UnsupportedLanguage: The language is another one.
        MissingEngine: A library is not installed.
    """
    code = require(language, LANGUAGES)
    included, excluded = wire.names(parameters, "inclusionList"), wire.names(parameters, "exclusionList")
    hits = [hit for hit in find(text, code) if _asked_for(hit, included, excluded)]
    overlap = str(wire.section(parameters, "overlapPolicy").get("policyKind", "")).lower()
    kept = unique(hits) if overlap == "allowoverlap" else longest(hits)
    normalized = not wire.flag(wire.section(parameters, "inferenceOptions"), "excludeNormalizedValues")
    result: dict[str, Any] = {"entities": [_entity(text, hit, normalized) for hit in kept]}
    if code != "en":
        result["warnings"] = [approximation(code)]
    return result


def approximation(code: str) -> dict[str, str]:
    """Return the warning for a document that is not in English."""
    return {
        "code": "EmulatorApproximation",
        "message": f"In language {code!r} the emulator finds names, addresses and numbers that identify, "
        "but no dates, quantities or roles.",
    }


@lru_cache(maxsize=_REMEMBERED)
def find(text: str, code: str) -> tuple[Hit, ...]:
    """Return all that may be an entity; hits may overlap.

    PiiEntityRecognition starts from the same hits, so a job that asks for both finds them once.

    Args:
        text: The document.
        code: One of `LANGUAGES`.
    """
    return (*patterns.find(text, code), *names.find(text, code))


def _asked_for(hit: Hit, included: frozenset[str], excluded: frozenset[str]) -> bool:
    tags = {tag.lower() for tag in TYPES[hit.type].tags}
    return (not included or bool(tags & included)) and not tags & excluded


def _entity(text: str, hit: Hit, normalized: bool) -> dict[str, Any]:
    kind = TYPES[hit.type]
    entity: dict[str, Any] = {"text": text[hit.start : hit.end], "category": kind.category}
    if kind.subcategory is not None:
        entity["subcategory"] = kind.subcategory
    entity.update(
        offset=hit.start,
        length=hit.end - hit.start,
        confidenceScore=hit.confidence,
        type=hit.type,
        tags=[{"name": tag, "confidenceScore": hit.confidence} for tag in kind.tags],
    )
    metadata = _metadata(entity["text"], hit.type) if normalized else None
    if metadata is not None:
        entity["metadata"] = metadata
    return entity


def _metadata(text: str, kind: str) -> dict[str, Any] | None:
    """Return the value of a number or percentage in digits; other values are not worked out."""
    digits = text.removesuffix("%").rstrip() if kind == "Percentage" else text
    if kind not in {"Number", "Percentage"} or not _DECIMAL.fullmatch(digits):
        return None
    whole = _WHOLE.fullmatch(digits.replace(",", "")) is not None
    number_kind = "Percent" if kind == "Percentage" else "Integer" if whole else "Decimal"
    return {
        "metadataKind": "NumberMetadata",
        "numberKind": number_kind,
        "value": float(digits.replace(",", "")),
    }
