"""What a task that waits for a job knows of how the job began."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Origin:
    """What is known of how a job began.

    Args:
        since: when it was submitted, in seconds since the epoch; None if that is not known.
        text_records: its text records; None if they are not known.
    """

    since: float | None = None
    text_records: int | None = None


UNKNOWN = Origin()
"""Of a job that another task submitted."""
