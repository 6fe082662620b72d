"""CorpusBounds: what a corpus may cost, how many documents may fail, and whether it is planned alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from airflow_provider_language._compat import BaseOperator
from airflow_provider_language.protocol.corpus.failing import allowed_in
from airflow_provider_language.running.choices import flag_in
from airflow_provider_language.storage.locations import is_template

if TYPE_CHECKING:
    from airflow_provider_language.protocol.corpus.failing import Allowed


class CorpusBounds(BaseOperator):
    """Bounds a run of a corpus.

    Args:
        max_text_records: what the run may be charged at most, in all its tries. The corpus is quoted before
            anything is sent, and refused if it makes more.
        price_per_thousand_records: what 1,000 text records cost, in any currency: quote and manifest then
            tell a cost. The corpus is quoted before anything is sent.
        plan_only: quote the corpus, and do nothing else: the quote is written as ``_plan.json`` beside where
            the run would land, and its short form is returned.
        max_failed_documents: how many documents may be without a result in at least one task before this
            task fails, when all has landed: an int is a count, a float from 0.0 to 1.0 a share of them.
        kwargs: of Airflow's ``BaseOperator``.
    """

    template_fields: Sequence[str] = (
        "max_text_records",
        "price_per_thousand_records",
        "plan_only",
        "max_failed_documents",
    )

    def __init__(
        self,
        *,
        max_text_records: int | str | None = None,
        price_per_thousand_records: float | str | None = None,
        plan_only: bool | str = False,
        max_failed_documents: Allowed | str = 0,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        if not is_template(plan_only):
            flag_in(plan_only, "plan_only")
        if not is_template(max_failed_documents):
            allowed_in(max_failed_documents, "max_failed_documents")
        self.max_text_records = max_text_records
        self.price_per_thousand_records = price_per_thousand_records
        self.plan_only = plan_only
        self.max_failed_documents = max_failed_documents

    @property
    def is_planned_alone(self) -> bool:
        """Whether the corpus is quoted, and nothing else.

        Raises:
            InvalidInputError: a template has made of it what is neither yes nor no, and would be paid for.
        """
        return flag_in(self.plan_only, "plan_only")

    @property
    def allowed_failures(self) -> Allowed:
        """How many documents, or which share of them, may fail.

        Raises:
            InvalidInputError: a template has made something else of it.
        """
        return allowed_in(self.max_failed_documents, "max_failed_documents")
