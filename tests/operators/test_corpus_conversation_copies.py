"""The redacted copy of conversations: each turn keeps its row, its form and its order, and no name."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from pyarrow import parquet

from airflow_provider_language._compat import AirflowFailException
from airflow_provider_language.emulator import Emulator
from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.operators.analyze import InspectFindingsOperator
from airflow_provider_language.running.corpus import row_texts
from airflow_provider_language.tasks import ConversationalPII, ConversationalSummarization
from tests.airflow_stands import KEY, TaskInstance, context_of
from tests.conftest import Connect
from tests.corpus_runs import analyze, manifest_in, paid, rows_in
from tests.operators.test_corpus_conversations import call, written
from tests.protocol.redaction.policies import KEY as REDACTION_KEY

NAME = "John Doe"
JOHN = REDACTION_KEY.pseudonym("Person", NAME)
POLICY: dict[str, Any] = {"version": 1, "default": "mask", "categories": {"Person": "pseudonym"}}
MISSED = ("Hello?", "it is john doe here")
SEEN = ("Hello.", f"My name is {NAME}.")
SPOKEN = {"lexical": "john doe", "itn": NAME, "maskedItn": NAME}


@pytest.fixture
def calls(connect: Connect, monkeypatch: pytest.MonkeyPatch) -> Iterator[Emulator]:
    """An emulator that analyzes conversations, and a key of pseudonyms."""
    monkeypatch.setenv("AIRFLOW__AZURE_LANGUAGE__REDACTION_KEY", REDACTION_KEY.secret.decode())
    with Emulator(key=KEY, duration=0) as running:
        connect(running.endpoint)
        yield running


def copied(folder: Path, ti: TaskInstance | None = None, **options: Any) -> dict[str, Any]:
    said = {"tasks": [ConversationalPII()], "redacted_copy": True, "max_failed_documents": 1.0, **options}
    manifest: dict[str, Any] = analyze(folder, ti, **said)["redacted_copy"]
    return manifest


def copy(folder: Path, name: str) -> bytes:
    [file] = (folder / "out" / "redacted").glob(f"*/{name}")
    return file.read_bytes()


def lines(folder: Path, name: str = "calls.jsonl") -> list[Any]:
    return [json.loads(line) for line in copy(folder, name).decode().splitlines()]


def shown(folder: Path) -> dict[tuple[str, str], str]:
    """The texts of items as the service redacts them, by conversation and item."""
    return {
        (row["document_id"], item["id"]): item["redactedContent"]["text"]
        for row in rows_in(folder)
        for item in row["result"]["conversationItems"]
    }


def audit(folder: Path) -> list[dict[str, Any]]:
    [file] = (folder / "out" / "redactions").glob("*/*.parquet")
    records: list[dict[str, Any]] = parquet.read_table(file).to_pylist()
    return records


def whole(id_: str, *items: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A conversation in the service's own words."""
    turns = [
        {"id": str(place), "participantId": "customer", "text": f"My name is {NAME}.", **item}
        for place, item in enumerate(items)
    ]
    return {"id": id_, "language": "en", "modality": "text", "conversationItems": turns, **more}


def test_turns_of_csv_are_redacted_by_the_service_and_all_other_cells_stay(
    calls: Emulator, tmp_path: Path
) -> None:
    head = "\ufeffn;call;who;said;note\r\n"
    rows = [("7", "c1", "agent", "Your name?", '"5"'), ("8", "c1", "customer", f'"{NAME}; hi"', "")]
    text = head + "".join(";".join(row) + "\r\n" for row in rows)
    (tmp_path / "calls.csv").write_bytes(text.encode())
    how: dict[str, Any] = {
        "delimiter": ";",
        "id_column": "call",
        "speaker_column": "who",
        "text_column": "said",
    }

    told = copied(tmp_path, source=str(tmp_path / "calls.csv"), **how)

    masked = shown(tmp_path)["c1", "1"]
    assert masked == "********; hi"
    expected = text.replace(f'"{NAME}; hi"', f'"{masked}"')
    assert copy(tmp_path, "calls.csv").decode() == expected
    assert told == {"path": told["path"], "files": 1, "rows": 2, "without_text": 0}


def test_turns_and_whole_conversations_are_redacted_by_a_policy_with_the_pseudonyms_of_texts(
    calls: Emulator, tmp_path: Path
) -> None:
    first = [json.dumps(turn, indent=None, separators=(" , ", " :  ")) for turn in call(1, stars=5)]
    second = json.dumps(whole("w", {}, {"text": "Fine."}))
    source = written(tmp_path / "calls.jsonl", [*first, second, *map(json.dumps, call(2))])

    told = copied(tmp_path, source=source, redaction_policy=POLICY)

    assert copy(tmp_path, "calls.jsonl").decode().splitlines() == [
        first[0],
        first[1].replace(NAME, JOHN).replace("john1@example.com", "*" * 17),
        second.replace(NAME, JOHN),
        json.dumps(call(2)[0]),
        json.dumps(call(2)[1]).replace(NAME, JOHN).replace("john2@example.com", "*" * 17),
    ]
    assert [(one["document_id"], one["item_id"], one["entity"], one["way"]) for one in audit(tmp_path)] == [
        ("c1", "1", 0, "pseudonym"),
        ("c1", "1", 1, "mask"),
        ("w", "0", 0, "pseudonym"),
        ("c2", "1", 0, "pseudonym"),
        ("c2", "1", 1, "mask"),
    ]
    assert (told["unfit"], told["redactions"], told["rows"], told["without_text"]) == (0, 5, 5, 0)


@pytest.mark.parametrize("policy", [None, POLICY])
def test_rows_without_what_was_found_give_the_same_copy(
    calls: Emulator, tmp_path: Path, policy: dict[str, Any] | None
) -> None:
    source = written(tmp_path / "calls.jsonl", [*call(1), whole("w", {})])
    how: dict[str, Any] = {"source": source, "redaction_policy": policy}
    copied(tmp_path / "all", **how)

    copied(tmp_path / "redacted", redacted_only=True, **how)

    assert lines(tmp_path / "redacted") == lines(tmp_path / "all")
    assert NAME not in str(lines(tmp_path / "all"))


def test_a_turn_that_was_ordered_by_its_time_is_copied_to_its_own_row(
    calls: Emulator, tmp_path: Path
) -> None:
    texts = [f"{NAME} speaking.", "Hello?", "Who is it?"]
    turns = [
        {"conversation_id": "c", "speaker": "a", "text": text, "time": time}
        for text, time in zip(texts, (3, 1, 2), strict=True)
    ]

    copied(tmp_path, source=written(tmp_path / "calls.jsonl", turns), redaction_policy=POLICY)

    assert lines(tmp_path) == [{**turns[0], "text": f"{JOHN} speaking."}, *turns[1:]]


@pytest.mark.parametrize("policy", [None, POLICY])
def test_no_form_of_a_transcript_keeps_a_name_nor_do_the_timings_of_its_words(
    calls: Emulator, tmp_path: Path, policy: dict[str, Any] | None
) -> None:
    words = [{"word": "john", "offset": 1, "duration": 1}, {"word": "doe", "offset": 2, "duration": 1}]
    item = {"text": NAME, **SPOKEN, "wordLevelTimings": words}
    turn = {"conversation_id": "c", "speaker": "a", "text": NAME, **SPOKEN, "word_level_timings": words}
    source = written(tmp_path / "calls.jsonl", [turn, whole("w", item, modality="transcript")])

    copied(tmp_path, source=source, redaction_policy=policy)

    content = copy(tmp_path, "calls.jsonl").decode()
    assert "john" not in content.lower().replace("person-", "")
    assert "doe" not in content.lower()
    of_turn, conversation = lines(tmp_path)
    [of_item] = conversation["conversationItems"]
    assert of_turn.keys() == turn.keys()
    assert of_item.keys() == {*item, "id", "participantId"}
    assert (of_turn["word_level_timings"], of_item["wordLevelTimings"]) == (None, None)
    assert {form: of_turn[form] for form in SPOKEN} == {form: of_item[form] for form in SPOKEN}
    assert None not in {of_item[form] for form in ("text", *SPOKEN)}


def test_a_conversation_without_a_result_keeps_its_rows_and_none_of_what_was_said(
    calls: Emulator, tmp_path: Path
) -> None:
    broken = [{**call(1)[0], "text": NAME}, {**call(1)[1], "speaker": None, "lexical": NAME}]
    refused = {"id": "w", "x": 1, "conversationItems": [{"text": NAME}]}
    nobodys = {"conversation_id": "", "text": NAME, "x": 1}
    rows = [*call(2), refused, *broken, NAME, nobodys]
    source = written(tmp_path / "calls.jsonl", [json.dumps(row) for row in rows] + ["{broken " + NAME])

    told = copied(tmp_path, source=source)

    assert lines(tmp_path) == [
        call(2)[0],
        {**call(2)[1], "text": shown_by(tmp_path, "c2", "1")},
        {**refused, "conversationItems": None},
        {**broken[0], "text": None},
        {**broken[1], "text": None, "lexical": None},
        None,
        {**nobodys, "text": None},
        {"text": None},
    ]
    assert told["without_text"] == manifest_in(tmp_path)["failed_documents"]
    assert NAME not in copy(tmp_path, "calls.jsonl").decode()


@pytest.mark.parametrize(
    "row",
    [
        {"conversation_id": "1", "speaker": "a", "text": NAME, "conversationItems": None},
        {"conversation_id": "1", "speaker": "a", "text": NAME, "lexical": NAME, "conversation_items": None},
        {"id": "1", "text": NAME, "conversationItems": [{"id": "0", "participantId": "a", "text": NAME}]},
        {"conversation_id": "1", "speaker": "a", "Text": NAME, "lexical": NAME},
    ],
)
def test_a_row_that_is_neither_a_turn_nor_a_conversation_keeps_nothing_of_what_was_said(
    calls: Emulator, tmp_path: Path, row: dict[str, Any]
) -> None:
    told = copied(tmp_path, source=written(tmp_path / "calls.jsonl", [*call(2), row, *call(3)]))

    assert (told["rows"], told["without_text"]) == (5, 1)
    assert NAME not in copy(tmp_path, "calls.jsonl").decode()


def test_a_table_with_whole_conversations_in_a_column_keeps_nothing_of_what_was_said(
    calls: Emulator, tmp_path: Path
) -> None:
    items = [{"id": "0", "participantId": "a", "text": NAME}]
    beside = {"conversation_id": ["1"], "speaker": ["a"], "text": [NAME]}
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.csv").write_text(f"conversation_id,speaker,text,conversationItems,n\n1,a,{NAME},{NAME},1\n")
    parquet.write_table(pa.table({**beside, "conversationItems": [items]}), folder / "b.parquet")

    told = copied(tmp_path, source=str(folder), repeated_ids="qualify")

    assert told["without_text"] == 2
    assert copy(tmp_path, "a.csv").decode().splitlines()[1:] == ["1,a,,,1"]
    (tmp_path / "copy.parquet").write_bytes(copy(tmp_path, "b.parquet"))
    again = parquet.read_table(tmp_path / "copy.parquet")
    assert again.to_pylist() == [
        {"conversation_id": "1", "speaker": "a", "text": None, "conversationItems": None}
    ]


@pytest.mark.parametrize(
    "options", [{}, {"redaction_policy": POLICY}, {"redaction_policy": POLICY, "second_pass": "apply"}]
)
def test_columns_that_are_carried_over_stay_beside_a_whole_conversation(
    calls: Emulator, tmp_path: Path, options: dict[str, Any]
) -> None:
    source = written(tmp_path / "calls.jsonl", [whole("w", {}, channel="phone")])

    told = copied(tmp_path, source=source, keep_columns=["channel"], **options)

    [line] = lines(tmp_path)
    assert (line["channel"], told["without_text"]) == ("phone", 0)
    assert NAME not in str(line)


def test_a_conversation_that_no_job_takes_is_copied_without_a_word_of_it(
    calls: Emulator, tmp_path: Path
) -> None:
    turn = {"conversation_id": "long", "speaker": "a", "text": NAME * 500, "n": 1}
    source = written(tmp_path / "calls.jsonl", [*call(1), *[turn] * 30, *call(2)])

    told = copied(tmp_path, source=source)

    assert lines(tmp_path)[2:32] == [{**turn, "text": None}] * 30
    assert [row["text"] for row in lines(tmp_path)[32:]] == [shown_by(tmp_path, "c2", n) for n in "01"]
    assert (told["rows"], told["without_text"]) == (34, 1)


def shown_by(folder: Path, conversation: str, item: str) -> str:
    [row] = [row for row in rows_in(folder) if row["document_id"] == conversation]
    [found] = [one for one in row["result"]["conversationItems"] if one["id"] == item]
    return str(found["redactedContent"]["text"])


def test_a_copy_of_a_limited_corpus_ends_with_its_last_conversation(calls: Emulator, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    written(folder / "a.jsonl", [*call(1), *call(2)])
    (folder / "b.jsonl.gz").write_bytes(
        gzip.compress("".join(json.dumps(row) + "\n" for row in [*call(3), *call(4)]).encode())
    )
    written(folder / "c.jsonl", call(5))

    told = copied(tmp_path, source=str(folder), limit=3)

    assert (told["files"], told["rows"]) == (2, 6)
    packed = gzip.decompress(copy(tmp_path, "b.jsonl.gz")).decode().splitlines()
    assert [json.loads(line)["conversation_id"] for line in packed] == ["c3", "c3"]


def test_turns_of_parquet_are_redacted_and_the_timings_of_words_are_empty_in_their_type(
    calls: Emulator, tmp_path: Path
) -> None:
    words = [[{"word": "john", "offset": 1, "duration": 1}], None]
    table = pa.table(
        {
            "conversation_id": ["c", "c"],
            "speaker": ["a", "b"],
            "text": pa.array([NAME, "Hello."], pa.large_string()),
            "lexical": ["john doe", "hello"],
            "itn": [NAME, "hello"],
            "masked_itn": [NAME, "hello"],
            "word_level_timings": words,
            "n": pa.array([1, 2], pa.int32()),
        }
    )
    parquet.write_table(table, tmp_path / "calls.parquet")

    copied(tmp_path, source=str(tmp_path / "calls.parquet"))

    (tmp_path / "copy.parquet").write_bytes(copy(tmp_path, "calls.parquet"))
    again = parquet.read_table(tmp_path / "copy.parquet")
    assert again.schema.equals(table.schema)
    rows = again.to_pylist()
    assert [row["n"] for row in rows] == [1, 2]
    assert (rows[1]["text"], rows[1]["lexical"], rows[0]["word_level_timings"]) == ("Hello.", "hello", None)
    assert NAME.lower() not in str(rows).lower()


@pytest.mark.parametrize("at", [1, 3])
def test_a_try_that_was_killed_amid_the_copy_is_followed_by_one_that_writes_the_same_and_pays_nothing(
    calls: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    source = written(tmp_path / "calls.jsonl", [turn for n in range(4) for turn in call(n)])
    copied(tmp_path / "calm", source=source, redaction_policy=POLICY)
    ti, seen, of = TaskInstance(try_number=1), [], row_texts.RowTexts.of

    def killed(self: row_texts.RowTexts, item: Any) -> Any:
        seen.append(item)
        if len(seen) == at:
            raise KeyboardInterrupt
        return of(self, item)

    with monkeypatch.context() as patched:
        patched.setattr(row_texts.RowTexts, "of", killed)
        with pytest.raises(KeyboardInterrupt):
            copied(tmp_path / "killed", ti, source=source, redaction_policy=POLICY)
    assert list((tmp_path / "killed" / "out").rglob("redacted/*/*")) == []
    accepted = paid(calls)
    ti.try_number = 2

    copied(tmp_path / "killed", ti, source=source, redaction_policy=POLICY)

    assert paid(calls) == accepted
    assert copy(tmp_path / "killed", "calls.jsonl") == copy(tmp_path / "calm", "calls.jsonl")
    assert len(audit(tmp_path / "killed")) == len(audit(tmp_path / "calm"))


def test_a_run_over_the_same_conversations_has_the_same_copy_and_pays_for_what_is_new_alone(
    calls: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AIRFLOW__AZURE_LANGUAGE__DIGEST_KEY", "0123456789abcdef")
    named = [whole('a"/../\u202e,b', {}, {"text": "Hello."}), *call(1)]
    source = written(tmp_path / "calls.jsonl", named)
    first = copied(tmp_path, TaskInstance(run_id="1"), source=source, redaction_policy=POLICY)
    accepted = paid(calls)
    written(tmp_path / "calls.jsonl", [*named, *call(2)])

    second = copied(tmp_path, TaskInstance(run_id="2"), source=source, redaction_policy=POLICY)

    assert paid(calls) == accepted + 1
    before, after = ((Path(one["path"]) / "calls.jsonl").read_text() for one in (first, second))
    assert JOHN in before
    assert after.startswith(before)
    assert (first["rows"], second["rows"], second["without_text"]) == (3, 5, 0)


def test_a_source_that_has_changed_has_no_copy(calls: Emulator, tmp_path: Path) -> None:
    source = Path(written(tmp_path / "calls.jsonl", [*call(1), *call(2)]))
    of = row_texts.rows_of

    def changing(*args: Any) -> Any:
        source.write_text(source.read_text().replace("May I", "May we"))
        return of(*args)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("airflow_provider_language.running.corpus.redacting.rows_of", changing)
        with pytest.raises(AirflowFailException, match="has changed since it was analyzed"):
            copied(tmp_path, source=str(source))

    assert list((tmp_path / "out").rglob("redacted/*/*")) == []


def test_a_name_that_was_missed_in_one_call_is_found_by_a_second_pass(
    calls: Emulator, tmp_path: Path
) -> None:
    missed = [{**turn, "text": text} for turn, text in zip(call(1), MISSED, strict=True)]
    found = [{**turn, "text": text} for turn, text in zip(call(2), SEEN, strict=True)]
    source = written(tmp_path / "calls.jsonl", [*missed, *found])
    copied(tmp_path / "once", source=source, redaction_policy=POLICY)
    places = {(one["document_id"], one["category"]) for one in audit(tmp_path / "once")}
    assert places == {("c2", "Person")}

    told = copied(tmp_path / "twice", source=source, redaction_policy=POLICY, second_pass="apply")

    assert [row["text"] for row in lines(tmp_path / "twice")] == [
        MISSED[0],
        MISSED[1].replace("john doe", JOHN),
        SEEN[0],
        SEEN[1].replace(NAME, JOHN),
    ]
    assert (told["second_pass"]["found"], told["second_pass"]["documents"]) == (1, 1)
    [again] = [one for one in audit(tmp_path / "twice") if one["found_by"] == "second_pass"]
    assert (again["document_id"], again["item_id"]) == ("c1", "1")


def test_tasks_that_find_no_places_are_refused_before_anything_is_sent(
    calls: Emulator, tmp_path: Path
) -> None:
    recap = ConversationalSummarization(summary_aspects=["recap"])
    with pytest.raises((InvalidInputError, AirflowFailException), match="ConversationalPIITask"):
        copied(tmp_path, source=written(tmp_path / "calls.jsonl", call(1)), tasks=[recap])

    assert not calls.journal


def test_personal_data_in_all_turns_is_inspected_before_it_is_redacted(
    calls: Emulator, tmp_path: Path
) -> None:
    told = analyze(
        tmp_path, source=written(tmp_path / "calls.jsonl", [*call(1), *call(2)]), tasks=[ConversationalPII()]
    )

    found = InspectFindingsOperator(task_id="look", results=told["path"]).execute(context_of())

    assert found["documents"] == 2
    assert [(one["category"], one["findings"], one["documents"]) for one in found["findings"]] == [
        ("Email", 2, 2),
        ("Person", 2, 2),
    ]
