"""What the operators of this provider have in common."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from airflow_provider_language._compat import BaseOperator
from airflow_provider_language.analysis.locations import locations_in
from airflow_provider_language.analysis.retries import RetryPolicy

if TYPE_CHECKING:
    from airflow_provider_language._compat import XComArg
    from airflow_provider_language.hooks.language import LanguageHook

T = TypeVar("T")

DEFAULT_CONN_ID = "azure_language_default"


def locations_of(operation_location: str | Iterable[str | XComArg] | XComArg) -> list[str]:
    """One operation-location, or many, as a list.

    Raises:
        InvalidInputError: it is nothing, such as the XCom of a task that was skipped, or something else.
    """
    # XComArgs are replaced by what they stand for before the task runs.
    if isinstance(operation_location, str) or not isinstance(operation_location, Iterable):
        return locations_in(operation_location)
    return locations_in(listed(operation_location))


def listed(values: Iterable[T]) -> list[T]:
    """A list of values that may be the XComs of a mapped task: a slice asks Airflow once for all of them."""
    return list(values[:] if isinstance(values, Sequence) else values)


class LanguageOperator(BaseOperator):
    """What the operators of this provider have in common.

    Args:
        azure_language_conn_id: the connection.
        api_version: overrides the connection's.
        tolerance: seconds for which faults of the service in a row are ridden out.
    """

    def __init__(
        self,
        *,
        azure_language_conn_id: str = DEFAULT_CONN_ID,
        api_version: str | None = None,
        tolerance: float = RetryPolicy.tolerance,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.azure_language_conn_id = azure_language_conn_id
        self.api_version = api_version
        self.tolerance = tolerance

    @cached_property
    def hook(self) -> LanguageHook:
        """The hook, which is imported here and not above: it costs every parse of a DAG file 0.3 s."""
        from airflow_provider_language.analysis.exchanges import Settings
        from airflow_provider_language.hooks.language import LanguageHook

        settings = Settings(retries=RetryPolicy(tolerance=self.tolerance))
        return LanguageHook(self.azure_language_conn_id, self.api_version, settings)
