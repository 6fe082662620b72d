"""A ledger knows of each document what was found last, and tells nothing to who does not have its key."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from airflow_provider_language.exceptions import RecordError
from airflow_provider_language.protocol.corpus import ledger_keys
from airflow_provider_language.protocol.corpus.known import Known, Reused
from airflow_provider_language.protocol.corpus.latest import Latest
from airflow_provider_language.protocol.corpus.ledger import Block, Entry, block_from
from airflow_provider_language.protocol.corpus.ledger_keys import LedgerKeys
from airflow_provider_language.protocol.inputs.tasks import WireTask

KEYS = LedgerKeys(b"0123456789abcdef")


def entry(number: int, row: int = 0, **told: Any) -> Entry:
    """An entry whose key is like many others: all in few buckets, and some within each other."""
    key = bytes([0, number % 2]) * 7 + number.to_bytes(2, "big")
    return Entry(key, KEYS.of_id(str(number)), row, number, **told)


BLOCKS = st.lists(
    st.builds(
        lambda at, destination, numbers, model: Block.of(
            *("run", f"/{destination}/results/run/part-{at}", float(at // 3)),
            [
                entry(number, place, model=model)._replace(id=KEYS.of_id(str(place % 2)))
                for place, number in enumerate(numbers)
            ],
        ),
        st.integers(0, 9),
        st.sampled_from("ab"),
        st.lists(st.integers(0, 30), max_size=12),
        st.sampled_from(["", "2025", "2026"]),
    ),
    max_size=8,
)


def told(blocks: list[Block]) -> dict[bytes, Reused]:
    """What a plain dict knows."""
    found: dict[bytes, tuple[tuple[float, str, int], Reused]] = {}
    for block in blocks:
        for place, one in enumerate(block.entries()):
            when = block.at, block.part, place
            if one.key not in found or when > found[one.key][0]:
                reused = Reused(block.run, block.part, one.row, one.records, one.status, one.model, one.id)
                found[one.key] = when, reused
    return {key: reused for key, (_, reused) in found.items()}


@given(BLOCKS)
def test_of_each_document_the_latest_entry_holds_in_whatever_order_blocks_come(blocks: list[Block]) -> None:
    known, wanted = Known(blocks), told(blocks)

    assert len(known) == len(wanted)
    for number in range(40):
        key = entry(number).key
        assert known.get(key) == wanted.get(key)
        assert (key in known) == (key in wanted)
    assert known.models == {one.model for block in blocks for one in block.entries()}


def drawn(block: Block) -> Block:
    """A block whose keys differ in their first bytes, as those of texts do."""
    entries = [one._replace(key=one.key[::-1]) for one in block.entries()]
    return Block.of(block.run, block.part, block.at, entries)


@given(BLOCKS, st.lists(st.tuples(st.integers(0, 30), st.integers(0, 1)), max_size=3))
def test_documents_are_here_if_parts_that_are_here_have_each_under_its_id(
    found: list[Block], asked: list[tuple[int, int]]
) -> None:
    blocks = list(map(drawn, found))
    known = Known(blocks, lambda part: part.startswith("/a/"))
    here = {(one.key, one.id) for block in blocks if block.destination == "/a" for one in block.entries()}

    lists = [[(one.key, one.id) for one in block.entries()] for block in blocks]
    lists.append([(entry(number).key[::-1], KEYS.of_id(str(id_))) for number, id_ in asked])
    for pairs in lists:
        keys, ids = [key for key, _ in pairs], [id_ for _, id_ in pairs]
        assert known.has_all_here(keys, ids) == here.issuperset(pairs)
        assert [known.has_here(*pair) for pair in pairs] == [pair in here for pair in pairs]


@given(BLOCKS.map(lambda blocks: list({one.part: one for one in blocks}.values())))
def test_what_is_latest_of_each_id_at_each_destination_is_all_that_need_be_kept(blocks: list[Block]) -> None:
    latest = Latest(blocks)
    left = [block.only(latest.places(number, block)) for number, block in enumerate(blocks)]

    apart = {(one.key, one.id, block.destination) for block in blocks for one in block.entries()}
    assert sum(map(len, left)) == len(apart)
    assert told(left) == told(blocks)


def test_a_block_is_read_as_it_was_written() -> None:
    block = Block.of("run", "s3://c@b/part", 5.5, [entry(1, 3, status="error"), entry(2, 4, model="2026")])

    again = block_from(json.loads(json.dumps({**block.to_dict(), "later": 1})))

    assert again == block
    assert list(again.entries()) == [entry(1, 3, status="error"), entry(2, 4, model="2026")]


@pytest.mark.parametrize(
    "change",
    [
        {"keys": "AAAA"},
        {"keys": "?"},
        {"keys": None},
        {"rows": [1]},
        {"rows": [-1, 2]},
        {"rows": "no"},
        {"records": []},
        {"ids": ""},
        {"models": []},
        {"models": {"a": "0-5", "b": ""}},
        {"statuses": {}},
        {"at": "then"},
    ],
)
def test_what_is_no_block_is_not_taken_for_one(change: dict[str, Any]) -> None:
    block = Block.of("run", "part", 5.5, [entry(1), entry(2)])

    with pytest.raises(RecordError, match="cannot be read"):
        block_from({**block.to_dict(), **change})
    with pytest.raises(RecordError, match="cannot be read"):
        block_from([])


def test_what_is_forgotten_is_what_landed_until_then() -> None:
    block = Block.of("run", "part", 5.0, [entry(1), entry(2), entry(3)])

    assert list(block.without({entry(2).id: 5.0}).entries()) == [entry(1), entry(3)]
    assert block.without({entry(2).id: 4.9}) is block
    assert block.without({}) is block
    assert block.without({entry(7).id: 9.0}) is block


def test_an_empty_block_says_nothing() -> None:
    block = Block.of("run", "part", 5.0, [])

    assert block_from(block.to_dict()) == block
    assert len(Known([block])) == 0


def test_a_document_is_its_text_and_its_language() -> None:
    told = [
        ("a", "en"),
        ("a", "de"),
        ("a", None),
        ("a", ""),
        ("a", "\u00ff"),
        ("b", "en"),
        ("", "ena"),
        ("\ud800", None),
    ]

    digests = [KEYS.of(*one) for one in told]

    assert len(set(digests)) == len(told)
    assert digests == [KEYS.of(*one) for one in told]
    assert {len(one) for one in digests} == {ledger_keys.KEY_BYTES}


def test_a_document_that_is_cut_is_known_by_what_cuts_it_too() -> None:
    ways = [KEYS.of("a text", "en", splitter) for splitter in ("", "blanks", "sentencex")]

    assert len(set(ways)) == 3
    assert ways[0] == KEYS.of("a text", "en")


def test_another_key_knows_nothing_again() -> None:
    other = LedgerKeys(b"0123456789abcdeg")
    task = WireTask("Healthcare", "t")

    assert KEYS.of("a", "en") != other.of("a", "en")
    assert KEYS.of_id("a") != other.of_id("a")
    assert KEYS.of_task(task, "v") != other.of_task(task, "v")


def test_digests_are_right_with_more_languages_than_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger_keys, "_LANGUAGES", 1)
    keys = LedgerKeys(b"0123456789abcdef")

    assert [keys.of("a", one) for one in ("de", "en", "en", "de")] == [
        KEYS.of("a", one) for one in ("de", "en", "en", "de")
    ]


def pii(**parameters: object) -> str:
    return KEYS.of_task(WireTask("PiiEntityRecognition", "name", parameters), "2026-05-01")


def test_a_task_is_what_its_findings_depend_on() -> None:
    plain = pii()
    same = [
        KEYS.of_task(WireTask("PiiEntityRecognition", "other"), "2026-05-01"),
        pii(modelVersion="latest"),
        pii(loggingOptOut=True),
        pii(domain=None),
    ]
    others = [
        KEYS.of_task(WireTask("Healthcare", "name"), "2026-05-01"),
        KEYS.of_task(WireTask("PiiEntityRecognition", "name"), "2025-11-01"),
        KEYS.of_task(WireTask("PiiEntityRecognition", "name"), "2026-05-01", default_language="de"),
        KEYS.of_task(WireTask("PiiEntityRecognition", "name"), "2026-05-01", redacted_only=True),
        pii(modelVersion="2026-01-01"),
        pii(stringIndexType="Utf16CodeUnit"),
        pii(disableEntityValidation=True),
        pii(disableEntityValidation=1),
    ]

    assert set(same) == {plain}
    assert len({plain, *others}) == len(others) + 1
    assert plain.startswith("PiiEntityRecognition-")


def test_the_order_of_what_is_a_set_is_no_matter_and_that_of_policies_is() -> None:
    first, second = {"policyKind": "noMask", "entityTypes": ["A", "B"]}, {"policyKind": "entityMask"}

    assert pii(piiCategories=["A", "B"]) == pii(piiCategories=("B", "A", "A"))
    assert pii(redactionPolicies=[first]) == pii(redactionPolicies=[{**first, "entityTypes": ["B", "A"]}])
    assert pii(redactionPolicies=[first, second]) != pii(redactionPolicies=[second, first])


def test_no_value_of_a_parameter_stands_in_the_name_of_a_task() -> None:
    assert "Ada" not in pii(valueExclusionPolicy={"excludedValues": ["Ada"]})
