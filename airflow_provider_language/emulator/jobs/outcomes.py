"""What became of a job's tasks, and of each document in them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from airflow_provider_language.emulator.engines import DetectedLanguage


@dataclass(frozen=True)
class Language:
    """The language that a document is analysed in.

    Attributes:
        code: For the engine.
        detected: What was found, if the document asked for that.
        is_defaulted: Whether nothing was found and the job's default is used.
    """

    code: str
    detected: DetectedLanguage | None = None
    is_defaulted: bool = False


@dataclass(frozen=True)
class DocumentOutcome:
    """What one task made of one document.

    Attributes:
        id: The document's id.
        characters: Its length in text elements.
        language: What it was analysed in.
        fields: The kind's fields of the result, offsets as the task asked for, as JSON (jobs are kept for
            a day, and objects take ten times the room); None if there is an error.
        error: Why there is no result; None if there is one.
    """

    id: str
    characters: int
    language: Language
    fields: bytes | None = None
    error: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class TaskOutcome:
    """What became of one task.

    Attributes:
        documents: One outcome per document, in input order; empty if the task failed.
        failure: Why the task failed as a whole; None if it did not.
        has_target: Whether the job's error for a failed task points to it.
    """

    documents: tuple[DocumentOutcome, ...] = ()
    failure: str | None = None
    has_target: bool = True


def final_status(outcomes: Sequence[TaskOutcome]) -> str:
    """Return the status of a job whose tasks have all ended."""
    failed = sum(outcome.failure is not None for outcome in outcomes)
    if not failed:
        return "succeeded"
    return "failed" if failed == len(outcomes) else "partiallyCompleted"
