"""InspectFindingsOperator: what personal data was found, in counts that may be shown to anybody."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from airflow_provider_language._compat import BaseOperator
from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.running.choices import check_policy
from airflow_provider_language.running.failures import failing_for_good
from airflow_provider_language.storage.locations import given_location, rendered_location

if TYPE_CHECKING:
    from airflow_provider_language._compat import Context, XComArg
    from airflow_provider_language.storage.locations import Location


class InspectFindingsOperator(BaseOperator):
    """Counts the personal data that was found in rows that have landed; it asks nothing of the service.

    Returns documents, findings by category and language, how sure they are, and which categories a policy
    leaves in the clear or does not name (docs/redaction.md). No text of a document is in it, so that a person
    can be asked with it.

    Args:
        results: a file of rows, or the folder of a run: ``DESTINATION/results/RUN``, which a corpus returns
            as ``path``.
        redaction_policy: a policy, or the location of its file, as ``AnalyzeCorpusOperator`` takes it; None
            for none.
        task_name: whose findings they are, where several tasks looked for personal data.
        kwargs: of Airflow's ``BaseOperator``.
    """

    template_fields: Sequence[str] = ("results", "redaction_policy", "task_name")
    ui_color = "#dcebf7"

    def __init__(
        self,
        *,
        results: Location | XComArg,
        redaction_policy: Mapping[str, Any] | Location | None = None,
        task_name: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        check_policy(redaction_policy, copies=True)
        self.results = given_location(results, "results")
        self.redaction_policy = redaction_policy
        self.task_name = task_name
        self._has_policy = redaction_policy is not None

    def execute(self, context: Context) -> dict[str, Any]:  # noqa: ARG002 - Airflow's signature
        """Count what was found."""
        from airflow_provider_language.protocol.inputs.fields import text_in
        from airflow_provider_language.running.evaluating import inspect
        from airflow_provider_language.storage.policies import read_policy

        with failing_for_good():
            results = rendered_location(self.results, "results")
            if results is None or (self._has_policy and self.redaction_policy is None):
                raise InvalidInputError("results or redaction_policy was rendered to nothing.")
            policy = read_policy(self.redaction_policy) if self._has_policy else None
            return inspect(results, text_in(self.task_name, "task_name")).told(policy)
