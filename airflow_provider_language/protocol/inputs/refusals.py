"""The refusal of what a version does not know: parameters, words and categories, with what could be meant."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.protocol.inputs.categories import ALL_PII, ENTITIES, PII, WHOLE
from airflow_provider_language.protocol.inputs.near_misses import meant
from airflow_provider_language.protocol.inputs.parameters import (
    DISPUTED,
    JOB_OPTIONS,
    NEED_A_LANGUAGE,
    OVERRIDES,
    PARAMETERS,
    Versions,
)
from airflow_provider_language.protocol.inputs.shapes import said, shape_of
from airflow_provider_language.protocol.inputs.task_bases import CODE_POINTS
from airflow_provider_language.protocol.inputs.tasks import WireTask
from airflow_provider_language.protocol.json_values import object_or_empty, objects_in
from airflow_provider_language.protocol.surfaces import ANALYZE_TEXT, Surface

_UNIT = "stringIndexType"

log = logging.getLogger(__name__)

_PII_FIELDS = frozenset(
    {
        "excludePiiCategories",
        "redactionPolicy.entityTypes",
        "redactionPolicies.entityTypes",
        "entitySynonyms.entityType",
        "confidenceScoreThreshold.overrides.entity",
    }
)
_ENTITY_FIELDS = frozenset({"inclusionList", "exclusionList"})


def check_parameters(surface: Surface, version: str, task: WireTask) -> None:
    """Refuse what this version has not, which the service would ignore without a word.

    A version that is later than the tables is asked: what they do not know is sent, and a log line tells so.
    So is what the published documents contradict each other on.

    Args:
        surface: the job's.
        version: the job's, of this surface.
        task: of a kind that the version has.

    Raises:
        InvalidInputError: with the versions that have the parameter, or with the nearest name.
    """
    known = surface.like(version) or version
    having = _having(surface.name, task.kind)
    about = f"{task.kind} of {surface.name} {version}"
    for name in _disputed(surface, known, task):
        log.warning("%s: the published documents contradict each other on %s. It is sent.", about, name)
    for path, value in said(task.parameters):
        for name in (path, f"{path}={value}"):
            if not _is_disputed(surface, known, name) and known not in having.get(name, {known}):
                told = _told(surface, task.kind, having[name])
                raise InvalidInputError(f"{about} does not know {name}; {told}.")
        strange = _strange(surface, known, task.kind, path, value)
        if strange is not None and (version == known or "_" in path):  # no version spells as Python does
            raise InvalidInputError(f"{about} knows no {strange}")
        if strange is not None:
            log.warning("%s is newer than what is known here, which has no %s Sent.", about, strange)


def with_known_unit(surface: Surface, version: str, task: WireTask) -> WireTask:
    """The task without a unit of offsets where the version lets nobody choose one.

    What is left out is ours, code points; another unit, which an author asked for, stays, and is refused.
    """
    having = PARAMETERS[surface.name][task.kind].get(_UNIT, frozenset())
    if (surface.like(version) or version) in having or task.parameters.get(_UNIT) != CODE_POINTS:
        return task
    log.warning("%s of %s %s counts offsets in a unit of its own.", task.kind, surface.name, version)
    parameters = {name: value for name, value in task.parameters.items() if name != _UNIT}
    return replace(task, parameters=parameters)


def check_option(surface: Surface, version: str, option: str) -> None:
    """Refuse an option of a job that this version has not, and would ignore.

    Args:
        surface: the job's.
        version: the job's, of this surface.
        option: as ``JOB_OPTIONS`` calls it.

    Raises:
        InvalidInputError: with the versions that have it.
    """
    family = surface if surface.version_in_query else ANALYZE_TEXT
    having = JOB_OPTIONS[family.name].get(option, frozenset())
    if (surface.like(version) or version) not in having:
        told = _in_words(one for one in having if one in family.kinds)
        raise InvalidInputError(f"{surface.name} {version} does not know {option}; {told}.")


def _is_disputed(surface: Surface, version: str, name: str) -> bool:
    return version in DISPUTED.get(surface.name, {}).get(name, ())


def _disputed(surface: Surface, version: str, task: WireTask) -> Iterator[str]:
    """What the published documents contradict each other on, of what a task says, or leaves out."""
    for name in dict.fromkeys(
        name for path, value in said(task.parameters) for name in (path, f"{path}={value}")
    ):
        if _is_disputed(surface, version, name):
            yield name
    if _is_disputed(surface, version, task.kind):
        yield f"the kind {task.kind}"
    above, _, below = OVERRIDES.partition(".")
    given: Any = task.parameters.get(above)
    if version in NEED_A_LANGUAGE and any(
        "language" not in override for override in objects_in(object_or_empty(given).get(below))
    ):
        yield f"{OVERRIDES} without a language"


@cache
def _having(surface: str, kind: str) -> Mapping[str, Versions]:
    """The versions of each parameter of a kind; none of those that only another family has."""
    elsewhere = {name for kinds in PARAMETERS.values() for name in kinds.get(kind, ())}
    none: Versions = frozenset()
    return {
        **{name: none for name in elsewhere if not {".", "="} & set(name)},
        **PARAMETERS[surface][kind],
    }


@cache
def _names(surface: str, kind: str) -> Sequence[str]:
    """The parameters of a kind that stand in no other one."""
    return [one for one in _having(surface, kind) if not {".", "="} & set(one)]


def _strange(surface: Surface, version: str, kind: str, path: str, value: object) -> str | None:
    """What no version has of this, with what could be meant; None if it is known."""
    above, _, name = path.rpartition(".")
    shape = shape_of(path)
    if above:
        within = shape_of(above)
        names: Sequence[str] = list(within) if isinstance(within, Mapping) else []
    else:
        names = _names(surface.name, kind)
    if name not in names:
        return f"parameter {path!r:.99}" + (meant(name, names) or ".")
    if isinstance(shape, tuple) and value not in shape:
        return f"{value!r:.60} for {path}; it knows {', '.join(shape)}."
    known = _categories(surface, version, path)
    if known is not None and value not in known:
        return f"category {value!r:.60} for {path}" + (meant(str(value), known) or ".")
    return None


def _categories(surface: Surface, version: str, path: str) -> frozenset[str] | None:
    """The categories that can be said here; those of any version, where no list of this one was published."""
    if path in _ENTITY_FIELDS:
        return ENTITIES
    if path == "piiCategories":
        return _of_pii(surface, version) | WHOLE
    return _of_pii(surface, version) if path in _PII_FIELDS else None


def _of_pii(surface: Surface, version: str) -> frozenset[str]:
    return PII.get(surface.name, {}).get(version) or ALL_PII[surface.name]


def _told(surface: Surface, kind: str, having: Versions) -> str:
    """The versions that have it; those of the Language API where the legacy one has not."""
    kinds = surface.kinds if surface.version_in_query else ANALYZE_TEXT.kinds
    return _in_words(version for version in having if kind in kinds.get(version, ()))


def _in_words(having: Iterable[str]) -> str:
    versions = sorted(having)
    if not versions:
        return "no version has it"
    return f"{', '.join(versions)} {'has' if len(versions) == 1 else 'have'} it"
