"""Projects that stand for trained models: files of patterns, keywords and examples.

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

import json
import re
import sys
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from . import errors
from .engines.classifier import Classifier, Label, Score
from .engines.custom_entities import Category, EntityFinder
from .engines.extras import load as load_library

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from .analysis import Engines

SAMPLES = Path(__file__).parent / "sample_projects"
"""The projects that are served unless others are given."""

CONVERSATION = "Conversation"
"""The project kind of conversational language understanding, which is asked synchronously."""

# The intent that every such project has, for texts that no other one fits.
_NO_INTENT = "None"
ORCHESTRATION = "Orchestration"
"""The project kind that hands an utterance on to another project; asked like ``Conversation``."""

_SUMMARIES = "CustomConversationSummarization"
# All kinds but this one are called like the kind of their tasks.
_PROJECT_KINDS: Mapping[str, str] = MappingProxyType({"CustomConversationalSummarizationTask": _SUMMARIES})

_NAMES = ("projectKind", "projectName", "deploymentName")
_TARGET = ("targetProject", "targetDeployment")


class InvalidProject(ValueError):  # noqa: N818 - says what is wrong, like MissingEngine
    """A project file cannot be used; the message names the file and the reason."""


@dataclass(frozen=True)
class Project:
    """One deployment of a project.

    Attributes:
        kind: The project kind.
        name: The ``projectName``.
        deployment: The ``deploymentName``.
        finder: What finds its entities.
        classifier: What knows its classes or intents.
        targets: Of an orchestration, the project and deployment that an intent is handed on to.
    """

    kind: str
    name: str
    deployment: str
    finder: EntityFinder = field(default_factory=lambda: EntityFinder(()))
    classifier: Classifier = field(default_factory=lambda: Classifier(()))
    targets: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    def entities(self, text: str) -> dict[str, Any]:
        """Return what CustomEntityRecognition answers for a text."""
        return {"entities": self.finder.find(text)}

    def single_label(self, text: str) -> dict[str, Any]:
        """Return what CustomSingleLabelClassification answers: the surest class."""
        best = self.classifier.best(text)
        return {"class": [] if best is None else [_class(best.name, best.confidence)]}

    def labels(self, text: str) -> dict[str, Any]:
        """Return what CustomMultiLabelClassification answers: all classes that fit, perhaps none."""
        return {"class": [_class(each.name, each.confidence) for each in self.classifier.all_that_fit(text)]}

    def prediction(self, text: str) -> dict[str, Any]:
        """Return what conversational language understanding answers: an intent and its entities."""
        ranked = self.classifier.ranked(text, otherwise=_NO_INTENT)
        return {
            "topIntent": ranked[0].name,
            "projectKind": CONVERSATION,
            "intents": [_class(each.name, each.confidence) for each in ranked],
            "entities": [
                {name: entity[name] for name in ("category", "text", "offset", "length", "confidenceScore")}
                for entity in self.finder.find(text)
            ],
        }


def _class(category: str, confidence: float) -> dict[str, Any]:
    return {"category": category, "confidenceScore": confidence}


_ANSWERS: Mapping[str, Callable[[Project, str], dict[str, Any]]] = MappingProxyType(
    {
        "CustomEntityRecognition": Project.entities,
        "CustomSingleLabelClassification": Project.single_label,
        "CustomMultiLabelClassification": Project.labels,
    }
)
KINDS = (*_ANSWERS, CONVERSATION, ORCHESTRATION, _SUMMARIES)
"""The project kinds that can be described."""


class Projects:
    """The deployments that an emulator serves.

    Args:
        projects: Each project name has one kind, as in a resource of the service.
    """

    def __init__(self, projects: Iterable[Project] = ()) -> None:
        self._projects = {(each.kind, each.name, each.deployment): each for each in projects}

    @classmethod
    def load(cls, folder: Path) -> Projects:
        """Read all ``.toml`` and ``.json`` files of a folder.

        Raises:
            InvalidProject: The folder does not exist, a file is not what the module describes, or two files
                describe the same deployment.
        """
        if not folder.is_dir():
            raise InvalidProject(f"{folder} is no folder")
        found: dict[tuple[str, str], Path] = {}
        projects = []
        for path in sorted(path for path in folder.iterdir() if path.suffix in _PARSERS):
            project = read_project(path)
            first = found.setdefault((project.name, project.deployment), path)
            if first != path:
                raise InvalidProject(f"{path}: {first.name} describes the same deployment")
            projects.append(project)
        loaded = cls(projects)
        loaded.check_targets()
        return loaded

    def check_targets(self) -> None:
        """See whether orchestrations hand on to what there is.

        Raises:
            InvalidProject: One does not.
        """
        for project in self._projects.values():
            for intent, target in project.targets.items():
                if (CONVERSATION, *target) not in self._projects:
                    raise InvalidProject(f"{project.name}: the target of {intent} is no known conversation")

    @property
    def engines(self) -> Engines:
        """The engine of each project kind; it runs the project that a task's parameters name."""
        return {
            **{kind: partial(self._analyze, kind) for kind in _ANSWERS},
            CONVERSATION: self._understand,
        }

    def find(self, kind: str, parameters: Mapping[str, Any]) -> Project:
        """Return the deployment that a task asks for.

        What the service answers to a job that asks for an unknown project was never recorded. Inferred: 404
        with the documented code ``ProjectNotFound``, and for an unknown deployment the words that were
        recorded for ``Conversation``, where an unknown project is answered like an unknown deployment.

        Args:
            kind: The task kind, or ``Conversation``.
            parameters: The task's parameters.

        Raises:
            ServiceError: 404, there is no such project of this kind, or no such deployment of it.
        """
        name, deployment = parameters.get("projectName"), parameters.get("deploymentName")
        kind = _PROJECT_KINDS.get(kind, kind)
        kinds = (CONVERSATION, ORCHESTRATION) if kind == CONVERSATION else (kind,)
        for each in kinds:
            project = self._projects.get((each, str(name), str(deployment)))
            if project is not None:
                return project
        known = any((each.kind, each.name) == (kind, name) for each in self._projects.values())
        if known or kind == CONVERSATION:
            raise errors.deployment_not_found()
        raise errors.project_not_found(str(name))

    def _analyze(self, kind: str, text: str, language: str, parameters: Mapping[str, Any]) -> dict[str, Any]:  # noqa: ARG002 - patterns and words know no language
        return _ANSWERS[kind](self.find(kind, parameters), text)

    def _understand(self, text: str, language: str, parameters: Mapping[str, Any]) -> dict[str, Any]:  # noqa: ARG002 - likewise
        project = self.find(CONVERSATION, parameters)
        if project.kind == CONVERSATION:
            return project.prediction(text)
        return self._orchestrate(project, text, parameters.get("directTarget"))

    def _orchestrate(self, project: Project, text: str, direct_target: object) -> dict[str, Any]:
        """Return what an orchestration answers: the surest intent with the answer of its target.

        A direct target is taken without asking the classifier, and is then the only intent (official sample
        SuccessfulAnalyzeConversationsArbitrationDirectTarget).
        """
        ranked = project.classifier.ranked(text, otherwise=_NO_INTENT)
        if direct_target is not None:
            ranked = [
                Score(intent, 1.0) for intent, target in project.targets.items() if target[0] == direct_target
            ][:1]
            if not ranked:
                raise errors.invalid_parameter(f"Parameter 'directTarget' names no target of {project.name}.")
        intents = {
            score.name: _intent(score.confidence, is_linked=score.name in project.targets) for score in ranked
        }
        top = ranked[0].name
        if top in project.targets:
            name, deployment = project.targets[top]
            target = self._projects[CONVERSATION, name, deployment]
            intents[top]["result"] = {"query": text, "prediction": target.prediction(text)}
        return {"topIntent": top, "projectKind": ORCHESTRATION, "intents": intents}


def _intent(confidence: float, *, is_linked: bool) -> dict[str, Any]:
    kind = CONVERSATION if is_linked else "NonLinked"
    return {"confidenceScore": confidence, "targetProjectKind": kind}


def _parse_toml(text: str) -> Any:
    # Python has a parser of its own since 3.11.
    return load_library("tomllib" if sys.version_info >= (3, 11) else "tomli").loads(text)


_PARSERS: Mapping[str, Callable[[str], Any]] = MappingProxyType({".json": json.loads, ".toml": _parse_toml})


def read_project(path: Path) -> Project:
    """Read one project file.

    Raises:
        InvalidProject: It is not what the module describes.
    """
    try:
        content = _PARSERS[path.suffix](path.read_text(encoding="utf-8"))
    except ValueError as error:
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
    if kind == _SUMMARIES:
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
