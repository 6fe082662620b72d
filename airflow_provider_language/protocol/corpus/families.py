"""The job families as a corpus has them: how what is kept of an item becomes an input of a job."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from airflow_provider_language.protocol.inputs.documents import Document
from airflow_provider_language.protocol.inputs.families import Input
from airflow_provider_language.protocol.surfaces import ANALYZE_TEXT, Surface


@dataclass(frozen=True)
class Family:
    """A job family, of which all items of a corpus are.

    Args:
        surface: its jobs.
        language: of items that name none, where the run names none either; None for the service's default.
        input_of: makes an input out of its id in a job, the content of its item, and a language.
        sample: a content that any task takes, by which is seen whether tasks can be asked at all.
    """

    surface: Surface
    language: str | None
    input_of: Callable[[str, str, str | None], Input]
    sample: str = field(repr=False)


TEXTS = Family(ANALYZE_TEXT, "auto", Document, "a")
"""The content of a text is the text."""
