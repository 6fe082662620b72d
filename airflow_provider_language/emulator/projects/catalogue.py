"""The projects that an emulator serves, and which of them a task asks for."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from airflow_provider_language.emulator.engines.classifier import Score
from airflow_provider_language.emulator.projects.files import SUFFIXES, InvalidProject, read_project
from airflow_provider_language.emulator.projects.project import (
    ANSWERS,
    CONVERSATION,
    NO_INTENT,
    ORCHESTRATION,
    SUMMARIES,
)
from airflow_provider_language.emulator.protocol import errors

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from airflow_provider_language.emulator.engines import Engines
    from airflow_provider_language.emulator.projects.project import Project

SAMPLES = Path(__file__).parent / "sample_projects"
"""The projects that are served unless others are given."""

# All kinds but this one are called like the kind of their tasks.
_PROJECT_KINDS: Mapping[str, str] = MappingProxyType({"CustomConversationalSummarizationTask": SUMMARIES})


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
            InvalidProject: The folder does not exist, a file is not what the module `files` describes, or two
                files describe the same deployment.
        """
        if not folder.is_dir():
            raise InvalidProject(f"{folder} is no folder")
        found: dict[tuple[str, str], Path] = {}
        projects = []
        for path in sorted(path for path in folder.iterdir() if path.suffix in SUFFIXES):
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
            **{kind: partial(self._analyze, kind) for kind in ANSWERS},
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
        return ANSWERS[kind](self.find(kind, parameters), text)

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
        ranked = project.classifier.ranked(text, otherwise=NO_INTENT)
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
