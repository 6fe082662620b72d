"""Files that describe projects: patterns, keywords and examples.

A file describes one deployment of one project, in TOML or JSON, with the service's names::

    projectKind = "CustomEntityRecognition"
    projectName = "orders"
    deploymentName = "production"

    [[entities]]
    category = "OrderNumber"
    regex = ['AB-[0-9]{4}']
    phrases = ["my last order"]

Other kinds are ``CustomSingleLabelClassification`` and ``CustomMultiLabelClassification``, which have
``[[classes]]`` of ``category``, ``keywords`` and ``examples``; ``Conversation``, which has ``[[intents]]``
like these, and ``[[entities]]``; and ``Orchestration``, whose ``[[intents]]`` also name a ``targetProject``
and a ``targetDeployment`` of the kind ``Conversation``, or none. Examples tell classes apart, so they help
only where at least two classes have some. A ``CustomConversationSummarization`` (the kind's name in the
authoring API) has nothing but its names: it is there to be found, and no model stands behind it.
"""

from __future__ import annotations

import re
import sys
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from airflow_provider_language.emulator.engines.classifier import Classifier, Label
from airflow_provider_language.emulator.engines.custom_entities import Category, EntityFinder
from airflow_provider_language.emulator.engines.extras import load as load_library
from airflow_provider_language.emulator.projects.project import (
    CONVERSATION,
    KINDS,
    ORCHESTRATION,
    SUMMARIES,
    Project,
)
from airflow_provider_language.emulator.protocol.json_bodies import parse_json

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

_NAMES = ("projectKind", "projectName", "deploymentName")
_TARGET = ("targetProject", "targetDeployment")


class InvalidProject(ValueError):  # noqa: N818 - says what is wrong, like MissingEngine
    """A project file cannot be used; the message names the file and the reason."""


def _parse_toml(content: bytes) -> Any:
    # Python has a parser of its own since 3.11.
    return load_library("tomllib" if sys.version_info >= (3, 11) else "tomli").loads(content.decode())


_PARSERS: Mapping[str, Callable[[bytes], Any]] = MappingProxyType({".json": parse_json, ".toml": _parse_toml})
SUFFIXES = frozenset(_PARSERS)
"""How the names of such files end."""


def read_project(path: Path) -> Project:
    """Read one project file.

    Raises:
        InvalidProject: It is not what the module describes.
    """
    try:
        content = _PARSERS[path.suffix](path.read_bytes())
    except (ValueError, RecursionError) as error:
        raise InvalidProject(f"{path}: {error}") from error
    try:
        return _project(content)
    except (InvalidProject, re.error) as error:
        raise InvalidProject(f"{path}: {error}") from error


def _project(content: Any) -> Project:
    if not isinstance(content, dict):
        raise InvalidProject("a project is an object")
    unknown = content.keys() - {*_NAMES, "entities", "classes", "intents"}
    if unknown:
        raise InvalidProject(f"unknown: {', '.join(sorted(unknown))}")
    kind, name, deployment = (_string(content, field) for field in _NAMES)
    if kind not in KINDS:
        raise InvalidProject(f"projectKind must be one of: {', '.join(KINDS)}")
    if kind == SUMMARIES:
        if content.keys() != set(_NAMES):
            raise InvalidProject(f"a project of kind {kind} has nothing but its names")
        return Project(kind, name, deployment)
    categories = [_category(item) for item in _objects(content, "entities", {"regex", "phrases"})]
    is_asked = kind in (CONVERSATION, ORCHESTRATION)
    known = {"keywords", "examples"} | (set(_TARGET) if kind == ORCHESTRATION else set())
    items = _objects(content, "intents" if is_asked else "classes", known)
    labels = [
        Label(_string(item, "category"), _strings(item, "keywords"), _strings(item, "examples"))
        for item in items
    ]
    if not (categories if kind == "CustomEntityRecognition" else labels):
        raise InvalidProject(f"a project of kind {kind} needs at least one category")
    targets = {
        item["category"]: (_string(item, _TARGET[0]), _string(item, _TARGET[1]))
        for item in items
        if item.keys() & set(_TARGET)
    }
    return Project(kind, name, deployment, EntityFinder(categories), Classifier(labels), targets)


def _category(item: Mapping[str, Any]) -> Category:
    patterns = tuple(re.compile(source) for source in _strings(item, "regex"))
    return Category(_string(item, "category"), patterns, _strings(item, "phrases"))


def _string(owner: Mapping[str, Any], name: str) -> str:
    value = owner.get(name)
    if not isinstance(value, str) or not value.strip():
        raise InvalidProject(f"{name} must be a text")
    return value


def _strings(owner: Mapping[str, Any], name: str) -> tuple[str, ...]:
    value = owner.get(name, [])
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise InvalidProject(f"{name} must be a list of texts")
    return tuple(value)


def _objects(owner: Mapping[str, Any], name: str, known: set[str]) -> list[dict[str, Any]]:
    value = owner.get(name, [])
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise InvalidProject(f"{name} must be a list of objects")
    for item in value:
        unknown = item.keys() - known - {"category"}
        if unknown:
            raise InvalidProject(f"unknown in {name}: {', '.join(sorted(unknown))}")
    return value
