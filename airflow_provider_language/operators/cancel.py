"""CancelAnalyzeJobOperator: cancels jobs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from airflow_provider_language.exceptions import LanguageError
from airflow_provider_language.operators.base import LanguageOperator
from airflow_provider_language.running.failures import failing_for_good
from airflow_provider_language.running.given import locations_of

if TYPE_CHECKING:
    from airflow_provider_language._compat import Context, XComArg


class CancelAnalyzeJobOperator(LanguageOperator):
    """Cancels jobs; that one has ended already is no error.

    Returns how many jobs there were of each result: ``requested``, ``already ended``.

    Args:
        operation_location: the job, or the jobs, each once. None in a list, of a branch that was skipped, is
            left out; none at all is an error.
        kwargs: of :class:`LanguageOperator` and Airflow's ``BaseOperator``.
    """

    template_fields: Sequence[str] = ("operation_location", "azure_language_conn_id")
    ui_color = "#dcebf7"

    def __init__(self, *, operation_location: str | Iterable[str | XComArg] | XComArg, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.operation_location = operation_location

    def execute(self, context: Context) -> dict[str, int]:  # noqa: ARG002 - Airflow's signature
        """Cancel one job after another; that one is refused keeps none of the others from it."""
        refused: list[LanguageError] = []
        with failing_for_good():
            results = Counter(self._cancelled(refused))
            for error in refused[1:]:
                self.log.warning("Another job was not cancelled: %s", error)
            if refused:
                raise refused[0]
        return dict(results)

    def _cancelled(self, refused: list[LanguageError]) -> Iterator[str]:
        """What came of each job, but for those that could not be cancelled."""
        for handle in [self.hook.handle(one) for one in locations_of(self.operation_location)]:
            location = handle.location(self.hook.connection_settings.endpoint)
            try:
                yield self.hook.cancel(location).value
            except LanguageError as error:
                refused.append(error)
