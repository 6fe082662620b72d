"""What the scheduler needs for a sensor's wait without a worker, or why it cannot do without."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from airflow.triggers.base import StartTriggerArgs

from airflow_provider_language._compat import TRIGGERS_RENDER_TEMPLATES, BaseOperator, XComArg
from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.running.limits import WaitLimits
from airflow_provider_language.sensors.templates import INSTEAD, require_renderable, template_of
from airflow_provider_language.triggers.started import StartedAnalyzeJobTrigger


def start_trigger_args(
    waiting: BaseOperator,
    operation_location: str | Iterable[str | XComArg] | XComArg,
    azure_language_conn_id: str,
    *,
    limits: WaitLimits,
    **arguments: Any,
) -> StartTriggerArgs:
    """What the scheduler stores, and starts the wait with.

    Args:
        waiting: the task, as its author wrote it.
        operation_location: the jobs that it waits for.
        azure_language_conn_id: the connection.
        limits: of the wait.
        arguments: more of StartedAnalyzeJobTrigger.

    Raises:
        InvalidInputError: this Airflow, or this task, needs a worker.
    """
    require_no_worker(waiting)
    trigger = StartedAnalyzeJobTrigger(
        _templates(operation_location, waiting),
        azure_language_conn_id,
        head_start=limits.head_start,
        end_from_trigger=not _needs_worker_after(waiting),
        **arguments,
    )
    written = (trigger.azure_language_conn_id, *_listed(trigger.operation_location))
    if templates := [text for text in written if "{" in text]:
        environment = trigger.get_template_env()
        for template in templates:
            require_renderable(template, environment)
    path, stored = trigger.serialize()
    return StartTriggerArgs(
        trigger_cls=path,
        trigger_kwargs=stored,
        next_method="execute_complete",
        timeout=limits.deferral,
    )


def require_no_worker(waiting: BaseOperator) -> None:
    """Refuse what only a worker does before a task, or only a later Airflow does without one.

    Raises:
        InvalidInputError: with what to do instead.
    """
    if not TRIGGERS_RENDER_TEMPLATES:
        raise InvalidInputError(f"start_from_trigger needs Airflow 3.3 or later. {INSTEAD}")
    # How Airflow marks a task that it made of a mapped one; no worker would have made it else.
    if getattr(waiting, "_BaseOperator__from_mapped", False):
        raise mapped()
    if _overrides(waiting, "pre_execute") or waiting.on_execute_callback:
        raise InvalidInputError(
            f"start_from_trigger has no worker that would call pre_execute or on_execute_callback. {INSTEAD}"
        )


def mapped() -> InvalidInputError:
    """What is wrong with a mapped sensor: Airflow makes its arguments out of nothing but the class."""
    return InvalidInputError(f"start_from_trigger cannot start a mapped sensor. {INSTEAD}")


def _needs_worker_after(waiting: BaseOperator) -> bool:
    """Whether there is something that Airflow does not do for a task that its trigger ends."""
    return bool(waiting.outlets) or _overrides(waiting, "post_execute")


def _overrides(waiting: BaseOperator, hook: str) -> bool:
    """Whether a hook is an argument of the waiting, or a method of a subclass."""
    # Airflow keeps the argument under this name, and shows it under no other.
    given = getattr(waiting, f"_{hook}_hook") is not None
    return given or getattr(type(waiting), hook) is not getattr(BaseOperator, hook)


def _templates(operation_location: Any, waiting: BaseOperator) -> str | list[str]:
    if isinstance(operation_location, str):
        return operation_location
    if isinstance(operation_location, XComArg):
        return template_of(operation_location, waiting)
    if not isinstance(operation_location, Sequence):
        raise InvalidInputError(
            "start_from_trigger takes operation_location as a string, a list or the output of a task, "
            f"not as {type(operation_location).__name__}. {INSTEAD}"
        )
    return [template for one in operation_location for template in _listed(_templates(one, waiting))]


def _listed(templates: str | Sequence[str]) -> Sequence[str]:
    return [templates] if isinstance(templates, str) else templates
