"""Runs a Redis server of its own for a test, wherever its program comes from."""

from __future__ import annotations

import os
import shutil
import socket
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from tests.system.processes import ManagedProcess, wait_until

if TYPE_CHECKING:
    from types import TracebackType

    from typing_extensions import Self

PROGRAM = "redis-server"
SOCKET = "redis.socket"
READY_SECONDS = 30
STOP_SECONDS = 3
# Nothing outlives the server, so nothing is written to the disk; it is reached by its socket alone.
SETTINGS = {"port": "0", "save": "", "appendonly": "no"}


def redis_program(environment: Path) -> Path | None:
    """Return the program of the server: of a virtual environment, or of the machine; None if neither has it.

    Args:
        environment: the folder of the virtual environment.
    """
    found = shutil.which(PROGRAM, path=os.pathsep.join((str(environment / "bin"), os.environ["PATH"])))
    return None if found is None else Path(found)


class RedisServer:
    """An empty Redis, from entering the context to leaving it, behind a Unix socket only.

    Args:
        program: the server's.
        log: the file that it writes to; stays.
    """

    def __init__(self, program: Path, log: Path):
        self.program = program
        self.log = log
        self._folder: Path | None = None
        self._process: ManagedProcess | None = None

    @property
    def url(self) -> str:
        """The URL of the broker, as Celery takes it."""
        return f"redis+socket://{self._folder}/{SOCKET}"

    def __enter__(self) -> Self:
        """Start the server and wait until it answers."""
        # The path of a socket may have 107 characters at most.
        self._folder = folder = Path(tempfile.mkdtemp(prefix="redis-"))
        try:
            self._process = self._started(folder)
        except BaseException:
            self._remove()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop the server and remove its folder."""
        self._remove()

    def _started(self, folder: Path) -> ManagedProcess:
        settings = [word for name, value in SETTINGS.items() for word in (f"--{name}", value)]
        process = ManagedProcess(
            [str(self.program), *settings, "--unixsocket", str(folder / SOCKET)],
            environment={"PATH": os.defpath, "LC_ALL": "C"},
            folder=folder,
            log=self.log,
        )
        try:
            wait_until(
                lambda: _answers(folder / SOCKET) or None,
                what="Redis answering",
                timeout=READY_SECONDS,
                alive=[process],
            )
        except BaseException:
            process.kill()
            raise
        return process

    def _remove(self) -> None:
        if self._process is not None:
            self._process.stop(STOP_SECONDS)
            self._process = None
        if self._folder is not None:
            shutil.rmtree(self._folder)
            self._folder = None


def _answers(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        probe.settimeout(1)
        try:
            probe.connect(str(path))
            probe.sendall(b"PING\r\n")
            return probe.recv(16).startswith(b"+PONG")
        except OSError:
            return False
