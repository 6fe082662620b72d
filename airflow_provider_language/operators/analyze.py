"""The operators: a corpus in one task, what is looked at before and behind it; single jobs, step by step."""

from airflow_provider_language.operators.cancel import CancelAnalyzeJobOperator
from airflow_provider_language.operators.corpus import AnalyzeCorpusOperator
from airflow_provider_language.operators.evaluate import EvaluateFindingsOperator
from airflow_provider_language.operators.fetch import FetchAnalyzeResultsOperator
from airflow_provider_language.operators.inspect_findings import InspectFindingsOperator
from airflow_provider_language.operators.sample import SampleCorpusOperator
from airflow_provider_language.operators.submit import SubmitAnalyzeJobOperator

__all__ = [
    "AnalyzeCorpusOperator",
    "CancelAnalyzeJobOperator",
    "EvaluateFindingsOperator",
    "FetchAnalyzeResultsOperator",
    "InspectFindingsOperator",
    "SampleCorpusOperator",
    "SubmitAnalyzeJobOperator",
]
