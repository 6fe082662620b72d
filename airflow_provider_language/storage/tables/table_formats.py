"""Which formats tables are written in, and whether one can be written here."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Literal, TypeAlias

from airflow_provider_language.exceptions import InvalidInputError

TableFormat: TypeAlias = Literal["parquet", "jsonl"]


def check_can_write(format_: str) -> None:
    """Refuse a format that cannot be written in this process, before anything is paid for.

    Raises:
        InvalidInputError: with what to do.
    """
    if format_ == "parquet" and find_spec("pyarrow") is None:
        raise InvalidInputError(
            "Tables in Parquet need pyarrow: install the extra airflow-provider-language[corpus], or choose "
            "the format jsonl."
        )
