"""Operators for single jobs: submit one, fetch the results of some, cancel some."""

from airflow_provider_language.operators.cancel import CancelAnalyzeJobOperator
from airflow_provider_language.operators.fetch import FetchAnalyzeResultsOperator
from airflow_provider_language.operators.submit import SubmitAnalyzeJobOperator

__all__ = ["CancelAnalyzeJobOperator", "FetchAnalyzeResultsOperator", "SubmitAnalyzeJobOperator"]
