from __future__ import annotations

import re
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
import requests

from airflow_provider_language.emulator import Fault, Recorded
from airflow_provider_language.emulator.__main__ import build_instrument, build_settings, parse_arguments
from airflow_provider_language.emulator.blobs.stores import FolderBlobs, HttpBlobs, Storage
from airflow_provider_language.emulator.instruments.rates import TIERS

if TYPE_CHECKING:
    from pathlib import Path


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


def test_recorded_durations_are_drawn_by_the_seed() -> None:
    arguments = parse_arguments(["--duration", "recorded", "--seed", "7", "--growth", "0"])
    assert build_settings(arguments, build_instrument(arguments)).duration == Recorded(seed=7, growth=0)
    arguments = parse_arguments(["--duration", "recorded"])
    assert build_settings(arguments, build_instrument(arguments)).duration == Recorded()


def test_faults_limits_and_names_are_said_on_the_command_line() -> None:
    arguments = parse_arguments(
        [
            *("--fault", "throttled,operation=status,times=all", "--fault", "lost,after=true"),
            *("--tier", "F0", "--max-jobs", "10", "--journal", "5", "--control-host", "Emulator"),
        ]
    )
    instrument = build_instrument(arguments)
    assert [each.fault for each in instrument.faults] == [
        Fault("throttled", operation="status", times=None),
        Fault("lost", after=True),
    ]
    assert instrument.rate_limit is not None
    assert instrument.rate_limit.tier == TIERS["F0"]
    assert instrument.control_hosts == {"emulator"}
    assert build_settings(arguments, instrument).max_jobs == 10


@pytest.mark.parametrize(
    "arguments",
    [
        ["--fault", "flood"],
        ["--tier", "S9"],
        ["--growth", "2"],
        ["--max-jobs", "0"],
        ["--journal", "-1"],
        ["--max-jobs", "many"],
    ],
)
def test_an_option_that_makes_no_sense_is_refused(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        parse_arguments(arguments)
    assert arguments[0] in capsys.readouterr().err


def test_nothing_is_ordered_or_limited_unless_told() -> None:
    instrument = build_instrument(parse_arguments([]))
    assert (len(instrument.faults), instrument.rate_limit) == (0, None)
    assert not instrument.control_hosts


def test_storage_is_only_what_is_named(tmp_path: Path) -> None:
    endpoint = "http://127.0.0.1:10000/devstoreaccount1"
    named = parse_arguments(["--blobs", str(tmp_path), "--blob-endpoint", endpoint])
    storage = build_settings(named, build_instrument(named)).storage
    assert storage == Storage((HttpBlobs(endpoint), FolderBlobs(tmp_path)))
    nothing = parse_arguments([])
    assert build_settings(nothing, build_instrument(nothing)).storage == Storage()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--blobs", "no-such-folder"], "there is no folder 'no-such-folder'"),
        (["--blob-endpoint", "azurite"], "'azurite' is no endpoint of blobs"),
    ],
)
def test_storage_that_is_none_is_refused(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        parse_arguments(arguments)
    assert message in capsys.readouterr().err
