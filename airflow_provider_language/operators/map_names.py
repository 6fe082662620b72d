"""NamedInMap: what the instances of a mapped task are called, instead of by their numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from airflow_provider_language._compat import BaseOperator
from airflow_provider_language.running.given import Rendered

TEMPLATE = "{{ task.map_index_name }}"
_GIVEN = ("documents", "conversations", "source")
_LONGEST = 60
"""Characters of an id or a file's name: Airflow keeps 250 of the whole."""


class NamedInMap(BaseOperator):
    """Gives ``map_index_template`` a default; no text is in it."""

    @classmethod
    def partial(cls, **kwargs: Any) -> Any:
        """Begin to map the task."""
        made: Any = super().partial(**kwargs)
        if made.kwargs.get("map_index_template") is None:
            made.kwargs["map_index_template"] = TEMPLATE
        return made

    @property
    def map_index_name(self) -> str:
        """The file and the batch, or the ids of the first and the last input; empty before it is rendered."""
        given = next((one for name in _GIVEN if (one := getattr(self, name, None)) is not None), None)
        return ", ".join(part for part in (_source(given), _batch(getattr(self, "batch", None))) if part)


def _source(given: object) -> str:
    if isinstance(given, str):
        return _cut(given.rstrip("/").rpartition("/")[2])
    if isinstance(given, list) and given:
        more = f" and {len(given) - 1} more" if len(given) > 1 else ""
        return _source(str(given[0])) + more
    if not isinstance(given, Rendered) or not given or not hasattr(given[0], "id"):
        return ""
    first, last = _cut(given[0].id), _cut(given[-1].id)
    return first if len(given) == 1 else f"{first} to {last}"


def _batch(batch: object) -> str:
    if isinstance(batch, Mapping):
        number, total = batch.get("number"), batch.get("total")
        if isinstance(number, int) and isinstance(total, int):
            return f"batch {number + 1} of {total}"
        return ""
    return f"batch {batch}" if str(batch).isdecimal() else ""


def _cut(name: str) -> str:
    return name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1]}\N{HORIZONTAL ELLIPSIS}"
