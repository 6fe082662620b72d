"""The wait for one job, and what it teaches about the next."""

from __future__ import annotations

from contextlib import ExitStack, suppress
from dataclasses import replace
from datetime import datetime, timezone
from itertools import pairwise

import pytest

from airflow_provider_language.protocol.jobs.status import Job, State
from airflow_provider_language.protocol.pacing.durations import Group
from airflow_provider_language.protocol.pacing.pauses import Pace
from airflow_provider_language.protocol.pacing.resources import Resource
from airflow_provider_language.protocol.pacing.waits import Wait, told_duration

NOW = 1_000_000.0
GROUP = Group("analyze-text")
JOB = Job(
    job_id="job",
    status="succeeded",
    state=State.SUCCEEDED,
    display_name=None,
    created="2026-11-21T12:00:00Z",
    updated="2026-11-21T12:00:40Z",
    expires=None,
    total=1,
    finished=1,
    faults=(),
    items=(),
    next_page=None,
)
RUNNING = replace(JOB, status="running", state=State.ACTIVE)
TIMELESS = replace(JOB, created=None)


def wait_for(resource: Resource, *, since: float | None = NOW, pace: Pace | None = None) -> Wait:
    return Wait(pace or Pace(), resource, GROUP, NOW, since)


def ended_within(resource: Resource, seconds: float) -> float:
    """The share of jobs that are expected to end within so many seconds."""
    durations = resource.durations.distribution(GROUP)
    return max(
        share for age, share in zip(durations.ages, durations.ended, strict=True) if age <= seconds * 1.08
    )


def test_the_services_own_times_tell_how_long_a_job_took_to_a_second() -> None:
    found = told_duration(JOB)
    assert found is not None
    assert (found.least, found.most) == (39, 41)


@pytest.mark.parametrize(
    ("created", "updated"),
    [
        (None, "2026-11-21T12:00:40Z"),
        ("2026-11-21T12:00:00Z", None),
        ("yesterday", "2026-11-21T12:00:40Z"),
        ("2026-11-21T12:00:00", "2026-11-21T12:00:40Z"),
        ("2026-11-21T12:00:41Z", "2026-11-21T12:00:40Z"),
    ],
)
def test_times_that_are_none_tell_nothing(created: str | None, updated: str | None) -> None:
    assert told_duration(replace(JOB, created=created, updated=updated)) is None


def test_jobs_that_took_long_make_later_ones_be_looked_at_later() -> None:
    resource = Resource()
    before = wait_for(resource).first_pause(0.0)
    for _ in range(200):
        wait_for(resource).saw(JOB, NOW + 40, NOW + 40)
    assert wait_for(resource).first_pause(0.0) > 3 * before


def test_looks_say_when_a_job_ended_where_the_service_does_not() -> None:
    resource = Resource()
    for _ in range(300):
        wait = wait_for(resource)
        wait.saw(RUNNING, NOW + 50, NOW + 50.1)
        wait.saw(TIMELESS, NOW + 60, NOW + 60.1)
    assert ended_within(resource, 40) < 0.1
    assert ended_within(resource, 75) > 0.95


def test_a_job_whose_begin_nobody_told_is_as_old_as_the_service_says() -> None:
    """A job that has run for long is likely to run on for long."""
    created = datetime.fromtimestamp(NOW - 600, timezone.utc).isoformat()
    strange, dated = wait_for(Resource(), since=None), wait_for(Resource(), since=NOW - 600)
    before = strange.next_pause(0.0, NOW + 1)
    for wait in (strange, dated):
        wait.saw(replace(RUNNING, created=created), NOW, NOW)
    assert strange.next_pause(0.0, NOW + 1) == dated.next_pause(0.0, NOW + 1) > 2 * before


def test_a_service_whose_clock_is_ahead_makes_no_job_younger_than_its_wait() -> None:
    created = datetime.fromtimestamp(NOW + 3600, timezone.utc).isoformat()
    wait, plain = wait_for(Resource(), since=None), wait_for(Resource(), since=None)
    wait.saw(replace(RUNNING, created=created), NOW, NOW)
    assert wait.next_pause(0.0, NOW + 5) == plain.next_pause(0.0, NOW + 5)


@pytest.mark.parametrize("jitter", [0.0, 0.5, 1.0])
def test_a_fixed_interval_is_kept_however_many_wait(jitter: float) -> None:
    wait = wait_for(resource := Resource(), pace=Pace(first=3.0, interval=60.0))
    assert wait.first_pause(jitter) == 3.0
    with ExitStack() as stack:
        for _ in range(5000):
            stack.enter_context(resource.wait())
        assert wait.first_pause(jitter) == 3.0 + 60.0 * jitter
        assert wait.first_pause(jitter, NOW + 20) == min(3.0 + 60.0 * jitter, 20.0)
        assert wait.next_pause(jitter, NOW + 10) == 60.0
        assert wait.next_pause(jitter, NOW + 10, NOW + 30) == 20.0


def test_first_looks_of_many_jobs_are_spread_so_that_the_budget_has_one_for_each() -> None:
    resource = Resource()
    with ExitStack() as stack:
        for _ in range(10_000):
            stack.enter_context(resource.wait())
        old = wait_for(resource, since=NOW - 3600)
        pauses = [old.first_pause(jitter / 100) for jitter in range(101)]
    assert pauses[-1] - pauses[0] == pytest.approx(550, abs=0.01)
    assert max(after - before for before, after in pairwise(pauses)) == pytest.approx(5.5, abs=0.01)


def test_of_a_job_without_any_times_nothing_is_learned() -> None:
    resource = Resource()
    wait_for(resource, since=None).saw(TIMELESS, NOW + 60, NOW + 60.1)
    assert resource.durations.count(GROUP) == 0


@pytest.mark.parametrize("state", [State.FAILED, State.CANCELLED])
def test_a_job_that_did_not_run_to_its_end_teaches_nothing(state: State) -> None:
    resource = Resource()
    wait_for(resource).saw(replace(JOB, state=state), NOW + 40, NOW + 40)
    assert resource.durations.count(GROUP) == 0


def test_a_clock_that_is_set_back_leaves_the_services_own_times() -> None:
    resource = Resource()
    wait = wait_for(resource)
    wait.saw(RUNNING, NOW + 10, NOW + 10)
    wait.saw(JOB, NOW - 3600, NOW - 3600)
    assert resource.durations.count(GROUP) == 1
    assert wait.next_pause(0.0, NOW - 3600) > 0


def test_a_submission_from_a_clock_that_is_ahead_counts_from_the_begin_of_the_wait() -> None:
    ahead = wait_for(Resource(), since=NOW + 100)
    assert ahead.first_pause(0.0) == wait_for(Resource()).first_pause(0.0)


def test_pauses_end_at_the_deadline_and_the_first_look_comes_no_earlier_than_asked() -> None:
    wait = wait_for(Resource(), pace=Pace(first=3.0))
    assert wait.first_pause(0.0, NOW + 1) == 3.0
    assert wait.next_pause(0.0, NOW + 10, NOW + 10.25) == 0.25
    assert wait.next_pause(0.0, NOW + 10, NOW + 5) == 0.0


def test_many_waiting_jobs_make_looks_late_and_rare() -> None:
    alone, crowd = Resource(), Resource()
    with ExitStack() as stack:
        for _ in range(10_000):
            stack.enter_context(crowd.wait())
        assert wait_for(crowd).first_pause(0.0) > 10 * wait_for(alone).first_pause(0.0)
        assert wait_for(crowd).next_pause(0.0, NOW + 30) == Pace().ceiling
        assert wait_for(crowd, pace=Pace(ceiling=3600)).next_pause(0.5, NOW + 30) == pytest.approx(600)


def test_jobs_that_run_for_long_have_the_whole_budget_in_turns_where_it_is_less_than_a_look_a_minute() -> (
    None
):
    few, many = Resource(), Resource()
    old = NOW - 3600
    with ExitStack() as stack:
        for _ in range(3000):
            stack.enter_context(many.wait())
        assert wait_for(many, since=old).next_pause(0.5, NOW) == pytest.approx(180)
    with ExitStack() as stack:
        for _ in range(900):
            stack.enter_context(few.wait())
        assert wait_for(few, since=old).next_pause(0.5, NOW) > 180


def test_schedules_are_kept_until_enough_was_learned() -> None:
    resource = Resource()
    first = resource.schedule(GROUP, NOW)
    assert resource.schedule(GROUP, NOW) is first
    for _ in range(16):
        wait_for(resource).saw(JOB, NOW + 40, NOW + 40)
    assert resource.schedule(GROUP, NOW) is not first


def test_no_more_schedules_are_kept_than_there_is_room_for() -> None:
    resource = Resource()
    first = resource.schedule(GROUP, NOW)
    for number in range(300):
        resource.schedule(Group("analyze-text", number), NOW)
    assert resource.schedule(GROUP, NOW) is not first


def test_a_job_is_waited_for_until_its_wait_is_left_however() -> None:
    resource = Resource()
    with suppress(KeyError), resource.wait():
        assert resource.waiting == 1
        raise KeyError
    assert resource.waiting == 0


def tight(resource: Resource, stack: ExitStack) -> Wait:
    """A wait among so many that each look counts, and the first one comes late."""
    for _ in range(2000):
        stack.enter_context(resource.wait())
    return wait_for(resource)


def test_a_pause_ends_sooner_once_other_jobs_have_told_that_they_last_no_longer() -> None:
    resource = Resource()
    with ExitStack() as stack:
        wait = tight(resource, stack)
        pause = wait.first_pause(0.0)
        nap = wait.nap(pause)
        for _ in range(40):
            wait_for(resource).saw(TIMELESS, NOW + 1, NOW + 1)

        left = wait.left(pause - nap, NOW + nap)

        assert 1.0 <= nap < pause / 2
        assert 0 <= left < (pause - nap) / 2


@pytest.mark.parametrize(
    ("now", "deadline", "most"),
    [(NOW + 3, NOW + 3.5, 0.5), (NOW + 3600, None, 0.0)],
    ids=["up to the deadline", "at once, where it should have ended before"],
)
def test_a_pause_between_two_looks_ends_sooner_too(now: float, deadline: float | None, most: float) -> None:
    resource = Resource()
    with ExitStack() as stack:
        wait = tight(resource, stack)
        pause = wait.next_pause(0.0, NOW + 2)
        for _ in range(8):
            wait_for(resource).saw(TIMELESS, NOW + 4, NOW + 4)

        assert wait.left(pause, now, deadline) <= most


def test_a_pause_that_was_told_is_made_no_longer_by_jobs_that_last_long() -> None:
    resource = Resource()
    wait = wait_for(resource)
    pause = wait.next_pause(0.0, NOW + 2)
    for _ in range(8):
        wait_for(resource).saw(TIMELESS, NOW + 900, NOW + 900)

    assert wait.left(pause, NOW + 2) == pause


def test_a_pause_is_slept_at_once_where_nobody_can_teach_anything() -> None:
    alone = wait_for(Resource())
    assert alone.nap(600.0) == 600.0
    resource = Resource()
    with ExitStack() as stack:
        tight(resource, stack)
        assert wait_for(resource, pace=Pace(interval=600.0)).nap(600.0) == 600.0
        known = wait_for(resource)
        for _ in range(64):
            known.saw(TIMELESS, NOW + 4, NOW + 4)
        assert known.nap(600.0) == 600.0
