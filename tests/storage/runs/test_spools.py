"""A spool gives back what it was given, wherever it lies, and lands in the order of the source."""

from __future__ import annotations

from pathlib import Path

import pytest

from airflow_provider_language.protocol.corpus.items import Item, segments
from airflow_provider_language.storage.runs import spools
from airflow_provider_language.storage.runs.spools import Spool

TEXTS = ("plain", "\u00fcmlaut", "", "half \udc80 a pair", "\U0001f9ea last")


def spool_of(texts: tuple[str, ...] = TEXTS, tasks: int = 2) -> Spool:
    [(segment, items)] = segments(Item(f"id-{place}", text) for place, text in enumerate(texts))
    return Spool(segment, items, tasks)


@pytest.mark.parametrize("places", [(0, 1, 2, 3, 4), (0, 2, 3), (1,), (0, 4)])
def test_contents_are_those_of_their_places_side_by_side_or_not(places: tuple[int, ...]) -> None:
    assert list(spool_of().contents(places)) == [TEXTS[place] for place in places]


@pytest.mark.parametrize("stretch", [1, 2**20])
def test_lines_land_in_the_order_of_the_source_and_of_the_tasks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stretch: int
) -> None:
    monkeypatch.setattr(spools, "_STRETCH", stretch)
    spool = spool_of()
    lines = {(place, task): f"{place}.{task}\n".encode() for place in range(len(TEXTS)) for task in range(2)}
    for jobs in ((3, 1), (4,), (0, 2)):
        spool.put({pair: line for pair, line in reversed(lines.items()) if pair[0] in jobs})

    spool.land(str(tmp_path / "part.jsonl"))

    assert (tmp_path / "part.jsonl").read_bytes() == b"".join(lines.values())


def test_a_row_that_is_left_out_leaves_no_line(tmp_path: Path) -> None:
    spool = spool_of(("a", "b", "c"), tasks=1)
    spool.put({(0, 0): b"0\n", (2, 0): b"2\n"})
    spool.leave_out(1, 0)

    spool.land(str(tmp_path / "part.jsonl"))
    assert (tmp_path / "part.jsonl").read_bytes() == b"0\n2\n"


def test_a_spool_with_a_row_that_is_not_there_does_not_land(tmp_path: Path) -> None:
    spool = spool_of(tasks=1)
    spool.put({(0, 0): b"0\n", (2, 0): b"2\n"})

    with pytest.raises(AssertionError, match="before all of its rows"):
        spool.land(str(tmp_path / "part.jsonl"))
    assert not list(tmp_path.iterdir())
