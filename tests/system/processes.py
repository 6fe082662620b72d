"""Starts a program in a session of its own, and ends everything that it started."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from contextlib import suppress
from typing import TYPE_CHECKING, TypeVar

import psutil

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

LOOPBACK = "127.0.0.1"
TAIL_LINES = 25
PAUSE = 0.5
KILL_SECONDS = 10

T = TypeVar("T")


class ProcessError(RuntimeError):
    """A program ended early or was not ready in time; the message ends with the tail of its log."""


def free_port() -> int:
    """Return a port of the loopback interface on which nobody listens now."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
    return port


def is_listening(port: int) -> bool:
    """Say whether somebody accepts connections on this port of the loopback interface."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((LOOPBACK, port)) == 0


class ManagedProcess:
    """A program whose output goes to a file, and which leads a session of its own.

    Airflow's supervisors move each task into a process group of its own, so a group is too small a
    net; the session id stays the same for everything that descends from the program.

    Args:
        command: the program and its arguments.
        environment: all of its variables.
        folder: where it runs.
        log: the file that its output is added to.
        user: the id of the user that it runs as, and of the group; only root can choose another.
    """

    def __init__(
        self,
        command: Sequence[str],
        *,
        environment: Mapping[str, str],
        folder: Path,
        log: Path,
        user: int | None = None,
    ):
        self.command = list(command)
        self.log = log
        self._asked_to_stop = False
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("ab") as output:
            self._process = subprocess.Popen(
                self.command,
                cwd=folder,
                env=dict(environment),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                user=user,
                group=user,
                extra_groups=None if user is None else [],
            )

    @property
    def name(self) -> str:
        """The name of the log, by which messages speak of this process."""
        return self.log.stem

    @property
    def pid(self) -> int:
        """The process id, which is also the id of its session."""
        return self._process.pid

    def is_running(self) -> bool:
        """Say whether the program itself, not what it started, is still there."""
        return self._process.poll() is None

    def require_running(self) -> None:
        """Raise ProcessError if the program has ended."""
        if not self.is_running():
            raise ProcessError(self._story(f"{self.name} ended with exit code {self._process.returncode}"))

    def run_to_end(self, timeout: float) -> None:
        """Wait for a program that is to end by itself.

        Args:
            timeout: seconds.

        Raises:
            ProcessError: it ended with another exit code than 0, or not in time.
        """
        try:
            code = self._process.wait(timeout)
        except subprocess.TimeoutExpired:
            self.stop()
            raise ProcessError(self._story(f"{self.name} did not end within {timeout:.0f} s")) from None
        if code != 0:
            raise ProcessError(self._story(f"{self.name} ended with exit code {code}"))

    def ask_to_stop(self) -> None:
        """Send SIGTERM once to the program alone, which then ends its children in its own way.

        A second signal would make Airflow's processes give up their orderly end.
        """
        if self.is_running() and not self._asked_to_stop:
            self._asked_to_stop = True
            self._process.send_signal(signal.SIGTERM)

    def stop(self, patience: float = 20) -> None:
        """Ask the program to stop, then kill whatever is left of its session.

        Args:
            patience: seconds that the program has for ending by itself.
        """
        self.ask_to_stop()
        try:
            self._process.wait(patience)
        except subprocess.TimeoutExpired:
            pass
        finally:
            self.kill()

    def kill(self) -> None:
        """Kill the program and everything that descends from it, as a machine that loses power does."""
        psutil.wait_procs(self.send_to_all(signal.SIGKILL), timeout=KILL_SECONDS)
        self._process.wait()

    def send_to_all(self, number: signal.Signals) -> list[psutil.Process]:
        """Send a signal, such as SIGSTOP, to the program and to everything that descends from it.

        Returns:
            Whom it was sent to.
        """
        members = self.members()
        for member in members:
            with suppress(psutil.NoSuchProcess):
                member.send_signal(number)
        return members

    def members(self) -> list[psutil.Process]:
        """Return the living processes of the session: the program and what descends from it."""
        return [process for process in psutil.process_iter() if self._has_member(process)]

    def tail(self) -> str:
        """Return the last lines that the program wrote."""
        lines = self.log.read_text(errors="replace").splitlines()
        return "\n".join(lines[-TAIL_LINES:])

    def _has_member(self, process: psutil.Process) -> bool:
        try:
            return os.getsid(process.pid) == self.pid and process.status() != psutil.STATUS_ZOMBIE
        except (ProcessLookupError, PermissionError, psutil.Error):
            return False

    def _story(self, what: str) -> str:
        return f"{what}; the end of {self.log}:\n{self.tail()}"


def wait_until(
    look: Callable[[], T | None],
    *,
    what: str,
    timeout: float,
    alive: Sequence[ManagedProcess] = (),
    pause: float = PAUSE,
) -> T:
    """Look again and again until there is something to see.

    Args:
        look: returns None as long as there is nothing.
        what: the thing that is awaited, as the error's message names it.
        timeout: seconds.
        alive: processes without which the waiting is in vain.
        pause: seconds between looks.

    Raises:
        ProcessError: nothing came in time, or one of the processes ended.
    """
    deadline = time.monotonic() + timeout
    while time.monotonic() < deadline:
        found = look()
        if found is not None:
            return found
        for process in alive:
            process.require_running()
        time.sleep(pause)
    tails = "".join(f"\n--- {process.log}\n{process.tail()}" for process in alive)
    raise ProcessError(f"{what}: not within {timeout:.0f} s{tails}")
