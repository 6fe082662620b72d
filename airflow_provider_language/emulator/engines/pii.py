"""PiiEntityRecognition: what identifies somebody, and the text without it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from airflow_provider_language.emulator.engines import entities, redaction
from airflow_provider_language.emulator.engines import parameter_values as wire
from airflow_provider_language.emulator.engines.spans import identifiers
from airflow_provider_language.emulator.engines.spans.hits import Hit, longest
from airflow_provider_language.emulator.engines.spans.taxonomy import TYPES
from airflow_provider_language.emulator.engines.words.text import require

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

LANGUAGES = entities.LANGUAGES

# Entity types that are PII too, and what the service calls the category to ask for.
_ASKED_AS = {
    "Person": "Person", "PersonType": "PersonType", "PhoneNumber": "PhoneNumber", "Address": "Address",
    "Email": "Email", "URL": "URL", "IP": "IPAddress", "Age": "Age", "Organization": "Organization",
    "OrganizationMedical": "Organization", "OrganizationSports": "Organization",
    "OrganizationStockExchange": "Organization", "Date": "Date", "DateTime": "Date", "DateRange": "Date",
    "DateTimeRange": "Date", "City": "City", "State": "State", "CountryRegion": "GPE", "Airport": "Airport",
    "Continent": "Location", "Geological": "Location", "Structural": "Location",
}  # fmt: skip
# Found only if they are asked: places are categories since 2025-11-15-preview.
_ON_REQUEST = frozenset(
    {"City", "State", "CountryRegion", "Airport", "Continent", "Geological", "Structural",
     *identifiers.EXTENDED_CATEGORIES}
)  # fmt: skip
_PARENTS = {"City": ("GPE", "Location"), "State": ("GPE", "Location"), "CountryRegion": ("Location",),
            "Airport": ("Location",)}  # fmt: skip
_MARKER_IS_UNKNOWN = {
    "code": "EmulatorApproximation",
    "message": "What the policy markerMask writes is not known: the emulator masks the characters.",
}
# What says nothing of a patient.
_NOT_HEALTH_PREFIXES = ("Azure", "SQL")
_NOT_HEALTH = frozenset({"ABARoutingNumber", "SWIFTCode"})


def analyze(text: str, language: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Find the personal data of a document and mask them.

    Args:
        text: The document.
        language: One of `LANGUAGES`; see `entities.analyze` for what is missing outside English.
        parameters: ``domain`` (``phi`` leaves out routing numbers and secrets of cloud services),
            ``piiCategories`` (with ``Default`` and ``All``), ``excludePiiCategories``, the redaction policies
            of `redaction.policies`, ``valueExclusionPolicy``, ``entitySynonyms``,
            ``confidenceScoreThreshold`` and ``disableEntityValidation``.

    Returns:
        ``redactedText`` (absent if the only policy is ``noMask``), ``entities``, perhaps ``warnings``.

    Raises:
        UnsupportedLanguage: The language is another one.
        MissingEngine: A library is not installed.
    """
    code = require(language, LANGUAGES)
    chosen = _Choice(parameters, code)
    taken = longest(hit for hit in _find(text, code, parameters) if chosen.takes(hit))
    # Only now: a name that is left out does not make its parts entities.
    hits = [hit for hit in taken if not chosen.leaves_out(text[hit.start : hit.end])]
    spans = [(hit.start, hit.end, _type(hit.type), _category(hit.type)) for hit in hits]
    policies = redaction.policies(parameters)
    redacted = redaction.redact(text, spans, policies)
    found = [_entity(text, hit) for hit in hits]
    for entity, mask in zip(found, redacted.masks, strict=True):
        if mask is not None:
            entity.update(mask=mask[0], maskOffset=mask[1], maskLength=len(mask[0]))
    result: dict[str, Any] = {} if redacted.text is None else {"redactedText": redacted.text}
    result["entities"] = found
    warnings = [entities.approximation(code)] if code != "en" else []
    warnings += [_MARKER_IS_UNKNOWN] if any(policy.kind == "markermask" for policy in policies) else []
    return {**result, "warnings": warnings} if warnings else result


class _Choice:
    """Which hits the parameters ask for."""

    def __init__(self, parameters: Mapping[str, Any], language: str) -> None:
        self._asked = wire.names(parameters, "piiCategories")
        self._excluded = wire.names(parameters, "excludePiiCategories")
        self._health = str(parameters.get("domain", "")).lower() == "phi"
        policy = wire.section(parameters, "valueExclusionPolicy")
        self._case = wire.flag(policy, "caseSensitive")
        values = [value for value in wire.items(policy, "excludedValues") if isinstance(value, str)]
        self._values = {self._folded(value) for value in values}
        threshold = wire.section(parameters, "confidenceScoreThreshold")
        self._lowest = _number(threshold.get("default"))
        self._lowest_by_name = {
            str(override.get("entity")).lower(): _number(override.get("value"))
            for override in wire.items(threshold, "overrides")
            if isinstance(override, dict) and override.get("language", language) in {language, None}
        }

    def takes(self, hit: Hit) -> bool:
        names = _names(hit.type)
        if not self._is_asked(hit.type, names) or names & self._excluded:
            return False
        if self._health and (hit.type in _NOT_HEALTH or hit.type.startswith(_NOT_HEALTH_PREFIXES)):
            return False
        lowest = next((self._lowest_by_name[n] for n in names if n in self._lowest_by_name), self._lowest)
        return hit.confidence >= lowest

    def leaves_out(self, value: str) -> bool:
        return self._folded(value) in self._values

    def _is_asked(self, kind: str, names: frozenset[str]) -> bool:
        if "all" in self._asked or names & self._asked:
            return True
        return kind not in _ON_REQUEST and (not self._asked or "default" in self._asked)

    def _folded(self, value: str) -> str:
        return value if self._case else value.casefold()


def _find(text: str, code: str, parameters: Mapping[str, Any]) -> Iterator[Hit]:
    synonyms = {
        str(entry.get("entityType")).lower(): tuple(
            str(item["synonym"]).lower()
            for item in wire.items(entry, "synonyms")
            if isinstance(item, dict) and item.get("synonym") and item.get("language") in {code, None}
        )
        for entry in wire.items(parameters, "entitySynonyms")
        if isinstance(entry, dict)
    }
    validate = not wire.flag(parameters, "disableEntityValidation")
    yield from identifiers.find(text, validate=validate, synonyms=synonyms)
    yield from (hit for hit in entities.find(text, code) if hit.type in _ASKED_AS)


def _names(kind: str) -> frozenset[str]:
    return frozenset(name.lower() for name in (kind, _ASKED_AS.get(kind, kind), *_PARENTS.get(kind, ())))


def _type(kind: str) -> str:
    return "IPAddress" if kind == "IP" else kind


def _category(kind: str) -> str:
    return TYPES[kind].category if kind in TYPES and kind != "IP" else _type(kind)


def _entity(text: str, hit: Hit) -> dict[str, Any]:
    known = TYPES.get(hit.type)
    entity: dict[str, Any] = {"text": text[hit.start : hit.end], "category": _category(hit.type)}
    if known is not None and known.subcategory is not None:
        entity["subcategory"] = known.subcategory
    tags = (_type(hit.type), *(known.tags[1:] if known is not None else ()))
    entity.update(
        offset=hit.start,
        length=hit.end - hit.start,
        confidenceScore=hit.confidence,
        type=_type(hit.type),
        tags=[{"name": tag, "confidenceScore": hit.confidence} for tag in tags],
    )
    return entity


def _number(value: Any) -> float:
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else 0.0
