"""Whatever happens, each document comes out once, and nothing is paid twice but what is told to be lost.

``LANGUAGE_SEQUENCES`` runs so many sequences, ``LANGUAGE_SEQUENCE`` the one of a number that a failure named.
"""

from __future__ import annotations

import json
import os
import traceback
from collections import Counter
from pathlib import Path
from random import Random
from typing import Any

import pytest

from airflow_provider_language.emulator import Emulator
from airflow_provider_language.operators.analyze import FetchAnalyzeResultsOperator, SubmitAnalyzeJobOperator
from airflow_provider_language.running import paying_once
from tests.airflow_stands import KEY
from tests.emulator.fakes import fake_detect, fake_engines
from tests.sequences import weather
from tests.sequences.ledger import Ledger, rows_of
from tests.sequences.life import KINDS, Done, Life
from tests.sequences.world import World, strike_at_every_step
from tests.time_travel import time_travel

# Random, so nothing may owe it that it is covered; and a third quicker.
pytestmark = pytest.mark.no_cover

NUMBER = int(os.environ.get("LANGUAGE_SEQUENCES", "240"))
ONE = os.environ.get("LANGUAGE_SEQUENCE")
SEEDS = range(NUMBER) if ONE is None else [int(ONE)]
SHARES = 1 if ONE else 12
"""Tests that the sequences are divided among; all in one process, which then knows what happened in all."""
ENOUGH = 200
CLEARS = 20
DURATIONS = (0, 5, 60, 900)
"""Seconds that a job takes."""

DOCUMENTS = [{"id": id_, "text": "hello", "language": "en"} for id_ in ("a", "b", "c")]
WHOLE = sorted((document["id"], kind, "ok") for kind in KINDS for document in DOCUMENTS)


class Sequence:
    """One run of two tasks, submit and fetch, through everything that its number draws."""

    def __init__(self, seed: int, world: World, output: Path) -> None:
        self.world = world
        self._output = output
        random = Random(f"options {seed}")  # noqa: S311 - repeatable, no secret
        way = random.choice(("hand over", "wait", "defer", "defer"))
        self._options: dict[str, Any] = {
            "wait_for_completion": way != "hand over",
            "deferrable": way == "defer",
            "timeout": 7200.0,
            "poll_interval": random.choice((60.0, 120.0)),
            "on_lost_submission": random.choice(("resubmit", "resubmit", "fail")),
            "on_expired": random.choice(("resubmit", "resubmit", "fail")),
        }
        self._submitted: Done | None = None
        self._submit = Life(world, "submit", self._make_submit, keeps_record=True)
        self._fetch = Life(world, "fetch", self._make_fetch)
        self._fetch.ended = self._require_a_whole_file

    def _make_submit(self) -> SubmitAnalyzeJobOperator:
        return SubmitAnalyzeJobOperator(
            task_id="submit", documents=DOCUMENTS, tasks=list(KINDS), **self._options
        )

    def _make_fetch(self) -> FetchAnalyzeResultsOperator:
        assert self._submitted is not None
        xcoms = self._submitted.instance.xcoms
        return FetchAnalyzeResultsOperator(
            task_id="fetch",
            operation_location=self._submitted.value,
            submitted=xcoms["submitted"],
            output_path=str(self._output),
            on_expired="fail",
        )

    def _require_a_whole_file(self) -> None:
        rows = rows_of(self._output)
        assert len(rows) in (0, len(WHOLE))
        assert len(set(rows)) == len(rows)

    def run(self) -> dict[str, Any]:
        """Lead both tasks to their ends; whatever fails for good, a user clears, and what follows it.

        Returns:
            The manifest.
        """
        for _ in range(CLEARS):
            self._submitted = self._submit.lead()
            if self._submitted is not None:
                if not self._options["wait_for_completion"]:
                    self.world.time.sleep(DURATIONS[-1])
                if not self.world.is_calm and self.world.random.random() < 0.1:
                    self.world.happened["pause", "a day"] += 1
                    self.world.time.sleep(86_401)
                fetched = self._fetch.lead()
                if fetched is not None:
                    manifest: dict[str, Any] = fetched.value
                    return manifest
            self.world.clear(keeps=self.world.keeps())
            self._submit.clear()
            self._fetch.clear()
        raise AssertionError("it does not end")


def play(seed: int, folder: Path, patches: pytest.MonkeyPatch) -> Counter[tuple[str, str]]:
    """Run one sequence, and hold against it what it has to keep.

    Returns:
        What struck it.
    """
    random = Random(seed)  # noqa: S311 - repeatable, no secret
    duration = random.choice(DURATIONS)
    engines = fake_engines()
    with (
        time_travel(patches) as time,
        Emulator(key=KEY, duration=duration, engines=engines, detect_language=fake_detect) as service,
    ):
        connection = {"conn_type": "azure_language", "host": service.endpoint, "password": KEY}
        patches.setenv("AIRFLOW_CONN_AZURE_LANGUAGE_DEFAULT", json.dumps(connection))
        patches.setenv("AIRFLOW__AZURE_LANGUAGE__STATE_PATH", str(folder / "state"))
        world = World(random, time, service, Ledger(service))
        strike_at_every_step(world, patches)
        patches.setattr(paying_once, "clears_forget_state", lambda: world.forgets)

        manifest = Sequence(seed, world, folder / "rows.jsonl").run()

        world.clear_up()
        lost = world.ledger.lost
        world.ledger.end_life()
        assert sorted(rows_of(folder / "rows.jsonl")) == WHOLE
        assert (manifest["documents"], manifest["ok"]) == (len(DOCUMENTS), len(WHOLE))
        assert manifest["lost_submissions"] == lost
    return world.happened


@pytest.fixture(scope="module")
def happened() -> Counter[tuple[str, str]]:
    """How often each strike and each fault struck, in all sequences until now."""
    return Counter()


@pytest.mark.parametrize("share", range(SHARES))
def test_each_document_comes_out_once_and_nothing_is_paid_twice(
    share: int, happened: Counter[tuple[str, str]], tmp_path: Path
) -> None:
    failed = {}
    for seed in SEEDS[share::SHARES]:
        folder = tmp_path / str(seed)
        folder.mkdir()
        try:
            with pytest.MonkeyPatch.context() as patches:
                happened.update(play(seed, folder, patches))
        except Exception:  # noqa: BLE001 - told with the others
            failed[seed] = traceback.format_exc(limit=-4)

    assert not failed, "\n".join(f"LANGUAGE_SEQUENCE={seed}:\n{error}" for seed, error in failed.items())


EVERYTHING = {
    *(("fault", name) for name in weather.FAULTS),
    *(("crash", point) for point in weather.POINTS),
    *(("kill", point) for point in ("store set", "stored", "request", "answered", "xcom push")),
    *(("kill at once", point) for point in ("store set", "stored", "request", "answered")),
    *(("timeout", point) for point in ("store set", "stored", "request", "answered")),
    *(("successor", point) for point in ("store get", "store set", "stored", "request", "answered")),
    *(("storage error", point) for point in ("store get", "store set")),
    *((interference, "deferred") for interference in weather.INTERFERENCES),
    ("pause", "a day"),
    *(("clear", what) for what in ("kept", "forgotten")),
}


def test_the_sequences_have_everything_in_them(happened: Counter[tuple[str, str]]) -> None:
    if len(SEEDS) < ENOUGH:
        pytest.skip(f"{len(SEEDS)} sequences need not have everything in them")

    assert EVERYTHING - happened.keys() == set()
