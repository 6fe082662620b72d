"""CancelAnalyzeJobOperator: cancels jobs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from airflow_provider_language.operators.base import LanguageOperator, locations_of
from airflow_provider_language.operators.failures import failing_for_good

if TYPE_CHECKING:
    from airflow_provider_language._compat import Context, XComArg


class CancelAnalyzeJobOperator(LanguageOperator):
    """Cancels jobs; that one has ended already is no error.

    Returns how many jobs there were of each result: ``requested``, ``already ended``.

    Args:
        operation_location: the job, or the jobs.
        kwargs: of :class:`LanguageOperator` and Airflow's ``BaseOperator``.
    """

    template_fields: Sequence[str] = ("operation_location", "azure_language_conn_id")
    ui_color = "#dcebf7"

    def __init__(self, *, operation_location: str | Iterable[str | XComArg] | XComArg, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.operation_location = operation_location

    def execute(self, context: Context) -> dict[str, int]:  # noqa: ARG002 - Airflow's signature
        """Cancel one job after another; the first refusal ends it."""
        with failing_for_good():
            results = [self.hook.cancel(location) for location in locations_of(self.operation_location)]
        return dict(Counter(result.value for result in results))
