"""A gate at which a task stops until it is let through, with no time that somebody would have to guess."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import psutil


class Gate:
    """A named pipe: who reads it waits for the end of what nobody writes.

    Args:
        path: of the pipe, which is made here.
    """

    def __init__(self, path: Path):
        self.path = path
        os.mkfifo(path)
        # The pipe does not end as long as it is open for writing here.
        self._pipe: int | None = os.open(path, os.O_RDWR)
        self._identity = os.fstat(self._pipe)

    def holds(self, process: psutil.Process) -> bool:
        """Say whether a process stands at the gate."""
        try:
            return any(self._is_at(one) for one in Path(f"/proc/{process.pid}/fd").iterdir())
        except FileNotFoundError:
            return False

    def open_for_others(self) -> None:
        """Let those pass who come from now on, and hold the one who stands there."""
        passage = self.path.with_suffix(".open")
        passage.touch()
        passage.replace(self.path)

    def release(self) -> None:
        """Let the one pass who stands there, if there is one."""
        if self._pipe is not None:
            os.close(self._pipe)
            self._pipe = None

    def _is_at(self, descriptor: Path) -> bool:
        try:
            return os.path.samestat(descriptor.stat(), self._identity)
        except FileNotFoundError:
            return False
