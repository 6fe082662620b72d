from __future__ import annotations

import re
import signal
import subprocess
import sys

import pytest
import requests

from airflow_provider_language.emulator.__main__ import parse_arguments


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_says_where_and_what_it_is_and_ends_in_order(number: signal.Signals) -> None:
    command = [sys.executable, "-m", "airflow_provider_language.emulator", "--port", "0", "--key", "k"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            where, what = process.stdout.readline(), process.stdout.readline()
            endpoint = re.search(r"http://127\.0\.0\.1:\d+", where)
            assert endpoint is not None, process.communicate(timeout=30)
            answer = requests.get(
                f"{endpoint[0]}/language/analyze-text/jobs/x?api-version=2023-04-01", timeout=30
            )
            assert answer.status_code == 401
            process.send_signal(number)
            _, errors = process.communicate(timeout=30)
        finally:
            process.kill()
    assert what.startswith("Not the service")
    assert (process.returncode, errors) == (0, "")


def test_it_listens_on_loopback_and_lets_anybody_in_unless_told_otherwise() -> None:
    arguments = parse_arguments([])
    assert (arguments.host, arguments.port, arguments.key) == ("127.0.0.1", 5000, None)
    assert arguments.duration.total_seconds() == 0.5


def test_the_duration_is_in_seconds() -> None:
    assert parse_arguments(["--duration", "0.25"]).duration.total_seconds() == 0.25


@pytest.mark.parametrize("duration", ["-1", "soon", "1e400"])
def test_a_duration_that_is_none_is_refused(duration: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parse_arguments(["--duration", duration])
    assert "--duration" in capsys.readouterr().err
