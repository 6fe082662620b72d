"""The operators: a corpus in one task, and how good its findings are; single jobs, step by step."""

from airflow_provider_language.operators.cancel import CancelAnalyzeJobOperator
from airflow_provider_language.operators.corpus import AnalyzeCorpusOperator
from airflow_provider_language.operators.evaluate import EvaluateFindingsOperator
from airflow_provider_language.operators.fetch import FetchAnalyzeResultsOperator
from airflow_provider_language.operators.submit import SubmitAnalyzeJobOperator

__all__ = [
    "AnalyzeCorpusOperator",
    "CancelAnalyzeJobOperator",
    "EvaluateFindingsOperator",
    "FetchAnalyzeResultsOperator",
    "SubmitAnalyzeJobOperator",
]
