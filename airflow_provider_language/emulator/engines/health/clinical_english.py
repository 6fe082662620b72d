"""What clinical English says besides drugs and diseases: doses, times, body parts, examinations, cues."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from airflow_provider_language.emulator.engines.spans.hits import PATTERN, Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

_AMOUNT = r"(?:\d{1,7}(?:[.,]\d{1,3})?(?: ?[-\u2013/] ?\d{1,7}(?:\.\d{1,3})?)?|half an?|one|two|three|four)"
_SPAN = r"(?:minutes?|hours?|days?|nights?|weeks?|months?|years?)"
_BODY = (
    r"abdomen, ankle, aorta, arm, artery, back, bladder, bowel, brain, breast, chest, colon, ear, "
    r"elbow, esophagus, eye, face, finger, foot, forearm, gallbladder, hand, head, heart, hip, jaw, "
    r"kidney, knee, larynx, leg, liver, lung, mouth, muscle, neck, nose, pancreas, pelvis, prostate, "
    r"rib, shoulder, skin, skull, spine, spleen, stomach, thigh, throat, thumb, thyroid, toe, tongue, "
    r"tooth, uterus, vein, wrist, teeth, feet, arteries"
).replace(", ", "|")

# Alternatives, separated by commas.
_WORDS = {
    "MedicationRoute": (
        r"orally, by mouth, oral, intravenous(?:ly)?, (?-i:IV, PO), subcutaneous(?:ly)?, "
        r"intramuscular(?:ly)?, topical(?:ly)?, sublingual(?:ly)?, rectal(?:ly)?, inhaled, nasal, "
        r"transdermal"
    ),
    "MedicationForm": (
        r"tablets?, capsules?, pills?, cream, ointment, syrup, injections?, infusion, patch(?:es)?, "
        r"eye drops, inhaler, suppositor(?:y|ies), lotion, gel, spray"
    ),
    "MedicationClass": (
        r"antibiotics?, antidepressants?, antihistamines?, anticoagulants?, anticonvulsants?, "
        r"antipsychotics?, analgesics?, painkillers?, beta[- ]blockers?, diuretics?, laxatives?, "
        r"(?-i:NSAIDs?), opioids?, opiates?, statins?, (?:cortico)?steroids?, sedatives?, vaccines?, "
        r"ACE inhibitors?, blood thinners?"
    ),
    "ExaminationName": (
        r"blood (?:pressure|tests?|count|cultures?|glucose), heart rate, pulse, respiratory rate, "
        r"oxygen saturation, (?:body )?temperature, weight, glucose, ha?emoglobin, cholesterol, "
        r"creatinine, sodium, potassium, troponin, biops(?:y|ies), colonoscopy, endoscopy, ultrasound, "
        r"mammogram, x-rays?, echocardiogram, physical examination, urinalysis, lumbar puncture, "
        r"(?-i:BMI, HbA1c, LDL, HDL, CRP, INR, CT scans?, CT, MRI, PET scan, ECG, EKG, EEG)"
    ),
    "ConditionQualifier": (
        r"severe, mild, moderate, acute, chronic, recurrent, persistent, intermittent, advanced, "
        r"metastatic"
    ),
    "Course": (r"worsening, worsened, improving, improved, stable, progressive, resolved, deteriorating"),
    "TreatmentName": (
        r"surgery, operation, chemotherapy, radiotherapy, radiation therapy, physiotherapy, physical "
        r"therapy, dialysis, transplant(?:ation)?, bypass, appendectomy, cholecystectomy, "
        r"hysterectomy, mastectomy, angioplasty, psychotherapy, oxygen therapy, blood transfusion, "
        r"(?:hip|knee) replacement, stent(?:ing)?"
    ),
    "HealthcareProfession": (
        r"cardiologists?, dermatologists?, neurologists?, oncologists?, pediatricians?, "
        r"psychiatrists?, radiologists?, surgeons?, physicians?, doctors?, nurses?, midwife, "
        r"dentists?, pharmacists?, paramedics?, therapists?, general practitioners?"
    ),
    "CareEnvironment": (
        r"hospital, clinic, emergency (?:room|department), intensive care unit, (?-i:ICU), ward, "
        r"nursing home, operating room, hospice"
    ),
    "AdministrativeEvent": (r"admitted, admission, discharged, discharge, transferred, referred, readmitted"),
    "FamilyRelation": (
        r"mother, father, parents, sister, brother, siblings?, son, daughter, grandmother, "
        r"grandfather, aunt, uncle, wife, husband, spouse, family history"
    ),
    "Gender": (r"male, female, man, woman, boy, girl, gentleman, lady"),
    "SubstanceUse": (r"smokes, smokers?, smoking, drinks alcohol, alcohol abuse, tobacco, cigarettes"),
}
_SOURCES = {
    "Dosage": (
        rf"(?<![\w.]){_AMOUNT} ?(?:mg/kg|mg/ml|mg|mcg|µg|μg|kg|g|ml|mL|IU|units?|puffs?|drops?|tablets?"
        r"|pills?|%)(?![\w/])"
    ),
    "Frequency": (
        r"\b(?:(?:once|twice|(?:one|two|three|four|\d) times?)(?: (?:a|per|each|every))?"
        r" ?(?:daily|day|week|month|weekly|night)"
        rf"|every (?:other )?(?:\d{{1,2}} )?{_SPAN}|every (?:morning|evening)|q\d{{1,2}}h"
        r"|qd|bid|tid|qid|prn|BID|TID|QID|PRN|daily|nightly|weekly|as needed|at bedtime)\b"
    ),
    "BodyStructure": rf"(?i:\b(?:{_BODY})(?:e?s)?\b)",
    "MeasurementValue": (
        r"(?<![\w.])\d{2,3}/\d{2,3}(?![\w/])"
        r"|(?<![\w./])\d{1,4}(?:\.\d{1,2})?(?= ?(?:mmHg|bpm|mg/d[lL]|mmol|%|°))"
    ),
    "MeasurementUnit": r"(?<=\d) ?(?P<entity>mmHg|bpm|mg/d[lL]|mmol/[lL]|°[CF])(?!\w)",
    "Direction": (
        r"\b(?:left|right|upper|lower|bilateral|anterior|posterior|proximal|distal|lateral)"
        rf"(?=[ -](?:\w{{1,20}} )?(?:{_BODY}))"
    ),
    "Age": r"\b\d{1,3}[- ](?:year|month|week|day)s?[- ]old\b|\baged? \d{1,3}\b|\b\d{1,3} ?y/?o\b",
    "Time": (
        r"\b(?:for|over|in)(?: the)?(?: (?:past|last))?"
        rf" (?P<entity>{_AMOUNT}(?: to \d{{1,2}})? {_SPAN})\b"
        rf"|\b{_AMOUNT} {_SPAN} ago\b|\b(?:yesterday|today|last (?:night|week|month|year)|this morning)\b"
    ),
    **{category: rf"(?i:\b(?:{words.replace(', ', '|')})\b)" for category, words in _WORDS.items()},
}
_PATTERNS = {category: re.compile(source) for category, source in _SOURCES.items()}

NEGATION = re.compile(
    r"\b(?:no|not|never|without|denies|denied|deny|negative for|absence of|rules? out|ruled out|free of)\b"
    r"|n['\u2019]t\b",
    re.IGNORECASE,
)
"""What says that a condition behind it is absent."""

POSSIBILITY = re.compile(
    r"\b(?:possibl[ey]|probabl[ey]|suspected|suspicion of|likely|may have|might have|could be|concern for)\b",
    re.IGNORECASE,
)
"""What says that a condition behind it is not sure."""

CONDITION = re.compile(r"\b(?:if|in case of|should|unless|when)\b", re.IGNORECASE)
"""What says that a condition behind it has not come."""

RELATIVE = re.compile(
    r"\b(?:mother|father|sister|brother|grandmother|grandfather|aunt|uncle|family history)\b", re.IGNORECASE
)
"""What says that a condition behind it is somebody else's."""

LISTED_NEGATION = re.compile(r"\b(?:no|denies|denied|without)\b[^.;]*,[^.;]*\Z", re.IGNORECASE)
"""What says that all conditions of a list behind it are absent: "no fever, cough or chills"."""


def find(text: str) -> Iterator[Hit]:
    """Yield what patterns tell; hits may overlap.

    Args:
        text: The document.
    """
    for category, pattern in _PATTERNS.items():
        for match in pattern.finditer(text):
            start, end = match.span("entity") if match.lastgroup == "entity" else match.span()
            yield Hit(start, end, category, PATTERN)
