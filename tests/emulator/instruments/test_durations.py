from __future__ import annotations

from datetime import timedelta
from statistics import median

import pytest

from airflow_provider_language.emulator import Emulator, Recorded
from airflow_provider_language.emulator.instruments.durations import QUANTILES, quantile
from tests.emulator.fakes import Client, ManualClock, documents, fake_engines, task


def drawn(model: Recorded, documents: int = 3, tasks: int = 1, jobs: int = 4000) -> list[float]:
    return sorted(model.of_job(number, documents, tasks).total_seconds() for number in range(jobs))


@pytest.mark.parametrize(("share", "seconds"), QUANTILES)
def test_the_fit_goes_through_the_recorded_points(share: float, seconds: float) -> None:
    assert quantile(share) == pytest.approx(seconds)


def test_the_fit_rises_all_the_way() -> None:
    values = [quantile(step / 1000) for step in range(1001)]
    assert values == sorted(set(values))


@pytest.mark.parametrize(
    ("share", "seconds"), [(0.05, 0.2), (0.25, 0.7), (0.5, 1.2), (0.75, 3.0), (0.9, 8.8)]
)
def test_draws_have_the_recorded_quantiles(share: float, seconds: float) -> None:
    values = drawn(Recorded())
    assert values[int(share * len(values))] == pytest.approx(seconds, rel=0.1)
    assert 20 < values[-1] <= 21.6


def test_the_same_seed_draws_the_same_and_another_draws_otherwise() -> None:
    assert drawn(Recorded(seed=1), jobs=50) == drawn(Recorded(seed=1), jobs=50)
    assert drawn(Recorded(seed=1), jobs=50) != drawn(Recorded(seed=2), jobs=50)


def test_jobs_take_longer_with_documents_and_with_tasks() -> None:
    by_documents = [median(drawn(Recorded(), documents=count)) for count in (1, 5, 25)]
    by_tasks = [median(drawn(Recorded(), tasks=count)) for count in (1, 3, 9)]
    assert by_documents == sorted(set(by_documents))
    assert by_tasks == sorted(set(by_tasks))


def test_no_job_takes_longer_than_the_longest_recorded_one() -> None:
    assert max(drawn(Recorded(growth=1), documents=25, tasks=11)) == 21.6


def test_without_growth_jobs_of_any_size_take_the_recorded_durations() -> None:
    assert drawn(Recorded(growth=0), documents=25, tasks=5) == drawn(Recorded(), documents=3)


@pytest.mark.parametrize("growth", [-0.1, 1.1, float("nan")])
def test_a_growth_that_is_none_is_refused(growth: float) -> None:
    with pytest.raises(ValueError, match="growth"):
        Recorded(growth=growth)


def test_jobs_end_when_the_drawn_durations_say() -> None:
    clock = ManualClock()
    model = Recorded(seed=3)
    with Emulator(duration=model, clock=clock, engines=fake_engines()) as emulator:
        client = Client(emulator.endpoint)
        urls = [client.submitted(documents(3), [task()]) for _ in range(2)]
        for number, url in sorted(enumerate(urls, start=1), key=lambda each: model.of_job(each[0], 3, 1)):
            end = model.of_job(number, 3, 1)
            begun = clock.now
            clock.now = begun.replace(hour=12, minute=0, second=0, microsecond=0) + end
            clock.advance(microseconds=-1)
            assert client.state(url)["status"] == "running"
            clock.advance(microseconds=1)
            assert client.state(url)["status"] == "succeeded"
    assert timedelta(0) < model.of_job(1, 3, 1) != model.of_job(2, 3, 1)
