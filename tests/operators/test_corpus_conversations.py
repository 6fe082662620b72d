"""Conversations as a corpus: none is cut, and what is wrong with one costs the others nothing."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from airflow_provider_language._compat import AirflowFailException
from airflow_provider_language.emulator import Emulator, Fault
from airflow_provider_language.tasks import ConversationalPII, ConversationalSummarization
from tests.airflow_stands import CANARY, KEY, TaskDeferred, TaskInstance
from tests.conftest import Connect
from tests.corpus_runs import analyze, manifest_in, paid, rows_in

PII = [ConversationalPII()]
RECAP = [ConversationalSummarization(summary_aspects=["recap"])]


@pytest.fixture
def calls(connect: Connect) -> Iterator[Emulator]:
    """The connection's endpoint: an emulator that analyzes conversations, and whose jobs end at once."""
    with Emulator(key=KEY, duration=0) as running:
        connect(running.endpoint)
        yield running


def call(number: int, **more: Any) -> list[dict[str, Any]]:
    """The turns of a call."""
    said = ("May I have your name, please?", f"John Doe, john{number}@example.com.")
    return [
        {"conversation_id": f"c{number}", "speaker": speaker, "text": text, **more}
        for speaker, text in zip(("agent", "customer"), said, strict=True)
    ]


def turns(count: int) -> list[dict[str, Any]]:
    return [turn for number in range(count) for turn in call(number)]


def written(path: Path, rows: Sequence[Any]) -> str:
    """Write JSON lines, those that are texts as they are; return the file's location."""
    lines = (row if isinstance(row, str) else json.dumps(row) for row in rows)
    path.write_text("".join(line + "\n" for line in lines))
    return str(path)


def told(folder: Path) -> list[tuple[Any, ...]]:
    return [(row["document_id"], row["status"], row["error_code"]) for row in rows_in(folder)]


def test_each_conversation_has_a_row_and_is_submitted_within_the_limits_of_its_family(
    calls: Emulator, tmp_path: Path
) -> None:
    source = written(tmp_path / "calls.jsonl", turns(60))

    manifest = analyze(tmp_path, source=source, tasks=RECAP)

    rows = rows_in(tmp_path)
    assert [row["document_id"] for row in rows] == [f"c{number}" for number in range(60)]
    assert {(row["status"], row["kind"]) for row in rows} == {("ok", "ConversationalSummarizationTask")}
    assert [row["row_number"] for row in rows] == list(range(0, 120, 2))
    assert {row["source"] for row in rows} == {"calls.jsonl"}
    assert rows[0]["characters"] == sum(len(turn["text"]) for turn in call(0))
    assert (manifest["documents"], manifest["jobs"], paid(calls)) == (60, 3, 3)
    assert {entry.path for entry in calls.journal if entry.accepted} == {
        "/language/analyze-conversations/jobs"
    }
    assert manifest["text_records"]["charged"] == manifest["text_records"]["quoted"] == 60


def test_personal_data_is_looked_for_in_one_conversation_a_job_and_tables_tell_it_by_item(
    calls: Emulator, tmp_path: Path
) -> None:
    source = written(tmp_path / "calls.jsonl", turns(4))

    manifest = analyze(tmp_path, source=source, tasks=PII, tables_format="jsonl")

    assert (manifest["jobs"], manifest["ok"]) == (4, 4)
    found = records(tmp_path, "pii_entities")
    assert {(one["document_id"], one["item_id"]) for one in found} == {
        (f"c{number}", "1") for number in range(4)
    }
    assert "john2@example.com" in {one["text"] for one in found}
    assert manifest["tables"]["redacted_texts"] == 8
    assert [one["row_number"] for one in records(tmp_path, "documents")] == [0, 2, 4, 6]


def records(folder: Path, table: str) -> list[dict[str, Any]]:
    """The records of a table of JSON lines."""
    return [json.loads(line) for file in (folder / "out" / table).glob("*/*") for line in file.open()]


def test_the_personal_data_of_conversations_stays_out_of_rows_and_tables(
    calls: Emulator, tmp_path: Path
) -> None:
    source = written(tmp_path / "calls.jsonl", turns(2))

    analyze(tmp_path, source=source, tasks=PII, tables_format="jsonl", redacted_only=True)

    written_files = [file.read_text() for file in (tmp_path / "out").rglob("*") if file.is_file()]
    assert [text for text in written_files if "John Doe" in text or "@example.com" in text] == []
    assert {one["category"] for one in records(tmp_path, "pii_entities")} >= {"Email"}
    assert len(records(tmp_path, "redacted_texts")) == 4


def test_one_malformed_turn_makes_its_conversation_an_error_and_costs_the_others_nothing(
    calls: Emulator, tmp_path: Path
) -> None:
    without_text = [call(1)[0], {**call(1)[1], "text": None}]
    without_speaker = [{"conversation_id": "c2", "text": "Hello"}, *call(2)]
    amid = [call(3)[0], "{not json", call(3)[1]]
    domains = [{**turn, "domain": word} for turn, word in zip(call(4), ("finance", "generic"), strict=True)]
    long = [{"conversation_id": "long", "speaker": "agent", "text": "a" * 20_001} for _ in range(2)]
    silent = [{**turn, "text": " "} for turn in call(5)]
    source = written(
        tmp_path / "calls.jsonl",
        [*call(0), *without_text, *without_speaker, *amid, *domains, *long, *silent, *call(6)],
    )

    with pytest.raises(AirflowFailException, match="6 of 8 documents"):
        analyze(tmp_path, source=source, tasks=PII)

    assert told(tmp_path) == [
        ("c0", "ok", None),
        *((id_, "error", "InvalidDocument") for id_ in ("c1", "c2", "c3", "c4", "long", "c5")),
        ("c6", "ok", None),
    ]
    messages = [row["error_message"] for row in rows_in(tmp_path)]
    assert "lacks text" in messages[1]
    assert "lacks speaker" in messages[2]
    assert "not JSON" in messages[3]
    assert "several domains" in messages[4]
    assert "40002 characters in 2 turns; a job takes 40000" in messages[5]
    assert "is empty" in messages[6]
    assert paid(calls) == 2


def test_a_row_that_may_be_a_turn_of_either_of_two_conversations_is_left_out_of_neither(
    calls: Emulator, tmp_path: Path
) -> None:
    source = written(
        tmp_path / "calls.jsonl", ["[]", *call(0), *call(1), "{not json", *call(2), *call(3), '""']
    )

    with pytest.raises(AirflowFailException):
        analyze(tmp_path, source=source, tasks=PII)

    assert told(tmp_path) == [
        ("calls.jsonl#0", "error", "InvalidDocument"),
        *((f"c{number}", "error", "InvalidDocument") for number in range(4)),
    ]
    assert paid(calls) == 0


@pytest.mark.parametrize("repeated", ["fail", "qualify"])
def test_a_conversation_whose_turns_are_scattered_is_refused_and_not_cut(
    calls: Emulator, tmp_path: Path, repeated: Any
) -> None:
    first, second = call(0), call(1)
    source = written(tmp_path / "calls.jsonl", [first[0], second[0], first[1], second[1]])

    with pytest.raises(AirflowFailException, match="sort the source by conversation_id"):
        analyze(tmp_path, source=source, tasks=PII, repeated_ids=repeated)

    assert paid(calls) == 0


def test_conversations_of_several_files_may_have_the_same_ids_if_they_are_qualified(
    calls: Emulator, tmp_path: Path
) -> None:
    source = [written(tmp_path / f"{name}.jsonl", turns(2)) for name in "ab"]

    with pytest.raises(AirflowFailException, match="stands in the corpus more than once"):
        analyze(tmp_path, source=source, tasks=PII)
    analyze(tmp_path, TaskInstance(run_id="2"), source=source, tasks=PII, repeated_ids="qualify")

    assert [row["document_id"] for row in rows_in(tmp_path)] == [
        f"{name}.jsonl#c{number}" for name in "ab" for number in range(2)
    ]


def test_csv_with_columns_of_other_names_keeps_columns_of_the_first_turn(
    calls: Emulator, tmp_path: Path
) -> None:
    source = tmp_path / "calls.csv"
    with source.open("w", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(["call", "who", "said", "desk", "language"])
        for number in range(3):
            for turn in call(number):
                desk = f"desk {number}" if turn["speaker"] == "agent" else "none"
                writer.writerow([*turn.values(), desk, "en"])
    names: dict[str, Any] = {"id_column": "call", "speaker_column": "who", "text_column": "said"}

    analyze(tmp_path, source=str(source), tasks=PII, keep_columns=["desk"], delimiter=";", **names)

    rows = rows_in(tmp_path)
    assert [(row["document_id"], row["columns"]) for row in rows] == [
        (f"c{number}", {"desk": f"desk {number}"}) for number in range(3)
    ]
    assert {(row["status"], row["language"]) for row in rows} == {("ok", "en")}


def test_whole_conversations_a_line_may_have_columns_beside_them_and_no_id(
    calls: Emulator, tmp_path: Path
) -> None:
    items = [{"id": "first", "participantId": "a", "text": "I am John Doe."}]
    lines = [
        {"id": "w1", "language": "en", "conversationItems": items, "desk": 7},
        {"conversationItems": items, "desk": 8},
        {"id": "odd", "conversationItems": items, "unknown": 1},
        {"id": "long", "conversationItems": [{**items[0], "text": "a" * 40_001}]},
    ]
    source = written(tmp_path / "calls.jsonl", [*lines, *call(0)])

    with pytest.raises(AirflowFailException, match="2 of 5 documents"):
        analyze(tmp_path, source=source, tasks=PII, keep_columns={"desk": "int64"})

    assert told(tmp_path) == [
        ("w1", "ok", None),
        ("calls.jsonl#1", "ok", None),
        ("odd", "error", "InvalidDocument"),
        ("long", "error", "InvalidDocument"),
        ("c0", "ok", None),
    ]
    assert [row["columns"]["desk"] for row in rows_in(tmp_path)] == [7, 8, None, None, None]
    [item] = rows_in(tmp_path)[0]["result"]["conversationItems"]
    assert item["id"] == "first"


def test_a_trial_takes_whole_conversations(calls: Emulator, tmp_path: Path) -> None:
    source = written(tmp_path / "calls.jsonl", turns(5))

    assert analyze(tmp_path, source=source, tasks=PII, limit=2)["ok"] == 2
    assert [row["characters"] for row in rows_in(tmp_path)] == [
        sum(len(turn["text"]) for turn in call(number)) for number in range(2)
    ]


def test_conversations_that_cost_too_much_are_refused_before_anything_is_sent(
    calls: Emulator, tmp_path: Path
) -> None:
    source = written(tmp_path / "calls.jsonl", [*call(0, text="a" * 600), *call(1)])

    with pytest.raises(AirflowFailException, match="makes 3 text records, and max_text_records is 2"):
        analyze(tmp_path, source=source, tasks=RECAP, max_text_records=2)

    assert paid(calls) == 0


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"tasks": [*PII, "KeyPhraseExtraction"]}, "a corpus of its own"),
        ({"tasks": PII, "api_version": "2026-05-01"}, "no version of the API analyze-conversations"),
        ({"tasks": PII, "language": "auto"}, 'does not know the language "auto"'),
        ({"tasks": PII, "default_language": "en"}, "does not know default_language"),
    ],
)
def test_what_the_family_does_not_have_is_refused_before_anything_is_sent(
    calls: Emulator, tmp_path: Path, options: dict[str, Any], words: str
) -> None:
    with pytest.raises(AirflowFailException, match=words):
        analyze(tmp_path, source=written(tmp_path / "calls.jsonl", turns(2)), **options)

    assert paid(calls) == 0


def test_texts_are_not_taken_for_conversations(calls: Emulator, tmp_path: Path) -> None:
    source = written(tmp_path / "a.jsonl", [{"id": "a", "text": "Hello"}])

    with pytest.raises(AirflowFailException, match="no 'conversation_id'"):
        analyze(tmp_path, source=source, tasks=PII)


def test_a_text_file_is_no_conversation(calls: Emulator, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text("Hello")

    with pytest.raises(AirflowFailException, match="1 of 1 documents"):
        analyze(tmp_path, source=str(tmp_path / "in"), tasks=PII)

    assert "neither a turn nor a conversation" in rows_in(tmp_path)[0]["error_message"]


def test_an_aspect_that_needs_roles_fails_for_conversations_without_them_alone(
    calls: Emulator, tmp_path: Path
) -> None:
    nobody = [{**turn, "speaker": f"person {place}"} for place, turn in enumerate(call(0))]
    source = written(tmp_path / "calls.jsonl", [*nobody, *call(1)])
    issue = [ConversationalSummarization(summary_aspects=["issue"])]

    with pytest.raises(AirflowFailException):
        analyze(tmp_path, source=source, tasks=issue)

    assert told(tmp_path) == [("c0", "error", "InvalidDocument"), ("c1", "ok", None)]
    assert "needs the role agent or customer" in rows_in(tmp_path)[0]["error_message"]


def test_a_changed_turn_stops_a_retry(
    calls: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AIRFLOW__AZURE_LANGUAGE__DIGEST_KEY", "a-random-key-of-the-user")
    analyze(tmp_path, source=written(tmp_path / "calls.jsonl", turns(3)), tasks=PII)
    written(tmp_path / "calls.jsonl", [*turns(2), call(2)[0], {**call(2)[1], "text": "another text"}])

    with pytest.raises(AirflowFailException, match="The source has changed"):
        analyze(tmp_path, TaskInstance(try_number=2), source=str(tmp_path / "calls.jsonl"), tasks=PII)


def test_no_turn_is_told_but_in_rows(
    calls: Emulator, tmp_path: Path, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    source = written(
        tmp_path / "calls.jsonl", [*call(0, text=CANARY), {"conversation_id": "c1", "text": CANARY}]
    )
    ti = TaskInstance()

    with pytest.raises(AirflowFailException) as raised:
        analyze(tmp_path, ti, source=source, tasks=PII, redacted_only=True)

    journal = "".join(file.read_text() for file in (tmp_path / "out" / "_journal").rglob("*.jsonl"))
    manifest = json.dumps([manifest_in(tmp_path), ti.xcoms])
    assert CANARY not in journal + manifest + str(raised.value) + caplog.text + "".join(capsys.readouterr())


@pytest.mark.parametrize("effect", ["fail-job", "fail-tasks", "expired", "cancelled"])
def test_conversations_that_can_come_out_otherwise_are_submitted_again(
    calls: Emulator, tmp_path: Path, effect: Any
) -> None:
    operation: Any = "submit" if effect.startswith("fail") else "status"
    calls.faults.add(Fault(effect, operation=operation, times=2))

    manifest = analyze(tmp_path, source=written(tmp_path / "calls.jsonl", turns(60)), tasks=RECAP)

    assert (manifest["ok"], manifest["text_records"]["difference"]) == (60, 0)


def test_only_waiting_gives_the_worker_back(connect: Connect, tmp_path: Path) -> None:
    source = written(tmp_path / "calls.jsonl", turns(3))
    with Emulator(key=KEY, duration=3600) as slow:
        connect(slow.endpoint)

        with pytest.raises(TaskDeferred) as deferred:
            analyze(tmp_path, source=source, tasks=PII, deferrable=True, defer_after=0.2)

        locations = deferred.value.trigger.operation_locations
        assert len([one for one in locations if "/analyze-conversations/jobs/" in one]) == 3
        slow.clock.advance(3601)
        assert analyze(tmp_path, source=source, tasks=PII)["ok"] == 3
        assert paid(slow) == 3
