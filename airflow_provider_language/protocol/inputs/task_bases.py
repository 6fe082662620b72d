"""What the tasks of all job families have in common."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal, TypeAlias

from airflow_provider_language.protocol.inputs.values import Value
from airflow_provider_language.protocol.json_values import WireObject
from airflow_provider_language.protocol.wire_names import fields_to_wire

StringIndexType: TypeAlias = Literal["UnicodeCodePoint", "TextElements_v8", "Utf16CodeUnit"]
CODE_POINTS: StringIndexType = "UnicodeCodePoint"
SummaryLength: TypeAlias = Literal["short", "medium", "long"]


@dataclass(frozen=True, kw_only=True, repr=False)
class Task(Value):
    """What all kinds have.

    Args:
        task_name: comes back with the results; None for the kind's own name, numbered where a job has
            several tasks of a kind.
        logging_opt_out: whether the service must not keep the texts for troubleshooting (it may for 48
            hours); the service's default differs by kind and version.
    """

    kind: ClassVar[str]

    task_name: str | None = None
    logging_opt_out: bool | None = None

    def parameters(self) -> WireObject:
        """The task's parameters as the service reads them."""
        wire = fields_to_wire(self)
        wire.pop("taskName", None)
        return wire


@dataclass(frozen=True, kw_only=True, repr=False)
class PrebuiltTask(Task):
    """A kind with a model of Microsoft's.

    Args:
        model_version: the service's default is ``latest``.
    """

    model_version: str | None = None


@dataclass(frozen=True, kw_only=True, repr=False)
class CustomTask(Task):
    """A kind with a model of the user's own.

    Args:
        project_name: the project in Language Studio.
        deployment_name: the deployment of the project's trained model.
    """

    project_name: str
    deployment_name: str
