"""A pytest plugin for those who test DAGs of their own: the fixture `azure_language`.

pytest finds it by itself where this package is installed. It is loaded by every run of pytest, so the
emulator's web server and engines are imported by the fixture and not before.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from airflow_provider_language.emulator.embedded import Emulator

_KEY = "a-key-of-the-emulator"


@pytest.fixture
def azure_language(monkeypatch: pytest.MonkeyPatch) -> Iterator[Emulator]:
    """An emulator of Azure AI Language for one test, which the default connection leads to.

    Jobs are finished as soon as they are submitted. The environment variable
    ``AIRFLOW_CONN_AZURE_LANGUAGE_DEFAULT`` says where the emulator is and what its key is, so that operators,
    sensors and hooks without a ``conn_id`` of their own work as they stand; after the test it is as before::

        def test_reviews_are_analysed_by_one_job(azure_language):
            run = dag.test()
            assert run.state == "success"
            assert azure_language.journal.summary().accepted == 1

        def test_a_busy_service_is_waited_for(azure_language):
            azure_language.faults.add(Fault("throttled", operation="submit", retry_after=1))
            assert dag.test().state == "success"

    Results come from small local engines: install ``airflow-provider-language[emulator]``. For an emulator
    that is set up otherwise (durations, rate limits, engines), make an `Emulator` in a fixture of your own.

    Yields:
        The running emulator: ``endpoint`` is its URL; ``journal`` tells what it was asked (`Journal`);
        ``faults`` takes orders for what is to go wrong (`Faults`, `Fault`); ``clock.advance(seconds)`` moves
        its time on, for example past the 24 hours after which a job is gone.
    """
    from airflow_provider_language.emulator import Emulator

    with Emulator(key=_KEY, duration=0) as emulator:
        connection = {"conn_type": "azure_language", "host": emulator.endpoint, "password": _KEY}
        monkeypatch.setenv("AIRFLOW_CONN_AZURE_LANGUAGE_DEFAULT", json.dumps(connection))
        yield emulator
