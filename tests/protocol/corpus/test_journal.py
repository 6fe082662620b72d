"""A run's journal: what is read is what was written, however often, and nothing of a text."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from airflow_provider_language.exceptions import InvalidInputError, RecordError
from airflow_provider_language.protocol.corpus import row_ranges
from airflow_provider_language.protocol.corpus.healing import may_heal
from airflow_provider_language.protocol.corpus.items import Item, segments
from airflow_provider_language.protocol.corpus.journal import (
    JobNote,
    Journal,
    Stage,
    journal_of,
    landed_entry,
    segment_entry,
)
from airflow_provider_language.protocol.corpus.totals import Totals, total
from airflow_provider_language.protocol.jobs.results import Row, RowStatus

NOTE = JobNote("0.3", (0, 1, 2, 7), (0, 1), 1, 8, Stage.INTENDED, 5.0, "conn")
ITEMS = [Item("a", "one"), Item("b", "two", "de"), Item.refused("c", "odd")]


def row(status: RowStatus = RowStatus.OK, code: str | None = None, task: str = "t") -> Row:
    return Row("id", task, "Kind", status, "en", None, code, None, ({"code": "W"},), "model", 1, "job")


@given(st.sets(st.integers(0, 10_000)))
def test_places_are_read_as_they_were_told(places: set[int]) -> None:
    assert row_ranges.read(row_ranges.told(sorted(places))) == tuple(sorted(places))


def test_a_journal_is_what_its_entries_say_also_twice_and_compacted() -> None:
    [(first, _), (second, _)] = segments(ITEMS, most=2)
    accepted = replace(NOTE, name="1.0", stage=Stage.ACCEPTED, location="https://a/jobs/1")
    totals = Totals(documents=2)
    totals.count(row(), "id")
    totals.count(row(RowStatus.ERROR, "Odd"), "id")
    entries = [
        {"entry": "told", "values": {"version": "v"}},
        segment_entry(first),
        segment_entry(second),
        NOTE.to_entry(),
        accepted.to_entry(),
        landed_entry(first, "part-00000.jsonl", totals),
        {"entry": "of a later version"},
    ]
    entries = json.loads(json.dumps(entries))

    journal = journal_of([*entries, *entries])

    assert journal.told == {"version": "v"}
    assert [one.part for one in journal.landed] == ["part-00000.jsonl"]
    assert journal.segments[1].jobs == {"1.0": accepted}
    assert journal_of([*entries, *json.loads(json.dumps(list(journal.entries())))]) == journal


@pytest.mark.parametrize("entry", [{}, {"entry": "job", "name": "9.1"}, {"entry": "segment"}])
def test_an_entry_that_cannot_be_read_is_no_empty_journal(entry: dict[str, object]) -> None:
    with pytest.raises(RecordError):
        Journal().add(entry)


def test_a_job_belongs_to_its_segment() -> None:
    assert replace(NOTE, name="17.2").segment == 17


def test_totals_add_up_and_come_back_as_they_were() -> None:
    totals = Totals(documents=1, jobs=2, records_charged=3)
    for one in (row(), row(RowStatus.MISSING), row(RowStatus.ERROR, "Odd"), row(RowStatus.ERROR, "Odd")):
        totals.count(one, "id")

    again = Totals.from_dict(json.loads(json.dumps(totals.to_dict())))

    assert again == totals
    assert (totals.rows, totals.ok, totals.error, totals.missing) == (4, 1, 2, 1)
    both = total([totals, again])
    assert (both.rows, both.jobs, both.error_codes) == (8, 4, {"Odd": 4})
    assert both.failures_told() == [
        {"task": "t", "code": "Odd", "language": "en", "rows": 4, "example": "id"},
        {"task": "t", "code": "Missing", "language": "en", "rows": 2, "example": "id"},
    ]


def test_of_very_many_kinds_of_failures_the_codes_are_counted_on() -> None:
    totals = Totals()
    for number in range(1_100):
        totals.count(row(RowStatus.ERROR, "Odd", task=f"task {number}"), "id")

    assert len(totals.failures) == 1_001
    assert sum(totals.failures.values()) == 1_100


def test_segments_are_cut_by_rows_and_by_characters() -> None:
    cut = [[item.id for item in items] for _, items in segments(ITEMS, most=2)]
    assert cut == [["a", "b"], ["c"]]
    assert [len(items) for _, items in segments([Item("a", "1" * 9), *ITEMS], characters=10)] == [1, 3]
    assert list(segments([])) == []


@pytest.mark.parametrize(
    ("changed", "key", "is_found"),
    [
        (Item("x", "one"), None, True),
        (Item("a", "another"), None, False),
        (Item("a", "another"), b"key", True),
        (Item("a", "one", "fr"), b"key", True),
        (Item("a", "one"), b"key", False),
    ],
)
def test_a_changed_source_is_found_as_far_as_there_is_a_key(
    changed: Item, key: bytes | None, is_found: bool
) -> None:
    [(before, _)] = segments(ITEMS, key)
    [(after, _)] = segments([changed, *ITEMS[1:]], key)

    if is_found:
        with pytest.raises(InvalidInputError, match="segment 0, of 3 rows"):
            before.check(after)
    else:
        before.check(after)


def test_another_key_says_nothing_of_a_change() -> None:
    [(before, _)] = segments(ITEMS, b"key")
    [(after, _)] = segments([Item("a", "another"), *ITEMS[1:]], b"another key")

    before.check(after)


@pytest.mark.parametrize(
    ("one", "rounds", "heals"),
    [
        (row(RowStatus.MISSING), 0, True),
        (row(RowStatus.MISSING), 3, False),
        (row(RowStatus.ERROR, "InternalServerError"), 2, True),
        (row(RowStatus.ERROR, "UnsupportedLanguageCode"), 0, False),
        (row(), 0, False),
    ],
)
def test_what_may_come_out_otherwise_is_tried_again(one: Row, rounds: int, heals: bool) -> None:
    assert may_heal(one, rounds) is heals
