"""The Redis of the tests: which program it is, and that nothing of it stays."""

from __future__ import annotations

import socket
import sys
from pathlib import Path

import pytest

from tests.chaos.environments import celery_installation
from tests.system.redis import PROGRAM, RedisServer, redis_program


def program_in(folder: Path) -> Path:
    path = folder / "bin" / PROGRAM
    path.parent.mkdir(parents=True)
    path.touch(mode=0o755)
    return path


def test_the_program_of_the_environment_is_preferred_to_that_of_the_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    of_environment, of_machine = program_in(tmp_path / "environment"), program_in(tmp_path / "machine")
    monkeypatch.setenv("PATH", str(of_machine.parent))

    assert redis_program(tmp_path / "environment") == of_environment
    assert redis_program(tmp_path / "none") == of_machine


def test_no_program_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    assert redis_program(tmp_path) is None


def test_the_server_answers_by_its_socket_and_leaves_its_log_alone(tmp_path: Path) -> None:
    program = redis_program(celery_installation().folder) or redis_program(Path(sys.prefix))
    if program is None:
        pytest.skip("no redis-server on this machine")
    with RedisServer(program, tmp_path / "redis.log") as server:
        path = server.url.removeprefix("redis+socket://")
        with socket.socket(socket.AF_UNIX) as client:
            client.connect(path)
            client.sendall(b"SET a 1\r\nGET a\r\n")
            client.settimeout(5)
            with client.makefile("rb") as answers:
                assert [answers.readline() for _ in range(3)] == [b"+OK\r\n", b"$1\r\n", b"1\r\n"]
    assert not Path(path).parent.exists()
    assert (tmp_path / "redis.log").exists()
