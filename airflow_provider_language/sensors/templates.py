"""The templates that a triggerer can render: refused are those whose rendering it would wait for in vain.

A trigger that the scheduler starts is rendered in the triggerer, which passes on only some of what a task may
ask of Airflow. It logs the rest, answers nothing, and the task is deferred for good (Airflow 3.3.2,
``ToTriggerSupervisor`` in ``jobs/triggerer_job_runner.py``). Nor does it know the DAG's own macros.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from airflow_provider_language.exceptions import InvalidInputError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jinja2 import Environment
    from jinja2.nodes import Node, Template

    from airflow_provider_language._compat import BaseOperator, XComArg

TASK_INSTANCE = frozenset({"ti", "task_instance"})
FACTS = frozenset({"dag_id", "map_index", "run_id", "task_id", "try_number"})
"""What a template may read of its task instance, beside XComs."""
KNOWN = TASK_INSTANCE | {
    "conn",
    "dag",
    "dag_run",
    "data_interval_end",
    "data_interval_start",
    "ds",
    "ds_nodash",
    "logical_date",
    "macros",
    "params",
    "partition_date",
    "partition_key",
    "run_id",
    "task",
    "task_instance_key_str",
    "ts",
    "ts_nodash",
    "ts_nodash_with_tz",
    "var",
}
"""The variables that a triggerer has: from its own database, or by questions that it passes on."""
INSTEAD = "Leave start_from_trigger out: with deferrable=True, a worker renders it and defers."


def template_of(reference: XComArg, waiting: BaseOperator) -> str:
    """The template of the XCom that a task refers to, such as ``submit.output``.

    A triggerer does not resolve references, and a reference's own template (its ``str``) leaves out
    ``map_indexes``.

    Args:
        reference: to the XCom of one task.
        waiting: the task that refers to it.

    Raises:
        InvalidInputError: it refers to many XComs, or to what a function makes of them.
    """
    operator = getattr(reference, "operator", None)
    key = getattr(reference, "key", None)
    if operator is None or key is None:
        raise InvalidInputError(f"start_from_trigger cannot wait for {reference!r}. {INSTEAD}")
    group = operator.get_closest_mapped_task_group()
    if operator.is_mapped or group not in (None, waiting.get_closest_mapped_task_group()):
        raise InvalidInputError(
            f"start_from_trigger cannot wait for all jobs of the mapped task {operator.task_id}. {INSTEAD}"
        )
    index = -1 if group is None else "ti.map_index"
    return f"{{{{ ti.xcom_pull(task_ids={operator.task_id!r}, key={key!r}, map_indexes={index}) }}}}"


def require_renderable(template: str, environment: Environment) -> None:
    """Refuse a template that a triggerer cannot render.

    Args:
        template: as the DAG's author wrote it.
        environment: the triggerer's.

    Raises:
        InvalidInputError: it cannot be parsed, or asks for what a triggerer does not have.
    """
    from jinja2 import TemplateError
    from jinja2.meta import find_undeclared_variables

    try:
        environment.compile(template, raw=True)  # refuses a filter that does not exist
        tree = environment.parse(template)
        unknown = find_undeclared_variables(tree) - KNOWN - environment.globals.keys()
    except TemplateError as error:
        raise _refusal(template, str(error).rstrip("."), INSTEAD) from error
    if unknown:
        raise _refusal(template, f"a triggerer has no {', '.join(sorted(unknown))}", INSTEAD)
    _require_answerable(template, tree)


def _require_answerable(template: str, tree: Template) -> None:
    """Refuse any use of the task instance that a triggerer does not pass on."""
    from jinja2 import nodes

    pulls = [call for call in tree.find_all(nodes.Call) if _is_pull(call.node)]
    if not all(any(argument.key == "map_indexes" for argument in pull.kwargs) for pull in pulls):
        raise _refusal(
            template,
            "to an xcom_pull without map_indexes, a triggerer gets no answer",
            "Pass map_indexes=-1, or in a mapped task group map_indexes=ti.map_index.",
        )
    answered = {id(node.node) for node in tree.find_all(nodes.Getattr) if node.attr in FACTS}
    answered |= {id(pull.node.node) for pull in pulls if isinstance(pull.node, nodes.Getattr)}
    if not all(id(name) in answered for name in _task_instances(tree)):
        facts = ", ".join(sorted(FACTS))
        raise _refusal(
            template, f"a triggerer has no more of the task instance than xcom_pull, {facts}", INSTEAD
        )


def _refusal(template: str, reason: str, next_step: str) -> InvalidInputError:
    return InvalidInputError(f"start_from_trigger cannot render {template!r}: {reason}. {next_step}")


def _is_pull(node: Node) -> bool:
    from jinja2 import nodes

    return isinstance(node, nodes.Getattr) and node.attr == "xcom_pull"


def _task_instances(tree: Template) -> Iterator[Node]:
    from jinja2 import nodes

    return (name for name in tree.find_all(nodes.Name) if name.name in TASK_INSTANCE)
