"""What is remembered from poke to poke: whatever stands in the record, and whatever the clocks say."""

from __future__ import annotations

import json
import logging
import random
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from airflow_provider_language.exceptions import RecordError, ServiceUnavailableError
from airflow_provider_language.protocol.jobs.status import Job, job_from
from airflow_provider_language.protocol.surfaces import ANALYZE_TEXT
from airflow_provider_language.sensors.pokes import Found, Memory, look_on
from airflow_provider_language.sensors.rounds import SILENCE, Round, look_at_each
from airflow_provider_language.sensors.waited_for import WaitedFor
from tests.scripted_service import job_body

NOW = 1_800_000_000.0
AWAY = ServiceUnavailableError("It does not answer.")
OUTAGE = Round(silent={"a": AWAY})
FAULT = {"code": "InternalServerError", "message": "The model is not available.", "target": "#/tasks/items/0"}


class Store:
    """What a store has to be; its record goes through JSON."""

    def __init__(self, record: Any = None, *, is_broken: bool = False) -> None:
        self.text = json.dumps(record)
        self.is_broken = is_broken

    def read(self) -> Any:
        self._require_answer()
        return json.loads(self.text)

    def write(self, record: dict[str, Any]) -> None:
        self._require_answer()
        self.text = json.dumps(record)

    def _require_answer(self) -> None:
        if self.is_broken:
            raise RecordError("The store is away.")


def job(status: str, job_id: str = "a") -> Job:
    found = job_from(ANALYZE_TEXT, job_body(status, job_id, errors=[FAULT] if status == "failed" else []))
    assert found is not None
    return found


def answering(**states: str | None) -> tuple[Callable[[str], Job], list[str]]:
    """How to look at jobs, of which one without a state is not told of; and who was looked at."""
    seen: list[str] = []

    def look(name: str) -> Job:
        seen.append(name)
        state = states[name]
        if state is None:
            raise ServiceUnavailableError(f"{name} does not answer.")
        return job(state, name)

    return look, seen


def ended_by(store: Store, names: str, look: Callable[[str], Job]) -> set[str]:
    """The jobs of which a poke, which is a process of its own, knows that they have ended."""
    jobs = WaitedFor({name: name for name in names})
    look_on(Memory(store, 1), jobs, look, 60.0)
    return set(jobs.ended)


@pytest.mark.parametrize("record", [None, [], "x", {"attempt": 2, "since": NOW, "silent": ["a"]}])
def test_what_is_no_record_of_this_try_tells_nothing(record: object) -> None:
    assert Memory(Store(record), 1).recall() == Found()


@pytest.mark.parametrize("ended", [None, 1, ["a"], [{}], [{"outcome": {}, "jobs": ["a"]}], {"a": "b"}])
@pytest.mark.parametrize("since", ["soon", [], {}, None, "1", [[[]]]])
def test_what_is_not_understood_was_not_found(since: object, ended: object) -> None:
    record = {"attempt": 1, "since": since, "ended": ended, "silent": [1, None, "b"]}
    assert Memory(Store(record), 1).recall() == Found(silent=frozenset({"b"}))


def test_all_that_was_found_survives_the_store() -> None:
    store = Store()
    states = {"a": job("succeeded"), "b": job("running", "b"), "c": job("failed", "c"), "d": job("succeeded")}
    found = Found().after(Round(states, {"e": AWAY}), NOW)
    Memory(store, 1).keep(found)
    assert Memory(store, 1).recall() == found
    assert set(found.ended) == {"a", "c", "d"}


def test_a_thousand_jobs_that_ended_well_take_no_more_than_their_names() -> None:
    names = [f"/language/analyze-text/jobs/{number:036}" for number in range(1000)]
    found = Found().after(Round({name: job("succeeded") for name in names}), NOW)
    assert len(json.dumps(found.to_dict())) < 1000 * (len(names[0]) + 5)


@pytest.mark.parametrize("ahead", [1.0, 3600.0, 31_536_000.0])
def test_an_outage_that_began_later_than_now_begins_now(ahead: float) -> None:
    assert Found(since=NOW + ahead).after(OUTAGE, NOW).since == NOW
    assert Found(since=NOW - ahead).after(OUTAGE, NOW).since == NOW - ahead


@pytest.mark.parametrize(
    ("found", "since"),
    [
        (Round(), None),
        (Round({"b": job("running")}), None),
        (Round({"b": job("running")}, {"a": AWAY}), None),
        (OUTAGE, NOW - 60),
    ],
    ids=["nobody was asked for", "all", "one of two", "none"],
)
def test_an_outage_is_where_nobody_at_all_was_told_of(found: Round, since: float | None) -> None:
    assert Found(since=NOW - 60).after(found, NOW).since == since


def test_who_was_not_told_of_is_looked_at_last_and_who_has_ended_no_more() -> None:
    found = Found().after(Round({"b": job("succeeded"), "c": job("running")}, {"a": AWAY}), NOW)
    assert found.to_look_at("abcd") == ["c", "d", "a"]
    assert found.after(Round({"a": job("running")}), NOW).to_look_at("abcd") == ["a", "c", "d"]


def test_the_others_are_looked_at_after_one_that_is_not_told_of() -> None:
    look, seen = answering(a="running", b=None, c="succeeded", d=None)
    found = look_at_each("abcd", look, lambda: NOW)
    assert seen == ["a", "b", "c", "d"]
    assert (list(found.jobs), list(found.silent)) == (["a", "c"], ["b", "d"])


@pytest.mark.parametrize(
    ("states", "asked"),
    [
        ({"a": None, "b": "running", "c": "running"}, ["a"]),
        ({"a": "running", "b": None, "c": "running"}, ["a", "b"]),
    ],
)
def test_a_round_ends_where_nothing_is_heard_for_too_long(
    states: Mapping[str, Any], asked: list[str]
) -> None:
    look, seen = answering(**states)
    times = iter(range(0, 1000, int(SILENCE) + 1))
    look_at_each(states, look, lambda: next(times))
    assert seen == asked


def test_jobs_that_hang_one_after_another_are_got_past_by_later_pokes() -> None:
    store, ended = Store(), dict[str, Any]()
    look, seen = answering(a=None, b=None, c="succeeded", d="succeeded")
    times = iter(range(0, 100_000, int(SILENCE) + 1))
    for _ in range(3):
        memory = Memory(store, 1)
        before = memory.recall()
        found = before.after(look_at_each(before.to_look_at("abcd"), look, lambda: next(times)), NOW)
        memory.keep(found)
        ended = dict(found.ended)
    assert seen == ["a", "b", "c", "d", "a"]
    assert set(ended) == {"c", "d"}


def test_a_job_that_has_ended_is_never_looked_at_again(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    store = Store()
    look, seen = answering(a="succeeded", b="failed", c=None, d="running")
    for _ in range(3):
        ended = ended_by(store, "abcd", look)
    assert seen == ["a", "b", "c", "d", "d", "c", "d", "c"]
    assert ended == {"a", "b"}
    assert "1 jobs were not told of; looking again at the next poke" in caplog.text


def test_what_is_found_while_the_memory_is_away_holds_for_this_poke(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    look, _ = answering(a="succeeded", b=None)
    assert ended_by(Store(is_broken=True), "ab", look) == {"a"}
    assert "What earlier pokes found cannot be told" in caplog.text
    assert "What this poke found cannot be remembered" in caplog.text


def test_jobs_of_which_the_author_speaks_no_more_do_not_count() -> None:
    store = Store()
    look, _ = answering(a="failed", b="succeeded")
    ended_by(store, "ab", look)
    assert ended_by(store, "b", look) == {"b"}


def test_an_outage_beyond_the_tolerance_is_told_as_it_is() -> None:
    look, _ = answering(a=None)
    with pytest.raises(ServiceUnavailableError, match="a does not answer"):
        ended_by(Store({"attempt": 1, "since": 1.0}), "a", look)


def test_five_hundred_jobs_outlast_the_tolerance_though_one_look_in_a_hundred_is_refused() -> None:
    chance = random.Random(3)  # noqa: S311 - repeatable, no secret
    ends = {str(number): NOW + chance.uniform(0.0, 3600.0) for number in range(500)}
    store, now, looks = Store(), NOW, 0

    def look(name: str) -> Job:
        nonlocal looks
        looks += 1
        if chance.random() < 0.01:
            raise AWAY
        return job("succeeded" if now >= ends[name] else "running", name)

    while len((before := Memory(store, 1).recall()).ended) < 500:
        now += 60.0
        found = before.after(look_at_each(before.to_look_at(ends), look, lambda: NOW), now)
        assert found.since is None or found.since == now
        Memory(store, 1).keep(found)

    assert now < NOW + 3600.0 + 300.0
    assert looks < 1.03 * sum((end - NOW) // 60 + 1 for end in ends.values())
