"""What a hook tells of a submission while it is under way, to whom it must not be lost."""

from __future__ import annotations

from typing import Protocol


class Witness(Protocol):
    """Writes down what becomes of a submission."""

    def sending(self) -> None:
        """The submission is about to be sent, for the first time or again; an error prevents it."""

    def accepted(self, operation_location: str) -> None:
        """The service has accepted the job."""

    def refused(self) -> None:
        """The service has certainly not accepted the job; it may be sent again."""
