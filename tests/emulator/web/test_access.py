from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
import requests

from airflow_provider_language.emulator.instruments.instrument import Instrument
from airflow_provider_language.emulator.service import Settings
from airflow_provider_language.emulator.web.access import Asker, refusal
from airflow_provider_language.emulator.web.server import start

HERE = Asker("GET", "127.0.0.1", "http", "127.0.0.1:5000")
NOBODY = frozenset[str]()


@pytest.mark.parametrize("address", ["127.0.0.1", "127.1.2.3", "::1", "::ffff:127.0.0.1"])
def test_clients_of_this_machine_may_ask(address: str) -> None:
    assert refusal(replace(HERE, address=address), NOBODY) is None


@pytest.mark.parametrize(
    "address", ["192.168.1.7", "::ffff:10.0.0.1", "fe80::1%eth0", "2001:db8::1", "", "here"]
)
def test_other_machines_may_not_ask_whatever_name_they_use(address: str) -> None:
    told = refusal(replace(HERE, address=address), NOBODY)
    assert told == "Only clients of this machine may ask for this."


def test_other_machines_may_ask_by_a_name_that_was_given_and_by_no_other() -> None:
    stranger = replace(HERE, address="192.168.1.7", host="emulator:5000")
    assert refusal(stranger, {"emulator"}) is None
    assert refusal(replace(stranger, host="attacker.example"), {"emulator"}) is not None


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:80", "127.0.0.1:5000", "[::1]:5000"])
def test_names_of_the_loopback_interface_are_taken(host: str) -> None:
    assert refusal(replace(HERE, host=host), NOBODY) is None


@pytest.mark.parametrize(
    "host",
    ["attacker.example", "localhost.attacker.example", "127.0.0.2", "", "[", "localhost@attacker"],
)
def test_other_names_are_not(host: str) -> None:
    assert refusal(replace(HERE, host=host), NOBODY) == "This host name may not be used to ask for this."


@pytest.mark.parametrize("method", ["POST", "DELETE", "PUT"])
@pytest.mark.parametrize(
    ("origin", "site"),
    [
        ("https://attacker.example", "cross-site"),
        ("http://localhost:5000", "same-site"),
        ("https://127.0.0.1:5000", None),
        ("null", None),
        (None, "cross-site"),
        ("http://127.0.0.1:5000", "cross-site"),
    ],
)
def test_pages_of_others_may_not_change_anything(method: str, origin: str | None, site: str | None) -> None:
    asker = replace(HERE, method=method, origin=origin, site=site)
    assert refusal(asker, NOBODY) == "Pages of other origins may not ask for this."


@pytest.mark.parametrize(
    ("origin", "site"), [(None, None), ("http://127.0.0.1:5000", "same-origin"), (None, "none")]
)
def test_programs_and_its_own_page_may(origin: str | None, site: str | None) -> None:
    assert refusal(replace(HERE, method="POST", origin=origin, site=site), NOBODY) is None


async def test_a_name_that_was_given_is_taken_over_http() -> None:
    instrument = Instrument(control_hosts=frozenset({"emulator"}))
    runner, endpoint = await start(Settings(), instrument, "127.0.0.1", 0)
    try:
        statuses = [
            (
                await asyncio.to_thread(
                    requests.get, f"{endpoint}/_emulator/clock", headers={"Host": host}, timeout=30
                )
            ).status_code
            for host in ("emulator:8900", "other:8900")
        ]
    finally:
        await runner.cleanup()
    assert statuses == [200, 403]
