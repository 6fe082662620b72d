"""The README does not lie: its table of kinds is what the code says, and what the emulator does."""

from __future__ import annotations

import pytest

from tests.kind_table import BEGIN, END, README, in_order, ranges, section


def test_the_table_of_kinds_is_what_the_code_says() -> None:
    text = README.read_text()

    assert text.count(BEGIN) == text.count(END) == 1
    assert text.partition(BEGIN)[2].partition(END)[0] == section(), "run: python -m tests.kind_table"


@pytest.mark.parametrize(
    ("versions", "told"),
    [
        ({"a", "b", "c", "d"}, "a to d"),
        ({"a", "c", "d"}, "a, c to d"),
        ({"b"}, "b"),
        (set(), ""),
    ],
)
def test_versions_that_follow_one_another_are_told_by_their_ends(versions: set[str], told: str) -> None:
    assert ranges(versions, ["a", "b", "c", "d"]) == told


def test_the_legacy_version_is_the_oldest() -> None:
    assert in_order({"2026-05-01", "v3.1", "2022-05-01"}) == ["v3.1", "2022-05-01", "2026-05-01"]
