"""Healthcare: drugs, conditions and what is said of them in clinical English."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from airflow_provider_language.emulator.engines.health import clinical_english, fhir
from airflow_provider_language.emulator.engines.health.terms import terms
from airflow_provider_language.emulator.engines.spans.hits import LIST, Hit, longest
from airflow_provider_language.emulator.engines.words.text import Sentence, require, sentences

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

LANGUAGES = ("en",)

_WORD = re.compile(r"[^\W_]+(?:[-'\u2019][^\W_]+)*")
_MAX_WORDS = 6
_CONDITIONS = frozenset({"Diagnosis", "SymptomOrSign"})
_CLAUSE_END = re.compile(r"[,;:]| but | and reports | who | which ")
# Entity category -> relation, its own role, the category and role that it belongs to.
_RELATIONS = {
    "Dosage": (
        "DosageOfMedication",
        "Dosage",
        frozenset({"MedicationName", "MedicationClass"}),
        "Medication",
    ),
    "Frequency": (
        "FrequencyOfMedication",
        "Frequency",
        frozenset({"MedicationName", "MedicationClass"}),
        "Medication",
    ),
    "MedicationForm": (
        "FormOfMedication",
        "Form",
        frozenset({"MedicationName", "MedicationClass"}),
        "Medication",
    ),
    "MedicationRoute": (
        "RouteOfMedication",
        "Route",
        frozenset({"MedicationName", "MedicationClass"}),
        "Medication",
    ),
    "ConditionQualifier": ("QualifierOfCondition", "Qualifier", _CONDITIONS, "Condition"),
    "BodyStructure": ("BodySiteOfCondition", "BodySite", _CONDITIONS, "Condition"),
    "Direction": ("DirectionOfBodyStructure", "Direction", frozenset({"BodyStructure"}), "BodyStructure"),
    "MeasurementValue": ("ValueOfExamination", "Value", frozenset({"ExaminationName"}), "Examination"),
    "MeasurementUnit": ("UnitOfExamination", "Unit", frozenset({"ExaminationName"}), "Examination"),
}
# A qualifier or a direction belongs to what follows at once, whatever else is near.
_NEXT_ONLY = frozenset({"ConditionQualifier", "Direction"})
_REACH_NEXT = 3


def analyze(text: str, language: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Find the medical entities of a document and how they belong together.

    Args:
        text: The document.
        language: ``"en"``.
        parameters: ``fhirVersion`` asks for a bundle, whose title ``documentType`` is.

    Returns:
        ``entities`` and ``relations``, whose refs name document 0, see `results.renumber`; with
        ``fhirVersion`` also ``fhirBundle`` and a warning that it is an approximation.

    Raises:
        UnsupportedLanguage: The language is not English.
        MissingEngine: A library is not installed.
    """
    require(language, LANGUAGES)
    hits = longest([*_named(text), *clinical_english.find(text)])
    parts = sentences(text, language)
    starts = [part.offset for part in parts]
    places = [bisect_right(starts, hit.start) - 1 for hit in hits]
    entities = [_entity(text, hit, parts[place]) for hit, place in zip(hits, places, strict=True)]
    relations = list(_relations(hits, places))
    result: dict[str, Any] = {"entities": entities, "relations": relations}
    if parameters.get("fhirVersion") == fhir.VERSION:
        document_type = parameters.get("documentType")
        title = document_type if isinstance(document_type, str) else None
        result["warnings"] = [dict(fhir.WARNING)]
        result["fhirBundle"] = fhir.bundle(text, entities, relations, title)
    return result


def _named(text: str) -> Iterator[Hit]:
    """Yield drugs and conditions: at each word the longest name of at most six words."""
    known = terms()
    words = [match.span() for match in _WORD.finditer(text)]
    index = 0
    while index < len(words):
        taken = 1
        for size in range(min(_MAX_WORDS, len(words) - index), 0, -1):
            start, end = words[index][0], words[index + size - 1][1]
            term = known.get(" ".join(text[start:end].lower().split()))
            if term is not None:
                yield Hit(start, end, term.category, LIST)
                taken = size
                break
        index += taken


def _entity(text: str, hit: Hit, sentence: Sentence) -> dict[str, Any]:
    found = text[hit.start : hit.end]
    entity: dict[str, Any] = {
        "offset": hit.start,
        "length": hit.end - hit.start,
        "text": found,
        "category": hit.type,
        "confidenceScore": hit.confidence,
    }
    if hit.type in _CONDITIONS:
        assertion = _assertion(sentence, hit)
        if assertion:
            entity["assertion"] = assertion
    term = terms().get(" ".join(found.lower().split())) if hit.confidence == LIST else None
    if term is not None:
        entity["name"] = term.name
        if term.drugbank is not None:
            entity["links"] = [{"dataSource": "DRUGBANK", "id": term.drugbank}]
    return entity


def _assertion(sentence: Sentence, hit: Hit) -> dict[str, str]:
    """Return what the clause before a condition says of it, in the manner of NegEx (Chapman et al., 2001)."""
    before = sentence.text[: hit.start - sentence.offset]
    clause = _CLAUSE_END.split(before)[-1]
    assertion = {}
    if clinical_english.CONDITION.search(clause):
        assertion["conditionality"] = "hypothetical"
    shared = clinical_english.LISTED_NEGATION.search(before) and " but " not in before
    if shared or clinical_english.NEGATION.search(clause):
        assertion["certainty"] = "negative"
    elif clinical_english.POSSIBILITY.search(clause):
        assertion["certainty"] = "positivePossible"
    if clinical_english.RELATIVE.search(before):
        assertion["association"] = "other"
    return assertion


def _relations(hits: Sequence[Hit], places: Sequence[int]) -> Iterator[dict[str, Any]]:
    """Yield what belongs together: each detail and the nearest of its owners in the same sentence."""
    together: defaultdict[int, list[int]] = defaultdict(list)
    for index, place in enumerate(places):
        together[place].append(index)
    for index, hit in enumerate(hits):
        if hit.type not in _RELATIONS:
            continue
        relation, role, owners, owner_role = _RELATIONS[hit.type]
        near = [i for i in together[places[index]] if hits[i].type in owners]
        if hit.type in _NEXT_ONLY:
            near = [i for i in near if 0 <= hits[i].start - hit.end <= _REACH_NEXT]
        if not near:
            continue
        owner = min(near, key=lambda i: (_distance(hits[i], hit), i))
        roles = sorted([(index, role), (owner, owner_role)])
        yield {
            "relationType": relation,
            "entities": [
                {"ref": f"#/results/documents/0/entities/{number}", "role": name} for number, name in roles
            ],
        }


def _distance(first: Hit, second: Hit) -> int:
    return max(first.start - second.end, second.start - first.end)
