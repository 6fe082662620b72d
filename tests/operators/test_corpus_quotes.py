"""What a corpus will cost is told before anything is sent; how many documents failed, when all has landed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from airflow_provider_language._compat import AirflowFailException
from airflow_provider_language.emulator import Emulator, Fault
from airflow_provider_language.exceptions import InvalidInputError, ServiceUnavailableError
from airflow_provider_language.operators.analyze import AnalyzeCorpusOperator
from tests.airflow_stands import CANARY, TaskInstance
from tests.corpus_runs import TASKS, analyze, manifest_in, paid, rows_in, write

if TYPE_CHECKING:
    from tests.conftest import Connect

ONE = ["KeyPhraseExtraction"]


def odd(path: Path) -> str:
    """Write a corpus with a long document and two that cannot be analyzed."""
    rows: list[Any] = [{"id": f"id-{number}", "text": CANARY, "language": "en"} for number in range(30)]
    rows += [{"id": "long", "text": f"{CANARY} " * 2_000}, {"id": "empty", "text": ""}, 7]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return str(path)


def test_a_plan_tells_what_a_run_does_and_sends_nothing(
    language: Emulator, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    source = odd(tmp_path / "a.jsonl")
    caplog.set_level("INFO")
    plan = analyze(tmp_path, source=source, plan_only=True, price_per_thousand_records=2)

    assert language.journal.count("POST", "/") == paid(language) == 0
    assert [file for file in (tmp_path / "out").rglob("*") if file.is_file()] == [Path(plan["plan"])]
    whole = json.loads(Path(plan["plan"]).read_text())
    assert plan["text_records"] == whole["text_records"]
    assert len(json.dumps(plan)) < 2048
    assert CANARY not in json.dumps([plan, whole]) + caplog.text
    assert caplog.text.index("::group::Quote: 33 documents") < caplog.text.index("::endgroup::")

    manifest = analyze(
        tmp_path, source=source, price_per_thousand_records=2, max_failed_documents=2, if_exists="fail"
    )
    told = manifest_in(tmp_path)
    assert told["quote"] == whole
    assert manifest["jobs"] == plan["jobs"]
    assert manifest["text_records"]["quoted"] == manifest["text_records"]["charged"] == plan["text_records"]
    assert told["cost"] == {
        "price_per_thousand_records": 2,
        "quoted": plan["cost"],
        "charged": plan["cost"],
    }
    assert manifest["failed_documents"] == plan["refused"] == 2


def test_a_plan_of_another_run_is_no_result_of_it(language: Emulator, tmp_path: Path) -> None:
    source = write(tmp_path / "a.jsonl", 3)
    analyze(tmp_path, TaskInstance(run_id="1"), source=source, plan_only="true")

    manifest = analyze(tmp_path, TaskInstance(run_id="2"), source=source, if_exists="fail", plan_only="False")

    assert manifest["complete"]


def test_a_plan_needs_no_service(tmp_path: Path, connect: Connect) -> None:
    connect("http://127.0.0.1:9")

    plan = analyze(
        tmp_path, source=write(tmp_path / "a.jsonl", 26), tasks=ONE, plan_only=True, max_text_records=5
    )

    assert (plan["documents"], plan["jobs"], plan["max_text_records"]) == (26, 2, 5)


@pytest.mark.parametrize("said", ["", "None", "yes", None, 2])
def test_what_does_not_say_whether_to_plan_is_not_paid_for(
    language: Emulator, tmp_path: Path, said: Any
) -> None:
    source = write(tmp_path / "a.jsonl", 3)
    operator = AnalyzeCorpusOperator(
        task_id="a", source=source, tasks=TASKS, destination=str(tmp_path / "out")
    )
    operator.plan_only = said  # as a template has made of it

    with pytest.raises(InvalidInputError, match="plan_only is"):
        assert operator.is_planned_alone


def test_a_price_below_nothing_is_refused(language: Emulator, tmp_path: Path) -> None:
    with pytest.raises(AirflowFailException, match="below 0"):
        analyze(tmp_path, source=write(tmp_path / "a.jsonl", 3), price_per_thousand_records=-1)


@pytest.mark.parametrize("allowed", [2, 0.07, "2", "0.07"])
def test_as_many_documents_as_are_allowed_may_fail(language: Emulator, tmp_path: Path, allowed: Any) -> None:
    manifest = analyze(tmp_path, source=odd(tmp_path / "a.jsonl"), max_failed_documents=allowed)

    assert (manifest["failed_documents"], manifest["error"]) == (2, 4)


@pytest.mark.parametrize(("allowed", "told"), [(1, "more than 1:"), (0.05, "more than a share of 0.05")])
def test_one_document_more_fails_the_task_when_all_has_landed(
    language: Emulator, tmp_path: Path, allowed: Any, told: str
) -> None:
    with pytest.raises(AirflowFailException, match=f"2 of 33 documents .* {told}"):
        analyze(tmp_path, source=odd(tmp_path / "a.jsonl"), max_failed_documents=allowed)

    assert manifest_in(tmp_path)["complete"]


def test_a_document_that_fails_in_one_task_of_several_counts_once_over_all_tries(
    language: Emulator, tmp_path: Path
) -> None:
    source = write(tmp_path / "a.jsonl", 60)
    failing = language.faults.add(Fault("fail-tasks", operation="submit", times=None))
    broken = language.faults.add(Fault("error", operation="status", nth=3, times=None))
    with pytest.raises(ServiceUnavailableError):
        analyze(tmp_path, source=source, tolerance=0, max_failed_documents=1.0)
    language.faults.remove(broken)

    manifest = analyze(tmp_path, TaskInstance(try_number=2), source=source, max_failed_documents=1.0)
    language.faults.remove(failing)

    failed = {row["document_id"] for row in rows_in(tmp_path) if row["status"] != "ok"}
    assert (manifest["failed_documents"], manifest["error"]) == (len(failed), 60) == (60, 60)


def test_a_run_that_meets_its_bound_while_healing_keeps_what_has_landed_and_goes_on_with_a_higher_one(
    language: Emulator, tmp_path: Path
) -> None:
    source = write(tmp_path / "a.jsonl", 10_025)
    language.faults.add(Fault("fail-tasks", operation="submit", times=1))
    with pytest.raises(AirflowFailException, match="nothing more is submitted"):
        analyze(tmp_path, source=source, tasks=ONE, max_text_records=10_025, tables_format=None)

    told = manifest_in(tmp_path)
    assert not told["complete"]
    assert (told["text_records"]["charged"], told["text_records"]["healed"]) == (10_025, 0)
    [results] = (tmp_path / "out" / "results").iterdir()
    assert sorted(one.name for one in results.glob("part-*")) == told["parts"]
    landed = {row["document_id"]: row["status"] for row in rows_in(tmp_path)}
    assert len(landed) == told["documents"]
    assert set(landed.values()) <= {"ok"}
    assert not (results / "_SUCCESS").exists()

    again = TaskInstance(try_number=2)
    manifest = analyze(
        tmp_path, again, source=source, tasks=ONE, max_text_records=10_050, tables_format=None, report=False
    )
    assert (manifest["complete"], manifest["ok"], manifest["failed_documents"]) == (True, 10_025, 0)
    assert manifest["text_records"]["healed"] == 25
    assert paid(language) == 402
