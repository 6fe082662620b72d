"""AnalyzeCorpusOperator over and over: what was analyzed once is paid once, over runs and within one."""

from __future__ import annotations

import gzip
import json
import shutil
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from airflow_provider_language._compat import AirflowFailException
from airflow_provider_language.emulator import Fault
from airflow_provider_language.emulator.families import task_results
from airflow_provider_language.exceptions import (
    IncompleteInputError,
    InvalidInputError,
    ServiceUnavailableError,
)
from airflow_provider_language.operators.analyze import AnalyzeCorpusOperator
from airflow_provider_language.protocol.corpus import items
from airflow_provider_language.storage.runs.ledgers import Ledger
from tests.airflow_stands import TaskInstance
from tests.corpus_runs import TASKS, analyze, paid, write

if TYPE_CHECKING:
    from airflow_provider_language.emulator import Emulator

KEY = "0123456789abcdef"


@pytest.fixture(autouse=True)
def digest_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """The user's key, without which nothing is known again."""
    monkeypatch.setenv("AIRFLOW__AZURE_LANGUAGE__DIGEST_KEY", KEY)


def run(folder: Path, number: int, **options: Any) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """A run of its own; its manifest in short, and its rows."""
    manifest = analyze(folder, TaskInstance(run_id=str(number)), **options)
    parts = sorted(Path(manifest["path"]).glob("part-*.jsonl"))
    return manifest, [json.loads(line) for part in parts for line in part.read_text().splitlines()]


def told(rows: list[dict[str, Any]]) -> list[tuple[str, str, str]]:
    return [(row["document_id"], row["task"], row["status"]) for row in rows]


def test_a_second_run_over_the_same_documents_submits_nothing_and_repeats_no_row(
    language: Emulator, tmp_path: Path
) -> None:
    source = write(tmp_path / "a.jsonl", 60)
    first, _ = run(tmp_path, 1, source=source)
    jobs = paid(language)

    second, rows = run(tmp_path, 2, source=source)

    assert (paid(language), rows) == (jobs, [])
    assert (second["documents"], second["rows"], second["left_out"], second["complete"]) == (60, 0, 120, True)
    assert second["text_records"]["saved"] == first["text_records"]["charged"] == 120
    assert second["text_records"]["charged"] == second["text_records"]["difference"] == 0


def test_only_what_is_new_or_changed_is_submitted(language: Emulator, tmp_path: Path) -> None:
    run(tmp_path, 1, source=write(tmp_path / "a.jsonl", 60))
    jobs = paid(language)
    lines = (tmp_path / "a.jsonl").read_text().splitlines()
    lines[7] = json.dumps({"id": "id-7", "text": "changed"})
    (tmp_path / "a.jsonl").write_text("\n".join([*lines, json.dumps({"id": "new", "text": "new"})]))

    _, rows = run(tmp_path, 2, source=str(tmp_path / "a.jsonl"))

    assert paid(language) == jobs + 1
    assert [row["document_id"] for row in rows] == ["id-7"] * 2 + ["new"] * 2


def test_a_complete_run_has_all_rows_and_says_which_it_has_from_others(
    language: Emulator, tmp_path: Path
) -> None:
    source = write(tmp_path / "a.jsonl", 30)
    first, before = run(tmp_path, 1, source=source)
    jobs = paid(language)

    second, rows = run(tmp_path, 2, source=write(tmp_path / "a.jsonl", 31), rows="complete")

    assert paid(language) == jobs + 1
    assert told(rows[:60]) == told(before)
    assert [row["result"] for row in rows[:60]] == [row["result"] for row in before]
    assert [row.get("reused_from") for row in rows] == [Path(first["path"]).name] * 60 + [None] * 2
    assert {row["text_records"] for row in rows[:60]} == {0}
    assert (second["rows"], second["reused"], second["left_out"]) == (62, 60, 0)


def test_a_text_that_stands_twice_is_analyzed_once_and_has_rows_under_each_id(
    language: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(items.segments, "__kwdefaults__", {"most": 10, "characters": 10**9})
    lines = [json.dumps({"id": str(one), "text": f"text {one % 7}"}) for one in range(100)]
    (tmp_path / "a.jsonl").write_text("\n".join(lines))

    manifest, rows = run(tmp_path, 1, source=str(tmp_path / "a.jsonl"))

    assert paid(language) == 1
    assert Counter(row["status"] for row in rows) == {"ok": 200}
    assert [row["document_id"] for row in rows] == [str(one) for one in range(100) for _ in TASKS]
    assert {row["result"] == rows[0]["result"] for row in rows if int(row["document_id"]) % 7 == 0} == {
        True,
        False,
    }
    assert (manifest["reused"], manifest["text_records"]["charged"]) == (186, 14)
    assert manifest["text_records"]["difference"] == 0

    _, again = run(tmp_path, 2, source=str(tmp_path / "a.jsonl"))
    assert (again, paid(language)) == ([], 1)


def test_a_text_that_is_known_under_another_id_has_a_row_under_its_own(
    language: Emulator, tmp_path: Path
) -> None:
    (tmp_path / "a.jsonl").write_text('{"id": "1", "text": "fine"}\n')
    run(tmp_path, 1, source=str(tmp_path / "a.jsonl"))
    (tmp_path / "a.jsonl").write_text('{"id": "2", "text": "fine"}\n')

    _, rows = run(tmp_path, 2, source=str(tmp_path / "a.jsonl"))
    _, again = run(tmp_path, 3, source=str(tmp_path / "a.jsonl"))

    assert [(row["document_id"], row["status"], "reused_from" in row) for row in rows] == [
        ("2", "ok", True)
    ] * 2
    assert (again, paid(language)) == ([], 1)


def test_documents_without_a_result_are_submitted_again_by_the_next_run(
    language: Emulator, tmp_path: Path
) -> None:
    source = write(tmp_path / "a.jsonl", 3)
    fault = language.faults.add(Fault("fail-tasks", operation="submit", times=None))
    with pytest.raises(AirflowFailException, match="without a result"):
        run(tmp_path, 1, source=source)
    language.faults.remove(fault)
    jobs = paid(language)

    _, rows = run(tmp_path, 2, source=source)

    assert paid(language) == jobs + 1
    assert {row["status"] for row in rows} == {"ok"}
    assert len(rows) == 3  # the task that had failed; the other one's stay where they are


@pytest.mark.parametrize(
    "other",
    [
        {"tasks": ["KeyPhraseExtraction", "SentimentAnalysis", "EntityRecognition"]},
        {"language": "de"},
        {"api_version": "2024-11-01"},
        {"api_version": "2024-11-15-preview", "default_language": "de"},
    ],
    ids=str,
)
def test_what_is_asked_otherwise_is_not_known(
    language: Emulator, tmp_path: Path, other: dict[str, Any]
) -> None:
    source = write(tmp_path / "a.jsonl", 3)
    run(tmp_path, 1, source=source)
    jobs = paid(language)

    _, rows = run(tmp_path, 2, source=source, **other)

    assert paid(language) == jobs + 1
    assert len(rows) == (3 if "tasks" in other else 6)


def test_results_that_are_gone_are_analyzed_again(language: Emulator, tmp_path: Path) -> None:
    source = write(tmp_path / "a.jsonl", 3)
    first, _ = run(tmp_path, 1, source=source)
    shutil.rmtree(first["path"])

    for rows in (None, "complete"):
        jobs = paid(language)
        _, found = run(tmp_path, 2 if rows is None else 3, source=source, rows=rows)
        assert len(found) == 6
        assert paid(language) == jobs + (rows is None)


def test_a_run_that_is_started_over_pays_again_and_what_it_replaced_is_not_known(
    language: Emulator, tmp_path: Path
) -> None:
    run(tmp_path, 1, source=write(tmp_path / "a.jsonl", 3))
    other = write(tmp_path / "b.jsonl", 3, first=100)

    refreshed = TaskInstance(run_id="1", try_number=2, max_tries=1)
    assert analyze(tmp_path, refreshed, source=other, refresh=True)["rows"] == 6

    jobs = paid(language)
    _, rows = run(tmp_path, 2, source=str(tmp_path / "a.jsonl"))
    assert (len(rows), paid(language)) == (6, jobs + 1)


def test_a_run_that_replaces_others_has_all_rows(language: Emulator, tmp_path: Path) -> None:
    source = write(tmp_path / "a.jsonl", 5)
    first, _ = run(tmp_path, 1, source=source)

    _, rows = run(tmp_path, 2, source=source, if_exists="replace")
    _, again = run(tmp_path, 3, source=source, if_exists="replace")

    assert not Path(first["path"]).exists()
    assert (len(rows), len(again), paid(language)) == (10, 10, 1)


@pytest.mark.parametrize("asked", [{"if_exists": "replace"}, {"redacted_copy": True}], ids=str)
def test_a_run_that_relies_on_others_removes_none_of_them_and_copies_no_source(
    language: Emulator, tmp_path: Path, asked: dict[str, Any]
) -> None:
    tasks = ["PiiEntityRecognition"]
    first, _ = run(tmp_path, 1, source=write(tmp_path / "a.jsonl", 5), tasks=tasks)
    source = write(tmp_path / "a.jsonl", 6)
    run(tmp_path, 2, source=source, tasks=tasks)

    with pytest.raises(AirflowFailException, match="refresh=True"):
        run(tmp_path, 2, source=source, tasks=tasks, **asked)
    assert len(list(Path(first["path"]).glob("part-*"))) == 1

    refreshed = TaskInstance(run_id="2", try_number=2, max_tries=1)
    again = analyze(tmp_path, refreshed, source=source, tasks=tasks, refresh=True, **asked)
    assert (again["rows"], again["reused"], again["left_out"]) == (6, 5, 0)


def test_a_ledger_that_two_destinations_share_pays_once_and_gives_each_its_rows(
    language: Emulator, tmp_path: Path
) -> None:
    source = write(tmp_path / "a.jsonl", 5)
    ledger = str(tmp_path / "shared")

    rows = [
        len(run(tmp_path, number, source=source, ledger=ledger, destination=str(tmp_path / name))[1])
        for number, name in enumerate(("a", "b", "a", "b"))
    ]

    assert (rows, paid(language)) == ([10, 10, 0, 0], 1)


def test_a_retry_collects_what_it_has_submitted_and_leaves_out_what_is_known(
    language: Emulator, tmp_path: Path
) -> None:
    run(tmp_path, 1, source=write(tmp_path / "a.jsonl", 30))
    jobs = paid(language)
    source = write(tmp_path / "a.jsonl", 90)
    fault = language.faults.add(Fault("error", operation="status", nth=2, times=None))
    with pytest.raises(ServiceUnavailableError):
        run(tmp_path, 2, source=source, tolerance=0)
    language.faults.remove(fault)

    manifest = analyze(tmp_path, TaskInstance(run_id="2", try_number=2), source=source)

    assert paid(language) == jobs + 3
    assert (manifest["rows"], manifest["left_out"]) == (120, 60)


def test_without_a_digest_key_every_document_is_submitted(
    language: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.delenv("AIRFLOW__AZURE_LANGUAGE__DIGEST_KEY")
    source = write(tmp_path / "a.jsonl", 3)

    rows = [run(tmp_path, number, source=source)[1] for number in (1, 2)]

    assert (len(rows[1]), paid(language)) == (6, 2)
    assert "no digest key" in caplog.text
    with pytest.raises(AirflowFailException, match="digest_key"):
        run(tmp_path, 3, source=source, ledger=str(tmp_path / "ledger"))


def test_a_digest_key_that_cannot_be_read_ends_the_try_before_all_is_paid_again(
    language: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AIRFLOW__AZURE_LANGUAGE__DIGEST_KEY")
    monkeypatch.setenv("AIRFLOW__AZURE_LANGUAGE__DIGEST_KEY_CONN_ID", "nowhere")

    with pytest.raises(IncompleteInputError, match="'nowhere'"):
        run(tmp_path, 1, source=write(tmp_path / "a.jsonl", 3))
    assert paid(language) == 0


def test_a_switched_off_ledger_knows_nothing_and_learns_nothing(language: Emulator, tmp_path: Path) -> None:
    source = write(tmp_path / "a.jsonl", 3)
    for number in (1, 2):
        run(tmp_path, number, source=source, ledger=False)

    assert paid(language) == 2
    assert not (tmp_path / "out" / "_ledger").exists()


def test_rows_of_new_documents_alone_are_refused_where_all_are_needed() -> None:
    for needs in ({"if_exists": "replace"}, {"redacted_copy": True}):
        with pytest.raises(InvalidInputError, match='rows="complete"'):
            AnalyzeCorpusOperator(
                task_id="t", source="/a", tasks=TASKS, destination="/b", rows="new", **needs
            )


def test_neither_ledger_nor_journal_has_a_text_or_an_unkeyed_digest(
    language: Emulator, tmp_path: Path
) -> None:
    (tmp_path / "a.jsonl").write_text('{"id": "Anna Meyer", "text": "Anna Meyer, 555-0134"}\n')
    run(tmp_path, 1, source=str(tmp_path / "a.jsonl"))

    content = b"".join(
        gzip.decompress(file.read_bytes()) for file in (tmp_path / "out" / "_ledger").rglob("*.jsonl.gz")
    )
    assert content
    assert b"Anna" not in content


def test_a_ledger_that_was_compacted_knows_each_id_of_a_text_and_each_destination(
    language: Emulator, tmp_path: Path
) -> None:
    (tmp_path / "a.jsonl").write_text("".join(f'{{"id": "{one}", "text": "same"}}\n' for one in range(5)))
    asked = {"source": str(tmp_path / "a.jsonl"), "ledger": str(tmp_path / "ledger")}
    for number, name in enumerate(("a", "b")):
        run(tmp_path, number, destination=str(tmp_path / name), **asked)

    ledger = Ledger(str(tmp_path / "ledger"))
    for task in (tmp_path / "ledger").iterdir():
        ledger.compact(task.name, least=2)
        assert len(list(task.iterdir())) == 1

    rows = [run(tmp_path, 2 + n, destination=str(tmp_path / name), **asked)[1] for n, name in enumerate("ab")]
    assert (rows, paid(language)) == ([[], []], 1)


def models(monkeypatch: pytest.MonkeyPatch, version: str) -> None:
    """Have the service judge by another model from here on."""
    monkeypatch.setattr(task_results, "MODEL_VERSION", version)


@pytest.mark.parametrize("on_model_change", ["ignore", "warn", "fail"])
def test_that_another_model_has_judged_is_told_as_it_was_asked(
    language: Emulator,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    on_model_change: str,
) -> None:
    models(monkeypatch, "2026-01-01")
    run(tmp_path, 1, source=write(tmp_path / "a.jsonl", 3))
    models(monkeypatch, "2026-02-02")
    source = write(tmp_path / "a.jsonl", 4)

    if on_model_change == "fail":
        with pytest.raises(AirflowFailException, match="2026-02-02 after 2026-01-01"):
            run(tmp_path, 2, source=source, on_model_change=on_model_change)
    else:
        run(tmp_path, 2, source=source, on_model_change=on_model_change)

    told = "Other models have judged than before" in caplog.text
    assert told == (on_model_change != "ignore")
    manifests = [json.loads(one.read_text()) for one in (tmp_path / "out").rglob("_manifest.json")]
    assert sorted(len(one["model_changes"]) for one in manifests) == [0, 2]
    assert all(one["complete"] for one in manifests)


def test_after_a_model_has_changed_later_runs_analyze_anew_what_others_have_judged(
    language: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    models(monkeypatch, "2026-01-01")
    run(tmp_path, 1, source=write(tmp_path / "a.jsonl", 3))
    models(monkeypatch, "2026-02-02")
    source = write(tmp_path / "a.jsonl", 4)

    rows = [len(run(tmp_path, number, source=source, on_model_change="refresh")[1]) for number in (2, 3, 4)]

    assert rows == [2, 6, 0]
    assert len(run(tmp_path, 5, source=source, on_model_change="refresh", rows="complete")[1]) == 8
    assert paid(language) == 3
