"""InspectFindingsOperator: what personal data was found, in counts that may be shown to anybody."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from airflow_provider_language._compat import BaseOperator
from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.links import ReportLink
from airflow_provider_language.running.choices import check_policy
from airflow_provider_language.running.failures import failing_for_good
from airflow_provider_language.storage.locations import given_location, rendered_location

if TYPE_CHECKING:
    from airflow_provider_language._compat import Context, XComArg
    from airflow_provider_language.protocol.redaction.wholes import Whole
    from airflow_provider_language.storage.locations import Location

_KEPT = ("results", "redaction_policy", "whole")
"""What, if it was given, must not be rendered to nothing: something would be missing, and nobody see it."""


class InspectFindingsOperator(BaseOperator):
    """Counts the personal data that was found in rows that have landed; it asks nothing of the service.

    Returns documents, findings by category and language, how sure they are, which categories a policy leaves
    in the clear or does not name, and what the whole would cost (docs/redaction.md). No text of a document is
    in it, so that a person can be asked with it. With ``report_path``, the same is a page for people, whose
    place is returned as ``report``.

    Args:
        results: a file of rows, or the folder of a run: ``DESTINATION/results/RUN``, which a corpus returns
            as ``path``.
        redaction_policy: a policy, or the location of its file, as ``AnalyzeCorpusOperator`` takes it; None
            for none.
        task_name: whose findings they are, where several tasks looked for personal data.
        whole: what the rows are a sample of: the output of a ``SampleCorpusOperator``, which tells documents
            and text records of its source, or that of a plan, which tells the cost, too, and what is known
            already; None where they are all there is.
        price_per_thousand_records: what 1,000 text records cost, in any currency; None for the plan's.
        report_path: a file of HTML for the page, in the place of an old one; None for none. It may be read
            by who may not read the rows, so it need not be beside them.
        kwargs: of Airflow's ``BaseOperator``.
    """

    template_fields: Sequence[str] = (
        "results",
        "redaction_policy",
        "task_name",
        "whole",
        "price_per_thousand_records",
        "report_path",
    )
    operator_extra_links = (ReportLink(),)
    ui_color = "#dcebf7"

    def __init__(
        self,
        *,
        results: Location | XComArg,
        redaction_policy: Mapping[str, Any] | Location | None = None,
        task_name: str | None = None,
        whole: Mapping[str, Any] | XComArg | None = None,
        price_per_thousand_records: float | str | None = None,
        report_path: Location | XComArg | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        check_policy(redaction_policy, copies=True)
        self.results = given_location(results, "results")
        self.redaction_policy = redaction_policy
        self.task_name = task_name
        self.whole = whole
        self.price_per_thousand_records = price_per_thousand_records
        self.report_path = None if report_path is None else given_location(report_path, "report_path")
        self._given = [name for name in _KEPT if getattr(self, name) is not None]

    def execute(self, context: Context) -> dict[str, Any]:  # noqa: ARG002 - Airflow's signature
        """Count what was found, and write the page."""
        from airflow_provider_language.protocol.inputs.charges import price_in
        from airflow_provider_language.protocol.inputs.fields import text_in
        from airflow_provider_language.running.inspecting import Inspected, inspect
        from airflow_provider_language.storage.policies import read_policy

        with failing_for_good():
            for name in self._given:
                if getattr(self, name) is None:
                    raise InvalidInputError(f"{name} was rendered to nothing.")
            results = rendered_location(self.results, "results")
            report = rendered_location(self.report_path, "report_path")
            policy = read_policy(self.redaction_policy) if "redaction_policy" in self._given else None
            price = price_in(self.price_per_thousand_records)
            inspection = inspect(results, text_in(self.task_name, "task_name"))
            inspected = Inspected(results, inspection, policy, self._whole(price), price)
            if report is None:
                return inspected.told()
            inspected.write(report)
            self.log.info("The report is at %s", report)
            return {**inspected.told(), "report": report}

    def _whole(self, price: float | None) -> Whole | None:
        from airflow_provider_language.protocol.redaction.wholes import whole_from

        return None if self.whole is None else whole_from(self.whole, price)
