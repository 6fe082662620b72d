"""The shape of every parameter, by its name in the service's words, and the reading of a value in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.protocol.inputs.fields import number_in, text_in
from airflow_provider_language.protocol.json_values import WireObject
from airflow_provider_language.protocol.wire_names import camel_case

Shape: TypeAlias = "type | tuple[str, ...] | list[Shape] | Mapping[str, Shape]"
"""A scalar's type; the words of which it is one; a list of a shape; or an object of shapes by name."""

_FORMS_OF_TRANSCRIPTS = ("lexical", "itn", "maskedItn", "text")
_POLICY: Mapping[str, Shape] = {
    "policyKind": ("noMask", "characterMask", "entityMask", "syntheticReplacement", "markerMask"),
    "policyName": str,
    "entityTypes": [str],
    "isDefault": bool,
    "isDefaultPolicy": bool,
    "redactionCharacter": tuple("!#$%&*+-=?@^_~"),
    "unmaskLength": int,
    "unmaskFromEnd": bool,
    "preserveDataFormat": bool,
}
SHAPES: Mapping[str, Shape] = {
    "loggingOptOut": bool,
    "modelVersion": str,
    "stringIndexType": ("TextElements_v8", "TextElement_v8", "UnicodeCodePoint", "Utf16CodeUnit"),
    "projectName": str,
    "deploymentName": str,
    "opinionMining": bool,
    "inclusionList": [str],
    "exclusionList": [str],
    "overlapPolicy": {"policyKind": ("matchLongest", "allowOverlap")},
    "inferenceOptions": {"excludeNormalizedValues": bool},
    "domain": ("phi", "none"),
    "piiCategories": [str],
    "excludePiiCategories": [str],
    "redactionCharacter": tuple("!#$%&*+-=?@^_~"),
    "redactionPolicy": _POLICY,
    "redactionPolicies": [_POLICY],
    "valueExclusionPolicy": {"caseSensitive": bool, "excludedValues": [str]},
    "entitySynonyms": [{"entityType": str, "synonyms": [{"synonym": str, "language": str}]}],
    "confidenceScoreThreshold": {
        "default": float,
        "overrides": [{"entity": str, "value": float, "language": str}],
    },
    "disableEntityValidation": bool,
    "excludeExtractionData": bool,
    "fhirVersion": ("4.0.1",),
    "documentType": (
        "ClinicalTrial",
        "DischargeSummary",
        "ProgressNote",
        "HistoryAndPhysical",
        "Consult",
        "Imaging",
        "Pathology",
        "ProcedureNote",
    ),
    "sentenceCount": int,
    "sortBy": ("Offset", "Rank"),
    "query": str,
    "instruction": str,
    "summaryLength": ("short", "medium", "long"),
    "summaryAspects": [("issue", "resolution", "chapterTitle", "narrative", "recap", "follow-up tasks")],
    "redactionSource": _FORMS_OF_TRANSCRIPTS,
    "redactAudioTiming": bool,
    "predictionSource": _FORMS_OF_TRANSCRIPTS,
}
"""What all kinds and versions have: the names mean the same wherever they stand."""


def shaped(parameters: Mapping[str, Any], kind: str) -> WireObject:
    """Parameters in the service's words and shapes, numbers being what their field takes.

    Names may be spelt in Python's way. What says nothing is left out. Names and words that are not known here
    stay: which version has them is asked elsewhere.

    Args:
        parameters: as JSON.
        kind: the task's, for messages.

    Raises:
        InvalidInputError: a value of another shape, or one parameter in two spellings.
    """
    return _object(parameters, SHAPES, kind)


def shape_of(path: str) -> Shape | None:
    """The shape of the parameter at a path (``redactionPolicies.policyKind``), without lists around it."""
    shape: Shape | None = SHAPES
    for name in path.split("."):
        shape = shape.get(name) if isinstance(shape, Mapping) else None
        while isinstance(shape, list):
            shape = shape[0]
    return shape


def said(value: object, path: str = "") -> Iterator[tuple[str, object]]:
    """Every parameter that has a value, by its path; with None for one that holds others.

    Args:
        value: parameters as JSON; an empty list says nothing.
        path: where it stands.
    """
    if isinstance(value, list):
        for content in value:
            yield from said(content, path)
    elif isinstance(value, Mapping):
        if path:
            yield path, None
        for name, content in value.items():
            yield from said(content, f"{path}.{name}" if path else str(name))
    else:
        yield path, value


def _object(value: object, shapes: Mapping[str, Shape], name: str) -> WireObject:
    if not isinstance(value, Mapping):
        raise InvalidInputError(f"{name} is a {type(value).__name__}, not an object.")
    found: WireObject = {}
    given: dict[str, str] = {}
    for spelling, content in value.items():
        own = camel_case(spelling) if camel_case(spelling) in shapes else spelling
        if given.setdefault(own, spelling) != spelling:
            raise InvalidInputError(f"{name} says {own} in two spellings: {given[own]} and {spelling}.")
        read = _read(content, shapes[own], f"{name}.{own}") if own in shapes else content
        if read is not None:
            found[own] = read
    return found


def _read(value: Any, shape: Shape, name: str) -> Any:
    if value is None:
        return None
    if isinstance(shape, Mapping):
        return _object(value, shape, name)
    if isinstance(shape, list):
        return _list(value, shape[0], name)
    if isinstance(value, (list, dict)):
        raise InvalidInputError(f"{name} is a {type(value).__name__}, not a single value.")
    text = text_in(value, name)
    if text is None or shape is str:
        return text
    if isinstance(shape, tuple):
        same = [word for word in shape if word.lower() == text.strip().lower()]
        return same[0] if same else text
    return _scalar(text.strip(), shape, name)


def _list(value: Any, shape: Shape, name: str) -> list[Any]:
    if not isinstance(value, list):
        raise InvalidInputError(f"{name} is a {type(value).__name__}, not a list.")
    found = [_read(one, shape, f"{name}[{place}]") for place, one in enumerate(value)]
    if None in found:
        raise InvalidInputError(f"{name}[{found.index(None)}] says nothing.")
    return found


def _scalar(text: str, shape: type | tuple[str, ...], name: str) -> bool | int | float:
    if shape is bool:
        if text.lower() in {"true", "false"}:
            return text.lower() == "true"
        raise InvalidInputError(f"{name} is {text!r:.60}, neither true nor false.")
    number = number_in(text, name)
    if number is None or (shape is int and not isinstance(number, int)):
        raise InvalidInputError(f"{name} is {text!r:.60}, which is no whole number.")
    return number if shape is int else float(number)
