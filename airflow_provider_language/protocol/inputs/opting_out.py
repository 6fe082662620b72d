"""Texts that the service must not keep for troubleshooting: asked for in each task that leaves it open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.protocol.inputs.tasks import WireTask

OPT_OUT = "loggingOptOut"
"""Every kind of every version has it, each with a default of its own (docs/service.md, logging)."""


def opted_out(tasks: Sequence[WireTask]) -> tuple[WireTask, ...]:
    """The tasks, each of which asks that nothing be kept.

    Raises:
        InvalidInputError: one of them says that texts may be kept.
    """
    for task in tasks:
        if task.parameters.get(OPT_OUT, True) is not True:
            raise InvalidInputError(
                f"The task {task.name!r} says logging_opt_out=False, and the connection, or [azure_language] "
                "logging_opt_out, says that the service must not keep texts."
            )
    return tuple(replace(task, parameters={**task.parameters, OPT_OUT: True}) for task in tasks)
