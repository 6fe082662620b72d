"""TellsLineage: an operator that tells OpenLineage what it has read and written, where anybody listens."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from airflow_provider_language._compat import BaseOperator

if TYPE_CHECKING:
    from airflow_provider_language.protocol.lineage import Lineage


class TellsLineage(BaseOperator):
    """Keeps what came of what, in the method that ends the task, and tells it after that.

    Without Airflow's provider of OpenLineage, nothing of it is imported or gathered.
    """

    _lineage: Lineage | None = None

    def get_openlineage_facets_on_complete(self, task_instance: Any) -> Any:  # noqa: ARG002 - OpenLineage's signature
        """What OpenLineage's provider asks for when the task has ended; None where nothing is known."""
        if self._lineage is None:
            return None
        from airflow_provider_language.running.openlineage import facets_of

        return facets_of(self._lineage)

    def _keep_lineage(self, made: Callable[[], Lineage]) -> None:
        """Keep what came of what; that it cannot be told hinders no task."""
        from airflow_provider_language.running.lineage import is_told

        if not is_told():
            return
        try:
            self._lineage = made()
        except Exception as error:  # noqa: BLE001 - each kind of storage has errors of its own
            self.log.warning("What came of what cannot be told: %s", type(error).__name__)
