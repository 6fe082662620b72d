"""Whatever stands in a file, a conversation has all of its turns or is not analyzed."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from airflow_provider_language.protocol.corpus.families import Takes
from airflow_provider_language.protocol.inputs.submissions import check_alone
from airflow_provider_language.protocol.inputs.tasks import tasks_from
from airflow_provider_language.protocol.surfaces import ANALYZE_CONVERSATIONS
from airflow_provider_language.storage.sources.conversation_rows import conversation_items
from airflow_provider_language.storage.sources.file_rows import FileRows, Found
from airflow_provider_language.storage.sources.lines import Unread
from airflow_provider_language.tasks import ConversationalPII

LONGEST = 40
UNREAD = Unread("It is broken.")
TURN = {"speaker": "agent", "text": "Hello"}
ITEM = {"id": "1", "participantId": "a", "text": "Hello"}
TIMED = {
    **ITEM,
    **dict.fromkeys(("lexical", "itn", "maskedItn"), "hello"),
    "wordLevelTimings": [{"word": "hello", "offset": 0, "duration": 1}],
}
CHECK = partial(
    check_alone,
    surface=ANALYZE_CONVERSATIONS,
    version="2024-11-01",
    tasks=tasks_from([ConversationalPII(redact_audio_timing=True)]),
)
_FIELDS = (
    "conversation_id",
    "speaker",
    "text",
    "time",
    "role",
    "id",
    "language",
    "modality",
    "domain",
    "lexical",
)
_MORE = ("word_level_timings", "conversation_item_level_timing", "conversationItems", "itn")

turns = st.builds(lambda id_: {"conversation_id": id_, **TURN}, st.sampled_from("ab"))
bad = st.builds(lambda id_: {"conversation_id": id_, "speaker": "agent"}, st.sampled_from("ab"))
unreadable = st.sampled_from([UNREAD, "a text", {"speaker": "agent", "text": "Hello"}])
whole = st.just({"id": "w", "conversationItems": [ITEM]})
values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from([*_FIELDS, "word"]), inner),
    max_leaves=4,
)
odd = st.dictionaries(st.sampled_from([*_FIELDS, *_MORE]), values)


def found_in(rows: list[Any], check: Callable[[Any], object] = bool) -> list[Found]:
    return list(conversation_items(FileRows(iter(enumerate(rows)), "calls.jsonl", "", Takes(LONGEST, check))))


def is_turn(row: Any) -> bool:
    return isinstance(row, dict) and "conversation_id" in row


def is_lost(row: Any) -> bool:
    return not is_turn(row) and not (isinstance(row, dict) and "conversationItems" in row)


def expected(rows: list[Any]) -> list[tuple[int, str, int]]:
    """Where each item begins, its id, and how many turns it has; none if it is not analyzed."""
    kept = [place for place, row in enumerate(rows) if not is_lost(row)]
    runs: list[list[int]] = []
    for before, place in zip([None, *kept], kept, strict=False):
        goes_on = before is not None and is_turn(rows[before]) and is_turn(rows[place])
        if goes_on and rows[before]["conversation_id"] == rows[place]["conversation_id"]:  # type: ignore[index]
            runs[-1].append(place)
        else:
            runs.append([place])
    told: list[tuple[int, str, int]] = []
    for run in runs:
        if not is_turn(rows[run[0]]):
            told.append((run[0], "w", 1))
            continue
        first = max([place for place in kept if place < run[0]], default=-1) + 1
        last = min([place for place in kept if place > run[-1]], default=len(rows))
        is_good = all("text" in rows[place] for place in run) and last - first == len(run)
        told.append((run[0], rows[run[0]]["conversation_id"], len(run) if is_good else 0))
    for place, row in enumerate(rows):
        before = max([one for one in kept if one < place], default=None)
        if is_lost(row) and (before is None or not is_turn(rows[before])):
            told.append((place, f"calls.jsonl#{place}", 0))
    return sorted(told)


@given(st.lists(turns | turns | turns | bad | unreadable | whole, max_size=7))
def test_each_conversation_is_whole_or_an_error_and_each_row_is_accounted_for(rows: list[Any]) -> None:
    found = found_in(rows)

    told = [
        (number, item.id, 0 if item.fault else len(json.loads(item.content)["conversationItems"]))
        for number, _, item in found
    ]
    assert sorted(told) == expected(rows)


@given(st.lists(odd, max_size=4))
def test_no_row_stops_the_others(rows: list[Any]) -> None:
    found = found_in([*rows, {"id": "last", "modality": "transcript", "conversationItems": [TIMED]}], CHECK)

    assert found[-1][2].id == "last"
    assert found[-1][2].fault is None


def test_a_conversation_that_is_too_long_is_not_held() -> None:
    rows = ({"conversation_id": "a", **TURN, "text": "a" * 30} for _ in range(1000))
    given = FileRows(enumerate(rows), "calls.jsonl", "", Takes(LONGEST, bool))

    [(_, _, item)] = conversation_items(given)

    assert item.fault is not None
    assert "30000 characters in 1000 turns; a job takes 40 characters" in item.fault.message
