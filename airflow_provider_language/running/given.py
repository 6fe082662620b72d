"""What a task was given as operation-locations: one or many, from an XCom, a mapped task, or a template."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, TypeVar

from airflow_provider_language.exceptions import IncompleteInputError
from airflow_provider_language.protocol.jobs.locations import locations_in

if TYPE_CHECKING:
    from airflow_provider_language._compat import XComArg

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
    """A list of values that may be the XComs of a mapped task, or what ``.map()`` and its kin make of them.

    They are asked for one by one. A slice would be asked for once, but the results of ``.map()`` hand one to
    the DAG's function as if it were a value, and those of ``.zip()`` and ``.concat()`` do not know them.

    Raises:
        IncompleteInputError: fewer came than there are. Airflow takes an error amid them for their end.
    """
    found = list(values)
    if isinstance(values, Sequence) and len(values) > len(found):
        raise IncompleteInputError(f"Airflow gave {len(found)} of {len(values)} values of an XCom.")
    return found


class Rendered(tuple[T, ...]):
    """Inputs that Airflow has rendered: what looks like a template in their texts is none.

    A task that is resumed in the process in which it was deferred is rendered once more.
    """

    __slots__ = ()
