"""The operators: a corpus in one task; and for single jobs: submit one, fetch some results, cancel some."""

from airflow_provider_language.operators.cancel import CancelAnalyzeJobOperator
from airflow_provider_language.operators.corpus import AnalyzeCorpusOperator
from airflow_provider_language.operators.fetch import FetchAnalyzeResultsOperator
from airflow_provider_language.operators.submit import SubmitAnalyzeJobOperator

__all__ = [
    "AnalyzeCorpusOperator",
    "CancelAnalyzeJobOperator",
    "FetchAnalyzeResultsOperator",
    "SubmitAnalyzeJobOperator",
]
