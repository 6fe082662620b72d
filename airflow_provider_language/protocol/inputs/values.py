"""What typed tasks and the parts of their parameters are: values whose sets have an order."""

from __future__ import annotations

from dataclasses import dataclass, fields

from airflow_provider_language.protocol.wire_names import in_order


@dataclass(frozen=True, kw_only=True, repr=False)
class Value:
    """A value with one ``repr`` in every process, by which Airflow tells versions of a DAG."""

    def __post_init__(self) -> None:
        """Put what sets are in it in order."""
        for field in fields(self):
            object.__setattr__(self, field.name, in_order(getattr(self, field.name)))

    def __repr__(self) -> str:
        """What is set: Airflow shows a task's rendered fields to people, and most parameters are None."""
        values = ((field.name, getattr(self, field.name), field.default) for field in fields(self))
        told = ", ".join(f"{name}={value!r}" for name, value, default in values if value != default)
        return f"{type(self).__name__}({told})"
