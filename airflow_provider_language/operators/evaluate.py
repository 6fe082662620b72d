"""EvaluateFindingsOperator: what was found, held against a sample that people have labelled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from airflow_provider_language._compat import BaseOperator
from airflow_provider_language.exceptions import ResultsError
from airflow_provider_language.protocol.evaluation.minima import minimum_recall_from
from airflow_provider_language.running.choices import check_flags
from airflow_provider_language.running.failures import failing_for_good
from airflow_provider_language.storage.locations import given_location, rendered_location

if TYPE_CHECKING:
    from airflow_provider_language._compat import Context, XComArg
    from airflow_provider_language.storage.locations import Location


class EvaluateFindingsOperator(BaseOperator):
    """Holds the personal data that was found against a labelled sample; it asks nothing of the service.

    The sample is a file of JSON lines with ``id``, ``text`` and ``entities`` (``category``, ``offset`` and
    ``length`` in code points), and perhaps ``language``. It can be the source of an
    ``AnalyzeCorpusOperator``, whose rows are then evaluated here (docs/redaction.md).

    Returns, over all languages, recall and precision of characters by category, and the number of misses;
    all figures, with intervals of 95 %, and the places of the misses are in ``output_path``. No text of a
    document is in either.

    Args:
        results: a file of rows, or the folder of a run: ``DESTINATION/results/RUN``, which a corpus returns
            as ``path``.
        sample: the file of the labelled sample.
        task_name: whose findings they are, where several tasks looked for personal data.
        minimum_recall: the least share of characters that is to be found, by category; ``*`` for all that is
            labelled, whatever it was taken for. The task fails below it, and where the sample has none of a
            category, or no result of one of its documents.
        second_pass: whether what the second pass of the run has found counts, too, suggested or applied; its
            results are the folder of a run then.
        output_path: a file for the whole evaluation, as JSON; None for none.
        kwargs: of Airflow's ``BaseOperator``.
    """

    template_fields: Sequence[str] = ("results", "sample", "task_name", "output_path")
    ui_color = "#dcebf7"

    def __init__(
        self,
        *,
        results: Location | XComArg,
        sample: Location | XComArg,
        task_name: str | None = None,
        minimum_recall: Mapping[str, float] | None = None,
        second_pass: bool = False,
        output_path: Location | XComArg | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        check_flags(second_pass=second_pass)
        self.results = given_location(results, "results")
        self.sample = given_location(sample, "sample")
        self.task_name = task_name
        self.minimum_recall = minimum_recall_from(minimum_recall)
        self.second_pass = second_pass
        self.output_path = None if output_path is None else given_location(output_path, "output_path")

    def execute(self, context: Context) -> dict[str, Any]:
        """Evaluate, write all figures, and judge the recall."""
        from airflow_provider_language.protocol.inputs.fields import text_in
        from airflow_provider_language.running.evaluating import evaluate, short_form, write_evaluation

        with failing_for_good():
            output = rendered_location(self.output_path, "output_path")
            results = rendered_location(self.results, "results")
            sample = rendered_location(self.sample, "sample")
            task = text_in(self.task_name, "task_name")
            evaluation = evaluate(results, sample, task, second_pass=self.second_pass)
            if output is not None:
                write_evaluation(evaluation, output)
            told = {**short_form(evaluation), "path": output}
            for note in evaluation.notes:
                self.log.info("The sample says: %s", note)
            shortfalls = evaluation.shortfalls(self.minimum_recall)
            if shortfalls:
                context["ti"].xcom_push(key="return_value", value=told)
                raise ResultsError(f"Too little of the labelled sample was found: {'; '.join(shortfalls)}.")
        return told
