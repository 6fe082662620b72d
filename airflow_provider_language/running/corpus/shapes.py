"""The shape of a run's jobs: what all of them have in common."""

from __future__ import annotations

from dataclasses import dataclass

from airflow_provider_language.protocol.corpus.families import TEXTS, Family
from airflow_provider_language.protocol.inputs.tasks import WireTask


@dataclass(frozen=True)
class Shape:
    """What all jobs of a run have in common.

    Args:
        tasks: of the run.
        max_documents: of a job.
        max_characters: of a job.
        language: of documents that name none; None for the service's default.
        redacted_only: whether the personal data that is found stays out of the rows.
        family: of the jobs.
    """

    tasks: tuple[WireTask, ...]
    max_documents: int
    max_characters: int
    language: str | None
    redacted_only: bool = False
    family: Family = TEXTS
