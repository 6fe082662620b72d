"""The starting and the ending of programs, on short Python ones."""

from __future__ import annotations

import os
import signal
import sys
from typing import TYPE_CHECKING

import psutil
import pytest

from tests.system.processes import ManagedProcess, ProcessError, free_port, is_listening, wait_until

if TYPE_CHECKING:
    from pathlib import Path

WITH_A_CHILD_IN_ITS_OWN_GROUP = """
import os, time
child = os.fork()
if child == 0:
    os.setpgid(0, 0)
    print(os.getpid(), flush=True)
time.sleep(600)
"""


STUBBORN = """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("ready", flush=True)
time.sleep(600)
"""


def start(folder: Path, program: str) -> ManagedProcess:
    command = [sys.executable, "-c", program]
    return ManagedProcess(command, environment=os.environ, folder=folder, log=folder / "program.log")


def test_stopping_a_program_ends_its_children_even_those_in_groups_of_their_own(tmp_path: Path) -> None:
    process = start(tmp_path, WITH_A_CHILD_IN_ITS_OWN_GROUP)
    child = int(
        wait_until(lambda: process.log.read_text() or None, what="child", timeout=30, alive=[process])
    )
    assert psutil.pid_exists(child)

    process.stop()

    assert not process.is_running()
    assert not psutil.pid_exists(child) or psutil.Process(child).status() == psutil.STATUS_ZOMBIE


def test_a_program_that_ignores_the_request_to_stop_is_killed(tmp_path: Path) -> None:
    process = start(tmp_path, STUBBORN)
    wait_until(lambda: process.log.read_text() or None, what="output", timeout=30, alive=[process])

    process.stop(patience=0.1)

    assert not process.is_running()


def test_a_program_that_fails_is_reported_with_its_exit_code_and_its_last_words(tmp_path: Path) -> None:
    process = start(tmp_path, "print('no such table'); raise SystemExit(3)")

    with pytest.raises(ProcessError, match=r"(?s)exit code 3.*no such table"):
        process.run_to_end(timeout=30)


def test_waiting_ends_when_the_program_does(tmp_path: Path) -> None:
    process = start(tmp_path, "print('address already in use')")

    with pytest.raises(ProcessError, match=r"(?s)exit code 0.*address already in use"):
        wait_until(lambda: None, what="never", timeout=60, alive=[process])


def test_waiting_ends_after_its_time() -> None:
    with pytest.raises(ProcessError, match="the moon: not within 0 s"):
        wait_until(lambda: None, what="the moon", timeout=0)


def test_a_free_port_is_one_on_which_nobody_listens() -> None:
    assert not is_listening(free_port())


def test_a_signal_reaches_the_program_and_its_children(tmp_path: Path) -> None:
    process = start(tmp_path, WITH_A_CHILD_IN_ITS_OWN_GROUP)
    wait_until(lambda: process.log.read_text() or None, what="child", timeout=30, alive=[process])

    stopped = process.send_to_all(signal.SIGSTOP)
    wait_until(
        lambda: all(one.status() == psutil.STATUS_STOPPED for one in stopped) or None,
        what="standstill",
        timeout=30,
    )

    assert len(stopped) == 2
    process.kill()
    assert process.members() == []
