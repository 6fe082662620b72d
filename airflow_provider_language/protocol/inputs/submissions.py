"""A submission: inputs and tasks as one job, checked, and written as its family's request."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import cast

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.protocol.inputs.families import Input, check_inputs, family_of
from airflow_provider_language.protocol.inputs.native_documents import (
    NativeDocument,
    check_locations,
    settled,
)
from airflow_provider_language.protocol.inputs.needs import check_needs
from airflow_provider_language.protocol.inputs.refusals import check_option, check_parameters, with_known_unit
from airflow_provider_language.protocol.inputs.tasks import WireTask
from airflow_provider_language.protocol.json_values import WireObject
from airflow_provider_language.protocol.surfaces import (
    ANALYZE_DOCUMENTS,
    LEGACY_ANALYZE,
    LEGACY_ARRAYS,
    LEGACY_HEALTH,
    Surface,
    surface_for,
)
from airflow_provider_language.protocol.versions import DEFAULT_VERSION
from airflow_provider_language.protocol.wire import Request
from airflow_provider_language.protocol.wire_names import check_word

_CALLED_AUDIO_TIMINGS = frozenset({"2022-05-15-preview", "2022-07-01-preview"})
"""Where the times of words have another name (docs/service.md, families)."""


@dataclass(frozen=True)
class Submission:
    """One job to be.

    Args:
        documents: texts, conversations or native documents, whose type decides on the job family; as many as
            its limits allow.
        tasks: what to do with each of them.
        version: the api-version, or ``v3.1``.
        display_name: comes back with the job's state; the only mark of ours on a job.
        default_language: for documents whose language is ``auto`` and cannot be told.
        cancel_after: seconds after which the service itself cancels the job.

    Raises:
        InvalidInputError: the service would refuse it, or would read it otherwise than it is meant.
    """

    documents: tuple[Input, ...]
    tasks: tuple[WireTask, ...] = field(repr=False)
    version: str = DEFAULT_VERSION
    display_name: str | None = None
    default_language: str | None = None
    cancel_after: float | None = None

    def __post_init__(self) -> None:
        """Refuse what cannot be submitted, before anything is sent."""
        check_inputs(self.documents)
        if not self.tasks:
            raise InvalidInputError("There are no tasks to run on the documents.")
        surface = self.surface
        self._settle(surface)
        max_documents, max_characters = surface.limits(self.kinds)
        if len(self.documents) > max_documents:
            raise InvalidInputError(
                f"A job takes at most {max_documents} {surface.inputs}, and there are {len(self.documents)}."
            )
        if self.characters > max_characters:
            raise InvalidInputError(
                f"A job takes at most {max_characters} characters over all its {surface.inputs}, and "
                f"there are {self.characters}."
            )
        for task in self.tasks:
            check_parameters(surface, self.version, task)
        check_needs(surface, self.documents, self.tasks)
        if surface is ANALYZE_DOCUMENTS:
            check_locations(cast("tuple[NativeDocument, ...]", self.documents), self.version)
        self._check_options()

    def _settle(self, surface: Surface) -> None:
        """Put what nobody said into what this version has of it: a target's kind, the unit of offsets."""
        if surface is ANALYZE_DOCUMENTS:
            native = cast("tuple[NativeDocument, ...]", self.documents)
            object.__setattr__(self, "documents", tuple(settled(one, self.version) for one in native))
        tasks = (with_known_unit(surface, self.version, task) for task in self.tasks)
        object.__setattr__(self, "tasks", tuple(tasks))

    @cached_property
    def kinds(self) -> frozenset[str]:
        """The kinds of the tasks."""
        return frozenset(task.kind for task in self.tasks)

    @cached_property
    def surface(self) -> Surface:
        """The job family that the inputs, the version and the kinds decide on."""
        return surface_for(self.version, self.kinds, family_of(self.documents))

    @cached_property
    def characters(self) -> int:
        """Code points over all documents: never fewer than the text elements that the service counts."""
        return sum(document.characters for document in self.documents)

    def _check_options(self) -> None:
        for name, value in (("display_name", self.display_name), ("default_language", self.default_language)):
            if value is not None:
                check_word(value, f"The {name}")
        auto = "auto" in {document.language for document in self.documents}
        health = self.surface is LEGACY_HEALTH
        asked = (
            (auto, 'the language "auto"'),
            (bool(self.default_language), "default_language"),
            (self.cancel_after is not None, "cancel_after"),
            (health and bool(self.display_name), "display_name (health jobs)"),
            (health and len(self.tasks) > 1, "several tasks in one health job"),
        )
        for is_asked, option in asked:
            if is_asked:
                check_option(self.surface, self.version, option)

    def to_request(self) -> Request:
        """The POST that submits the job; not repeatable, since a second one is a second bill."""
        surface = self.surface
        if surface is LEGACY_HEALTH:
            body, query = _legacy_health(self)
        elif surface is LEGACY_ANALYZE:
            body, query = _legacy_analyze(self), ()
        else:
            body, query = _language(self), surface.version_query(self.version)
        return Request("POST", surface.submit_path, query, body, repeatable=False)


def _documents(submission: Submission) -> WireObject:
    inputs: list[WireObject] = [document.to_wire() for document in submission.documents]
    if submission.version in _CALLED_AUDIO_TIMINGS:
        for item in (item for one in inputs for item in one.get("conversationItems", ())):
            if "wordLevelTimings" in item:
                item["audioTimings"] = item.pop("wordLevelTimings")
    return {submission.surface.inputs: inputs}


def _named(submission: Submission) -> WireObject:
    return {} if submission.display_name is None else {"displayName": submission.display_name}


def _language(submission: Submission) -> WireObject:
    """The families of the Language API have names of their own for inputs (docs/service.md, bodies)."""
    options = {
        "defaultLanguage": submission.default_language,
        "cancelAfter": submission.cancel_after,
    }
    return {
        **_named(submission),
        "analysisInput": _documents(submission),
        "tasks": [_renamed(submission.version, task.to_wire()) for task in submission.tasks],
        **{name: value for name, value in options.items() if value is not None},
    }


def _renamed(version: str, task: WireObject) -> WireObject:
    """The previews of 2022 name one parameter of conversations otherwise (docs/service.md, families)."""
    if task["kind"] == "ConversationalPIITask" and version < "2023":
        parameters = task["parameters"]
        if "redactAudioTiming" in parameters:
            parameters["includeAudioRedaction"] = parameters.pop("redactAudioTiming")
    return task


def _legacy_analyze(submission: Submission) -> WireObject:
    """v3.1 has no kinds but an array for each of them (recording analyze_v3_1)."""
    tasks: dict[str, list[WireObject]] = {
        array: [
            {"taskName": task.name, "parameters": _legacy_parameters(task)}
            for task in submission.tasks
            if task.kind == kind
        ]
        for array, kind in LEGACY_ARRAYS.items()
    }
    return {
        **_named(submission),
        "analysisInput": _documents(submission),
        "tasks": {array: entries for array, entries in tasks.items() if entries},
    }


def _legacy_health(submission: Submission) -> tuple[WireObject, tuple[tuple[str, str], ...]]:
    """v3.1's health jobs have no tasks; their options are in the query (healthcare_stats_v3_1)."""
    (task,) = submission.tasks
    options = _legacy_parameters(task)
    query = tuple((name, _in_query(value)) for name, value in options.items())
    return _documents(submission), query


def _in_query(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _legacy_parameters(task: WireTask) -> WireObject:
    """v3.1 spells two things differently (docs/service.md, families)."""
    parameters = dict(task.parameters)
    if "modelVersion" in parameters:
        parameters["model-version"] = parameters.pop("modelVersion")
    if parameters.get("stringIndexType") == "TextElements_v8":
        parameters["stringIndexType"] = "TextElement_v8"
    return parameters
