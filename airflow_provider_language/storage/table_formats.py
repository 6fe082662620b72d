"""Which formats tables are written in, and whether one can be written here."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Literal, TypeAlias, get_args

from airflow_provider_language.exceptions import InvalidInputError

TableFormat: TypeAlias = Literal["parquet", "jsonl"]


def check_format(format_: str, name: str = "The format of tables") -> None:
    """Refuse a format that is not known.

    Args:
        format_: as it was given.
        name: of the parameter.

    Raises:
        InvalidInputError: with those that are known.
    """
    if format_ not in get_args(TableFormat):
        raise InvalidInputError(f"{name} is {format_!r} instead of {' or '.join(get_args(TableFormat))}.")


def check_can_write(format_: str) -> None:
    """Refuse a format that cannot be written in this process, before anything is paid for.

    Raises:
        InvalidInputError: with what to do.
    """
    check_format(format_)
    if format_ == "parquet" and find_spec("pyarrow") is None:
        raise InvalidInputError(
            "Tables in Parquet need pyarrow: install the extra airflow-provider-language[corpus], or choose "
            "the format jsonl."
        )
