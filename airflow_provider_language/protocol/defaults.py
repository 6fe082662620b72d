"""What holds where an author says nothing; it loads nothing, since every parse of a DAG file reads it."""

from __future__ import annotations

from typing import Literal, TypeAlias

TOLERANCE = 1800.0
"""Seconds for which faults of the service in a row are ridden out."""

CANCEL_TOLERANCE = 15.0
"""Seconds for which a try that is being ended rides out faults to cancel its job: Airflow kills it after 5 to
60."""

KEPT = 24 * 60 * 60.0
"""Seconds for which the service keeps a job after it was created (docs/service.md, job)."""

Policy: TypeAlias = Literal["resubmit", "fail"]
"""What is done about a submission that may be lost, or a job that is no longer kept."""

Rows: TypeAlias = Literal["new", "complete"]
"""Of which documents a run has rows: those that no run before it has, or all."""
OnModelChange: TypeAlias = Literal["ignore", "warn", "fail", "refresh"]
"""What is done where other models judge than before."""
SecondPassMode: TypeAlias = Literal["suggest", "apply"]
"""What becomes of names that were found in one document and stand in another, where they are looked for."""

CORPUS_DEFER_AFTER = 60.0
"""Seconds in which nothing is left but waiting, after which a corpus gives its worker back."""
MAX_UNKNOWN = 20
"""Submissions of a corpus under way at once: at a full rate of 17 a second, and half a second for each."""
