"""What the operators of this provider have in common."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields, is_dataclass, replace
from datetime import datetime, timezone
from functools import cached_property
from typing import TYPE_CHECKING, Any

from airflow_provider_language._compat import BaseOperator, XComArg
from airflow_provider_language.protocol.defaults import TOLERANCE
from airflow_provider_language.running.failures import failing_for_good
from airflow_provider_language.running.given import DEFAULT_CONN_ID, Rendered

if TYPE_CHECKING:
    import jinja2

    from airflow_provider_language._compat import Context
    from airflow_provider_language.hooks.language import LanguageHook
    from airflow_provider_language.protocol.inputs.tasks import TaskLike


class LanguageOperator(BaseOperator):
    """What the operators of this provider have in common.

    Args:
        azure_language_conn_id: the connection.
        api_version: overrides the connection's.
        tolerance: seconds for which faults of the service in a row are ridden out.
    """

    def __init__(
        self,
        *,
        azure_language_conn_id: str = DEFAULT_CONN_ID,
        api_version: str | None = None,
        tolerance: float = TOLERANCE,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.azure_language_conn_id = azure_language_conn_id
        self.api_version = api_version
        self.tolerance = tolerance

    def render_template(
        self,
        content: Any,
        context: Context,
        jinja_env: jinja2.Environment | None = None,
        seen_oids: set[int] | None = None,
    ) -> Any:
        """Render typed tasks, documents and conversations too: they are values, so another one is made.

        What came by an XCom, which Airflow marks as seen, and what was rendered before is left as it is: no
        text of somebody else is a template.

        Raises:
            AirflowFailException: a value cannot be what it was rendered to, in no try.
        """
        if isinstance(content, Rendered) or id(content) in (seen_oids or ()):
            return content
        if not is_dataclass(content) or isinstance(content, type):
            return super().render_template(content, context, jinja_env, seen_oids)
        values = {field.name: getattr(content, field.name) for field in fields(content)}
        rendered = {
            name: self.render_template(value, context, jinja_env, seen_oids) for name, value in values.items()
        }
        with failing_for_good():
            return replace(content, **rendered)

    def _run_after_values_in(self, *contents: Any) -> None:
        """Run after the tasks whose outputs stand in typed values, into which Airflow does not look."""
        for content in contents:
            for value in _values_within(content):
                XComArg.apply_upstream_relationship(self, value)

    def _tell_of_retirements(self, tasks: Sequence[TaskLike]) -> None:
        """Warn of the kinds that the service retires within a year."""
        from airflow_provider_language.running.lifecycles import tell_of_retirements

        with failing_for_good():
            tell_of_retirements(tasks, datetime.now(timezone.utc).date())

    @cached_property
    def hook(self) -> LanguageHook:
        """The hook, which is imported here and not above: it costs every parse of a DAG file 0.3 s."""
        from airflow_provider_language.hooks.language import LanguageHook
        from airflow_provider_language.protocol.exchanges import Settings
        from airflow_provider_language.protocol.inputs.fields import text_in
        from airflow_provider_language.protocol.retries import RetryPolicy

        settings = Settings(retries=RetryPolicy(tolerance=self.tolerance))
        conn_id = text_in(self.azure_language_conn_id, "azure_language_conn_id") or DEFAULT_CONN_ID
        return LanguageHook(conn_id, text_in(self.api_version, "api_version"), settings)


def _values_within(content: Any) -> Iterator[Any]:
    """The fields of the typed values in lists, dicts and each other."""
    if is_dataclass(content) and not isinstance(content, type):
        for field in fields(content):
            value = getattr(content, field.name)
            yield value
            yield from _values_within(value)
    elif isinstance(content, (list, tuple)):
        for one in content:
            yield from _values_within(one)
    elif isinstance(content, dict):
        yield from _values_within(tuple(content.values()))
