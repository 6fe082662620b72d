"""While a run lasts, the garbage collector passes over what was there before it, and no longer."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from airflow_provider_language.running.corpus.heaps import YOUNG, heap_settled


@pytest.fixture(autouse=True)
def _thawed() -> Iterator[None]:
    gc.unfreeze()
    yield
    gc.unfreeze()


def test_the_collector_passes_over_what_is_there_until_the_run_ends() -> None:
    seen: list[int] = []

    def fail() -> None:
        with heap_settled():
            seen.append(gc.get_freeze_count())
            raise KeyError

    with pytest.raises(KeyError):
        fail()

    assert seen[0] > 0
    assert gc.get_freeze_count() == 0


def test_what_somebody_else_has_set_aside_stays_so() -> None:
    gc.freeze()
    with heap_settled():
        pass

    assert gc.get_freeze_count() > 0


@pytest.mark.parametrize("is_frozen", [True, False])
def test_the_collector_looks_at_young_objects_less_often_until_the_run_ends(is_frozen: bool) -> None:
    if is_frozen:
        gc.freeze()
    before = gc.get_threshold()
    with heap_settled():
        assert gc.get_threshold() == (YOUNG, *before[1:])

    assert gc.get_threshold() == before
