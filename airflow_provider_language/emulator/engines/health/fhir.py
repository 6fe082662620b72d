"""A FHIR R4 bundle of what Healthcare found: the resources that its entities name, and nothing invented."""

from __future__ import annotations

import uuid
from collections import defaultdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

VERSION = "4.0.1"
WARNING = {
    "code": "EmulatorApproximation",
    "message": "The FHIR bundle holds the found conditions, medications, examinations and treatments as "
    "minimal resources; the emulator knows no terminology and no patient.",
}

_NAMESPACE = uuid.UUID("6f0c1f6a-3f9e-4b7e-9f5b-1c5a0a6f3d52")
_CERTAINTIES = {"negative": "refuted", "positivePossible": "provisional"}
_DETAILS = {
    "DosageOfMedication": "Dosage",
    "FrequencyOfMedication": "Frequency",
    "RouteOfMedication": "Route",
    "FormOfMedication": "Form",
    "ValueOfExamination": "Value",
    "UnitOfExamination": "Unit",
    "QualifierOfCondition": "Qualifier",
    "BodySiteOfCondition": "BodySite",
}
_UNKNOWN = {
    "extension": [
        {"url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason", "valueCode": "unknown"}
    ]
}


def bundle(
    text: str,
    entities: Sequence[Mapping[str, Any]],
    relations: Sequence[Mapping[str, Any]],
    document_type: str | None,
) -> dict[str, Any]:
    """Return a bundle of type ``collection``, the same for the same text.

    A bundle of type ``document``, as the service writes it, needs times and an author that the emulator
    does not know. Conditions that are only hypothetical, or somebody else's, are left out.

    Args:
        text: The document, which the ids are made of.
        entities: What Healthcare found in it.
        relations: How they belong together; refs end in the number of an entity.
        document_type: The ``documentType`` that was asked for, for the composition's title.
    """
    patient: dict[str, Any] = {"resourceType": "Patient", "id": _id(text, "patient")}
    subject = {"reference": f"Patient/{patient['id']}"}
    found = list(_resources(text, entities, _details(entities, relations), subject))
    entries = [{"reference": f"{each['resourceType']}/{each['id']}"} for each in found]
    title = document_type if document_type not in (None, "None") else "Note"
    composition: dict[str, Any] = {
        "resourceType": "Composition",
        "id": _id(text, "composition"),
        "status": "preliminary",
        "type": {"text": title},
        "subject": subject,
        "_date": _UNKNOWN,
        "author": [{"display": "Emulator of Azure AI Language"}],
        "title": title,
        **({"section": [{"entry": entries}]} if entries else {}),
    }
    resources = [composition, patient, *found]
    return {
        "resourceType": "Bundle",
        "id": _id(text, "bundle"),
        "type": "collection",
        "entry": [{"fullUrl": f"urn:uuid:{each['id']}", "resource": each} for each in resources],
    }


def _id(text: str, part: str) -> str:
    return str(uuid.uuid5(_NAMESPACE, f"{part}\n{text}".encode("utf-8", "replace").decode("utf-8")))


def _details(
    entities: Sequence[Mapping[str, Any]], relations: Sequence[Mapping[str, Any]]
) -> dict[int, dict[str, str]]:
    """Return for each entity the texts that belong to it, by role."""
    details: defaultdict[int, dict[str, str]] = defaultdict(dict)
    for relation in relations:
        role = _DETAILS.get(relation["relationType"])
        places = {each["role"]: int(each["ref"].rsplit("/", 1)[1]) for each in relation["entities"]}
        if role is not None:
            [owner] = [place for name, place in places.items() if name != role]
            details[owner].setdefault(role, entities[places[role]]["text"])
    return details


def _resources(
    text: str,
    entities: Sequence[Mapping[str, Any]],
    details: Mapping[int, Mapping[str, str]],
    subject: Mapping[str, str],
) -> Iterator[dict[str, Any]]:
    for place, entity in enumerate(entities):
        body = _resource(entity, details.get(place, {}), subject)
        if body is not None:
            kind = body.pop("resourceType")
            yield {"resourceType": kind, "id": _id(text, str(place)), **body}


def _resource(
    entity: Mapping[str, Any], details: Mapping[str, str], subject: Mapping[str, str]
) -> dict[str, Any] | None:
    category, code = entity["category"], _concept(entity)
    if category in ("Diagnosis", "SymptomOrSign"):
        return _condition(entity.get("assertion", {}), code, details, subject)
    if category in ("MedicationName", "MedicationClass"):
        dosage = " ".join(
            details[role] for role in ("Dosage", "Form", "Route", "Frequency") if role in details
        )
        return {
            "resourceType": "MedicationStatement",
            "status": "unknown",
            "medicationCodeableConcept": code,
            "subject": subject,
            **({"dosage": [{"text": dosage}]} if dosage else {}),
        }
    if category == "ExaminationName":
        value = " ".join(details[role] for role in ("Value", "Unit") if role in details)
        return {
            "resourceType": "Observation",
            "status": "unknown",
            "code": code,
            "subject": subject,
            **({"valueString": value} if value else {}),
        }
    if category == "TreatmentName":
        return {"resourceType": "Procedure", "status": "unknown", "code": code, "subject": subject}
    return None


def _condition(
    assertion: Mapping[str, str],
    code: dict[str, Any],
    details: Mapping[str, str],
    subject: Mapping[str, str],
) -> dict[str, Any] | None:
    if "association" in assertion or "conditionality" in assertion:
        return None
    status = _CERTAINTIES.get(assertion.get("certainty", ""), "confirmed")
    system = "http://terminology.hl7.org/CodeSystem/condition-ver-status"
    return {
        "resourceType": "Condition",
        "verificationStatus": {"coding": [{"system": system, "code": status}]},
        **({"severity": {"text": details["Qualifier"]}} if "Qualifier" in details else {}),
        "code": code,
        **({"bodySite": [{"text": details["BodySite"]}]} if "BodySite" in details else {}),
        "subject": subject,
    }


def _concept(entity: Mapping[str, Any]) -> dict[str, Any]:
    coding = [{"code": link["id"], "display": entity["name"]} for link in entity.get("links", ())]
    return {**({"coding": coding} if coding else {}), "text": entity["text"]}
