"""A corpus in one task: every document comes out once per task, whatever files and service are like."""

from __future__ import annotations

import gzip
import json
import os
import random
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from airflow_provider_language._compat import AirflowFailException
from airflow_provider_language.emulator import Emulator, Fault
from airflow_provider_language.exceptions import InvalidInputError, ServiceUnavailableError
from airflow_provider_language.operators.analyze import AnalyzeCorpusOperator
from airflow_provider_language.tasks import SentimentAnalysis
from tests.airflow_stands import CANARY, KEY, TaskDeferred, TaskInstance, context_of
from tests.corpus_runs import TASKS, Hurried, analyze, lasting, manifest_in, paid, rows_in, write
from tests.draws import draws
from tests.emulator.fakes import fake_detect, fake_engines

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Connect

PATIENCE = 120
"""Seconds after which what is waited for has failed."""


def test_every_document_has_a_row_per_task_in_the_order_of_the_source(
    language: Emulator, tmp_path: Path
) -> None:
    manifest = analyze(tmp_path, source=write(tmp_path / "a.jsonl", 260))

    rows = rows_in(tmp_path)
    assert [(row["document_id"], row["kind"]) for row in rows] == [
        (f"id-{number}", kind) for number in range(260) for kind in TASKS
    ]
    assert {row["status"] for row in rows} == {"ok"}
    assert manifest["complete"]
    assert (manifest["documents"], manifest["rows"], manifest["jobs"]) == (260, 520, 11)
    assert manifest["text_records"]["charged"] == manifest["text_records"]["quoted"] == 520
    assert paid(language) == 11


def test_files_folders_globs_and_csv_are_one_corpus(language: Emulator, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    (folder / "deep").mkdir(parents=True)
    write(folder / "a.jsonl", 3)
    (folder / "deep" / "b.jsonl.gz").write_bytes(gzip.compress(b'{"text": "no id"}\n"a text"\n'))
    (folder / "deep" / "c.txt").write_text("a letter")
    (folder / "_hidden.jsonl").write_text("not read")
    csv = tmp_path / "d.csv"
    csv.write_text("id,text\nx,one\ny,two\n")

    analyze(tmp_path, source=[str(folder), str(tmp_path / "*.csv")], tasks=["KeyPhraseExtraction"])

    assert [row["document_id"] for row in rows_in(tmp_path)] == [
        *("id-0", "id-1", "id-2", "deep/b.jsonl.gz#0", "deep/b.jsonl.gz#1", "deep/c.txt", "x", "y"),
    ]


def test_odd_rows_are_errors_and_cost_the_others_nothing(language: Emulator, tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    lines = [b'{"id": "good", "text": "fine"}', b"{not json", b'{"id": "empty", "text": " "}', b'"\xff"']
    lines += [b'{"id": "none", "text": null}', json.dumps({"id": "long", "text": "a" * 125_001}).encode()]
    lines += [b'{"id": "half", "text": "\\ud800"}', b'{"id": "last", "text": "fine"}']
    file.write_bytes(b"\n".join(lines))

    with pytest.raises(AirflowFailException, match="6 of 8 documents"):
        analyze(tmp_path, source=str(file), tasks=["KeyPhraseExtraction"], split_documents=False)

    assert [(row["document_id"], row["status"], row["error_code"]) for row in rows_in(tmp_path)] == [
        ("good", "ok", None),
        ("a.jsonl#1", "error", "InvalidDocument"),
        ("empty", "error", "InvalidDocument"),
        ("a.jsonl#3", "error", "InvalidDocument"),
        ("a.jsonl#4", "error", "InvalidDocument"),
        ("long", "error", "InvalidDocument"),
        ("half", "error", "InvalidDocument"),
        ("last", "ok", None),
    ]
    assert paid(language) == 1
    assert manifest_in(tmp_path)["complete"]


def test_an_id_that_says_nothing_is_none_and_its_document_is_known_by_its_place(
    language: Emulator, tmp_path: Path
) -> None:
    ids = ["", "null", " ", None, "0"]
    lines = [json.dumps({"id": id_, "text": f"text {number}"}) for number, id_ in enumerate(ids)]
    (tmp_path / "a.jsonl").write_text("\n".join(lines))

    analyze(tmp_path, source=str(tmp_path / "a.jsonl"), tasks=["KeyPhraseExtraction"])

    found = [row["document_id"] for row in rows_in(tmp_path)]
    assert found == ["a.jsonl#0", "a.jsonl#1", "a.jsonl#2", "a.jsonl#3", "0"]


def test_a_file_whose_columns_are_called_otherwise_is_refused_before_anything_is_sent(
    language: Emulator, tmp_path: Path
) -> None:
    (tmp_path / "a.jsonl").write_text('{"review_id": "1", "review_text": "fine"}\n')

    with pytest.raises(AirflowFailException, match="text_column='review_text'"):
        analyze(tmp_path, source=str(tmp_path / "a.jsonl"))

    assert paid(language) == 0


def test_ids_that_repeat_are_refused_or_qualified_by_their_file(language: Emulator, tmp_path: Path) -> None:
    source = [write(tmp_path / "a.jsonl", 2), write(tmp_path / "b.jsonl", 2)]

    with pytest.raises(AirflowFailException, match="'id-0' stands in the corpus more than once"):
        analyze(tmp_path, source=source)
    analyze(
        tmp_path,
        TaskInstance(run_id="2"),
        source=source,
        tasks=["KeyPhraseExtraction"],
        repeated_ids="qualify",
    )

    assert [row["document_id"] for row in rows_in(tmp_path)] == [
        f"{name}.jsonl#id-{number}" for name in "ab" for number in range(2)
    ]


def test_a_trial_takes_the_first_documents_only(language: Emulator, tmp_path: Path) -> None:
    assert analyze(tmp_path, source=write(tmp_path / "a.jsonl", 260), limit=30)["documents"] == 30
    assert paid(language) == 2


def test_a_corpus_that_costs_too_much_is_refused_before_anything_is_sent(
    language: Emulator, tmp_path: Path
) -> None:
    source = write(tmp_path / "a.jsonl", 260)

    with pytest.raises(AirflowFailException, match="520 text records, and max_text_records is 519"):
        analyze(tmp_path, source=source, max_text_records=519)

    assert paid(language) == 0
    assert analyze(tmp_path, source=source, max_text_records=520)["ok"] == 520


@pytest.mark.parametrize("effect", ["fail-job", "fail-tasks", "expired", "cancelled"])
def test_what_can_come_out_otherwise_is_submitted_again(
    language: Emulator, tmp_path: Path, effect: Any
) -> None:
    operation: Any = "submit" if effect.startswith("fail") else "status"
    language.faults.add(Fault(effect, operation=operation, times=2))

    manifest = analyze(tmp_path, source=write(tmp_path / "a.jsonl", 60))

    assert (manifest["ok"], manifest["documents"]) == (120, 60)
    charged = manifest["text_records"]
    assert charged["difference"] == 0
    assert (charged["healed"] > 0) or effect == "cancelled"


def test_what_fails_again_and_again_is_an_error_after_three_rounds(
    language: Emulator, tmp_path: Path
) -> None:
    language.faults.add(Fault("fail-tasks", operation="submit", times=None))

    with pytest.raises(AirflowFailException, match="3 of 3 documents are without a result"):
        analyze(tmp_path, source=write(tmp_path / "a.jsonl", 3))

    assert paid(language) == 4
    assert {row["error_code"] for row in rows_in(tmp_path)} == {None, "InternalServerError"}


def test_a_retry_goes_on_and_pays_nothing_again(language: Emulator, tmp_path: Path) -> None:
    source = write(tmp_path / "a.jsonl", 200)
    fault = language.faults.add(Fault("error", operation="status", nth=3, times=None))

    with pytest.raises(ServiceUnavailableError):
        analyze(tmp_path, source=source, tolerance=0)
    assert not manifest_in(tmp_path)["complete"]
    language.faults.remove(fault)
    manifest = analyze(tmp_path, TaskInstance(try_number=2), source=source)

    assert (paid(language), manifest["jobs"]) == (8, 8)
    assert manifest["ok"] == 400
    assert manifest["complete"]


def test_a_lost_submission_fails_for_good_if_it_is_to_and_a_clear_submits_again(
    language: Emulator, tmp_path: Path
) -> None:
    source = write(tmp_path / "a.jsonl", 60)
    language.faults.add(Fault("lost", operation="submit", after=True))

    with pytest.raises(AirflowFailException, match="billed"):
        analyze(tmp_path, source=source, on_lost_submission="fail")
    manifest = analyze(
        tmp_path, TaskInstance(try_number=2, max_tries=2), source=source, on_lost_submission="fail"
    )

    assert (manifest["ok"], manifest["lost_submissions"]) == (120, 1)
    assert paid(language) == 4


def test_what_a_killed_try_left_unknown_fails_once_if_it_is_to(language: Emulator, tmp_path: Path) -> None:
    source = write(tmp_path / "a.jsonl", 60)
    language.faults.add(Fault("error", operation="status", times=None))
    with pytest.raises(ServiceUnavailableError):
        analyze(tmp_path, source=source, tolerance=0)
    language.faults.clear()
    [journal] = (tmp_path / "out" / "_journal").glob("*/*")
    unknown = [
        line
        for file in sorted(journal.iterdir())
        for line in file.read_text().splitlines()
        if "intended" in line
    ]
    (journal / f"{1:06}-{99:09}.jsonl").write_text(unknown[0] + "\n")

    for attempt in (2, 3):
        again = TaskInstance(try_number=attempt, max_tries=attempt)
        if attempt == 2:
            with pytest.raises(AirflowFailException, match="1 jobs that an earlier try submitted"):
                analyze(tmp_path, again, source=source, on_lost_submission="fail")
        else:
            assert analyze(tmp_path, again, source=source, on_lost_submission="fail")["lost_submissions"] == 1


def test_the_same_run_once_more_asks_nobody(language: Emulator, tmp_path: Path) -> None:
    source = write(tmp_path / "a.jsonl", 60)
    first = analyze(tmp_path, source=source)
    before = len(language.journal)

    assert analyze(tmp_path, TaskInstance(try_number=2, max_tries=2), source=source) == first
    assert len(language.journal) == before


def test_a_run_that_is_refreshed_starts_over_and_its_retry_goes_on(
    language: Emulator, tmp_path: Path
) -> None:
    source = write(tmp_path / "a.jsonl", 60)
    analyze(tmp_path, source=source)
    cleared = TaskInstance(try_number=2, max_tries=2)
    analyze(tmp_path, cleared, source=source, refresh=True)
    assert paid(language) == 6

    analyze(tmp_path, TaskInstance(try_number=3, max_tries=2), source=source, refresh="True")

    assert paid(language) == 6


def test_after_a_run_was_refreshed_its_own_results_are_gone_on_with(
    language: Emulator, tmp_path: Path
) -> None:
    source = write(tmp_path / "a.jsonl", 60)
    analyze(tmp_path, source=source)
    analyze(tmp_path, TaskInstance(try_number=2, max_tries=2), source=source, refresh=True, limit=10)

    later = analyze(tmp_path, TaskInstance(try_number=3, max_tries=3), source=source, limit=10)

    assert (later["documents"], len(rows_in(tmp_path))) == (10, 20)
    assert paid(language) == 4


def test_parts_that_somebody_removed_do_not_pass_for_landed(language: Emulator, tmp_path: Path) -> None:
    source = write(tmp_path / "a.jsonl", 3)
    [part] = Path(analyze(tmp_path, source=source)["path"]).glob("part-*")
    part.unlink()

    with pytest.raises(AirflowFailException, match=r"part-00000\.jsonl among them"):
        analyze(tmp_path, TaskInstance(try_number=2), source=source)


def test_a_later_try_takes_the_run_over(
    endless: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("airflow_provider_language.running.corpus.loop.CHECKED", 0.1)
    source = write(tmp_path / "a.jsonl", 3)

    def later() -> None:
        while not (journals := list((tmp_path / "out" / "_journal").glob("*/*"))) or paid(endless) < 1:
            time.sleep(0.01)
        (journals[0] / f"{2:06}-{0:09}.jsonl").write_text("")

    with ThreadPoolExecutor() as threads:
        done = threads.submit(later)
        with pytest.raises(AirflowFailException, match="Try 2 of this task has taken the run over"):
            analyze(tmp_path, source=source)
        done.result()


@pytest.mark.parametrize("key", [None, "a-random-key-of-the-user"])
def test_a_source_that_has_changed_stops_a_retry(
    language: Emulator, tmp_path: Path, key: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    if key:
        monkeypatch.setenv("AIRFLOW__AZURE_LANGUAGE__DIGEST_KEY", key)
    source = write(tmp_path / "a.jsonl", 60)
    analyze(tmp_path, source=source)
    changed = Path(source).read_text().replace("text 7", "another text")
    Path(source).write_text(changed if key else changed.replace("id-7", "id-x"))

    with pytest.raises(
        AirflowFailException, match="The source has changed since this run read it: segment 0"
    ):
        analyze(tmp_path, TaskInstance(try_number=2), source=source)


def test_a_run_lands_beside_another_one_replaces_it_or_is_refused(language: Emulator, tmp_path: Path) -> None:
    source = write(tmp_path / "a.jsonl", 3)
    analyze(tmp_path, TaskInstance(run_id="1"), source=source)
    analyze(tmp_path, TaskInstance(run_id="2"), source=source)
    assert len(rows_in(tmp_path)) == 12

    with pytest.raises(AirflowFailException, match="There are results of another run"):
        analyze(tmp_path, TaskInstance(run_id="3"), source=source, if_exists="fail")
    analyze(tmp_path, TaskInstance(run_id="4"), source=source, if_exists="replace")

    assert len(rows_in(tmp_path)) == 6


def test_instances_of_a_mapped_task_and_other_tasks_are_not_replaced(
    language: Emulator, tmp_path: Path
) -> None:
    def one(run_id: str, map_index: int = -1, task_id: str = "task") -> None:
        ti = TaskInstance(run_id=run_id, map_index=map_index, task_id=task_id)
        analyze(tmp_path, ti, source=source, tasks=["KeyPhraseExtraction"], if_exists="replace")

    source = write(tmp_path / "a.jsonl", 1)
    one("1", 0)
    one("1", task_id="another")
    one("2", 0)
    one("2", 1)

    assert len(rows_in(tmp_path)) == 3


@pytest.mark.parametrize("source", [[], [None], "", ["", "/nowhere.jsonl"]])
def test_no_source_is_no_empty_corpus(language: Emulator, tmp_path: Path, source: Any) -> None:
    with pytest.raises((AirflowFailException, InvalidInputError)):
        analyze(tmp_path, source=source)

    assert not list((tmp_path / "out").rglob("_SUCCESS"))


@pytest.mark.parametrize(
    "options", [{"max_unknown": 0}, {"max_active_jobs": -1}, {"limit": 0}, {"limit": -1}, {"limit": "1.5"}]
)
def test_bounds_that_mean_nothing_are_refused(language: Emulator, tmp_path: Path, options: Any) -> None:
    source = write(tmp_path / "a.jsonl", 1)

    with pytest.raises((AirflowFailException, InvalidInputError), match=f"{next(iter(options))} is"):
        analyze(tmp_path, source=source, **options)


def test_a_text_in_the_place_of_a_source_is_shown_nowhere(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    operator = Hurried(task_id="task", source="{{ params.x }}", tasks=TASKS, destination=str(tmp_path))

    with pytest.raises(AirflowFailException, match="source is a text of") as raised:
        operator.source = [f"{CANARY} is great.", "another"]

    assert CANARY not in str(raised.value) + caplog.text + repr(operator.source)


def test_files_of_one_name_are_told_apart(language: Emulator, tmp_path: Path) -> None:
    files = [tmp_path / folder / "a.jsonl" for folder in ("x", "y")]
    for file in files:
        file.parent.mkdir()
        file.write_text('"no id"\n')

    analyze(tmp_path, source=[str(file) for file in files], tasks=["KeyPhraseExtraction"])

    assert [row["document_id"] for row in rows_in(tmp_path)] == [f"{file}#0" for file in files]


def test_a_connection_that_opts_out_of_logging_holds_for_a_corpus(
    language: Emulator, connect: Connect, tmp_path: Path
) -> None:
    connect(language.endpoint, extra={"logging_opt_out": True})
    source = write(tmp_path / "a.jsonl", 1)

    with pytest.raises(AirflowFailException, match="says that the service must not keep texts"):
        analyze(tmp_path, source=source, tasks=[SentimentAnalysis(logging_opt_out=False)])
    analyze(tmp_path, source=source)

    [(_, _, parameters), _] = manifest_in(tmp_path)["tasks"]
    assert parameters["loggingOptOut"] is True


def test_a_connection_that_is_out_of_its_quota_is_left_out_while_the_others_go_on(
    language: Emulator, connect: Connect, tmp_path: Path
) -> None:
    with Emulator(key=KEY, duration=0, engines=fake_engines(), detect_language=fake_detect) as second:
        connect(second.endpoint, conn_id="second")
        second.faults.add(Fault("quota", operation="submit", times=None, nth=3))

        manifest = analyze(
            tmp_path,
            source=write(tmp_path / "a.jsonl", 500),
            azure_language_conn_id=["azure_language_default", "second"],
        )

        assert manifest["ok"] == 1000
        assert paid(second) == 2
        assert paid(language) == 18


def test_texts_and_keys_are_in_no_journal_manifest_or_log(
    language: Emulator, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "a.jsonl").write_text(json.dumps({"id": "1", "text": f"{CANARY} is great."}))
    with caplog.at_level("DEBUG"):
        manifest = analyze(tmp_path, source=str(tmp_path / "a.jsonl"))

    written = "".join(
        file.read_text()
        for file in (tmp_path / "out").rglob("*")
        if file.is_file() and "part-" not in file.name
    )
    assert '"landed"' in written
    told = written + caplog.text + json.dumps(manifest)
    assert CANARY not in told
    assert KEY not in told


def test_only_waiting_gives_the_worker_back(connect: Connect, tmp_path: Path) -> None:
    source = write(tmp_path / "a.jsonl", 60)
    with Emulator(key=KEY, duration=3600, engines=fake_engines(), detect_language=fake_detect) as slow:
        connect(slow.endpoint)

        with pytest.raises(TaskDeferred) as deferred:
            analyze(tmp_path, source=source, deferrable=True, defer_after=0.2)

        assert len(deferred.value.trigger.operation_locations) == 3
        slow.clock.advance(3601)
        operator = Hurried(task_id="task", source=source, tasks=TASKS, destination=str(tmp_path / "out"))
        assert operator.resume(context_of(TaskInstance()), {"status": "ended"})["ok"] == 120
        assert paid(slow) == 3


def test_a_worker_that_goes_on_looks_at_each_job_before_it_is_given_back_again(
    connect: Connect, tmp_path: Path
) -> None:
    said: dict[str, Any] = {
        "task_id": "task",
        "source": write(tmp_path / "a.jsonl", 60),
        "tasks": TASKS,
        "destination": str(tmp_path / "out"),
        "deferrable": True,
        "defer_after": 0.05,
    }
    with Emulator(key=KEY, duration=3600, engines=fake_engines(), detect_language=fake_detect) as slow:
        connect(slow.endpoint)
        with pytest.raises(TaskDeferred):
            AnalyzeCorpusOperator(**said).execute(context_of())
        before = slow.journal.count("GET")
        slow.faults.add(Fault("expired", operation="status"))

        with pytest.raises(TaskDeferred) as deferred:
            AnalyzeCorpusOperator(**said).resume(context_of(), {"status": "error"})

        assert slow.journal.count("GET") >= before + 3
        assert len(deferred.value.trigger.operation_locations) == 2


@pytest.mark.parametrize("change", ["host", "conn_id"])
def test_jobs_that_are_out_of_reach_are_told_of_once_and_given_up_by_a_clear(
    endless: Emulator, connect: Connect, tmp_path: Path, change: str
) -> None:
    source = write(tmp_path / "a.jsonl", 60)
    with pytest.raises(TaskDeferred):
        analyze(tmp_path, source=source, deferrable=True, defer_after=0.1)
    with Emulator(key=KEY, duration=0, engines=fake_engines(), detect_language=fake_detect) as second:
        said = {"source": source}
        if change == "conn_id":
            said["azure_language_conn_id"] = connect(second.endpoint, conn_id="second")
        else:
            connect(second.endpoint)

        with pytest.raises(
            AirflowFailException, match="3 jobs of an earlier try cannot be asked for"
        ) as told:
            analyze(tmp_path, TaskInstance(try_number=2), **said)
        assert "Clear it without that to give them up" in str(told.value)
        assert paid(second) == 0
        manifest = analyze(tmp_path, TaskInstance(try_number=3, max_tries=3), **said)

        assert (manifest["ok"], paid(second), manifest["jobs"]) == (120, 3, 6)
        records = manifest["text_records"]
        assert (records["charged"], records["healed"], records["difference"]) == (240, 120, 0)


def test_jobs_that_are_in_reach_again_are_collected(
    language: Emulator, connect: Connect, tmp_path: Path
) -> None:
    source = write(tmp_path / "a.jsonl", 60)
    fault = language.faults.add(Fault("error", operation="status", times=None))
    with pytest.raises(ServiceUnavailableError):
        analyze(tmp_path, source=source, tolerance=0)
    language.faults.remove(fault)
    submitted = paid(language)
    connect("http://127.0.0.1:9")
    with pytest.raises(AirflowFailException, match="cannot be asked for"):
        analyze(tmp_path, TaskInstance(try_number=2), source=source)
    connect(language.endpoint)

    manifest = analyze(tmp_path, TaskInstance(try_number=3, max_tries=3), source=source)

    assert (manifest["ok"], paid(language)) == (120, 3)
    assert submitted >= 1
    assert manifest["text_records"]["healed"] == 0


def _in_child(run: Any) -> int:
    """Run something in a process of its own, and return the process."""
    child = os.fork()
    if child:
        return child
    watch = threading.Timer(PATIENCE, os._exit, [4])  # one that hangs fails
    watch.daemon = True
    watch.start()
    try:
        run()
    except BaseException as error:  # noqa: BLE001 - the child ends here, whatever it was
        os._exit(0 if type(error).__name__ == "EndedError" else 3)
    os._exit(2)


def _until(is_so: Callable[[], bool]) -> None:
    """Wait for what another process does."""
    end = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.01)


def _result_of(child: int) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


WEATHER: list[Any] = [
    Fault("throttled", retry_after=0),
    Fault("error", status=500),
    Fault("error", status=503, after=True),
    Fault("lost"),
    Fault("reset", after=True),
    Fault("truncated", operation="status"),
    Fault("page", operation="status"),
    Fault("fail-tasks", operation="submit"),
    Fault("expired", operation="status"),
]


@pytest.mark.no_cover  # it forks, and coverage has a lock
@pytest.mark.draws
@pytest.mark.parametrize("seed", range(draws(16)))
def test_faults_and_kills_at_any_moment_lose_and_double_nothing(
    language: Emulator, tmp_path: Path, seed: int
) -> None:
    source = write(tmp_path / "a.jsonl", 600)
    clean = tmp_path / "clean"
    analyze(clean, source=source)
    paid_clean = paid(language)
    for number, fault in enumerate(WEATHER):
        language.faults.add(replace(fault, times=None, probability=0.02, seed=10 * seed + number))
    chance = random.Random(seed)  # noqa: S311 - moments, no secrets

    for number in range(1, 4):
        child = _in_child(
            lambda number=number: analyze(tmp_path, TaskInstance(try_number=number), source=source)
        )
        time.sleep(chance.uniform(0.05, 0.6))
        os.kill(child, signal.SIGKILL)
        _result_of(child)
    manifest = analyze(tmp_path, TaskInstance(try_number=9), source=source)

    assert lasting(rows_in(tmp_path)) == lasting(rows_in(clean))
    assert manifest["complete"]
    assert manifest["jobs"] <= paid(language) - paid_clean <= manifest["jobs"] + manifest["lost_submissions"]


class EndedError(Exception):
    """What Airflow's handler of a signal raises."""


def test_a_signal_that_comes_before_the_loop_is_not_forgotten(language: Emulator, tmp_path: Path) -> None:
    class Early(Hurried):
        def _hooks(self) -> list[Any]:
            hooks = super()._hooks()
            for hook in hooks:
                hook.player = _after_a_signal(hook.player)  # type: ignore[method-assign]
            return hooks

    def end(*_: object) -> None:
        raise EndedError

    source = write(tmp_path / "a.jsonl", 60)
    operator = Early(task_id="task", source=source, tasks=TASKS, destination=str(tmp_path / "out"))
    before = signal.signal(signal.SIGTERM, end)
    try:
        with pytest.raises(EndedError):
            operator.execute(context_of())
    finally:
        signal.signal(signal.SIGTERM, before)

    assert paid(language) == 0
    assert not manifest_in(tmp_path)["complete"]


def _after_a_signal(player: Any) -> Any:
    def come(settings: Any) -> Any:
        signal.raise_signal(signal.SIGTERM)
        return player(settings)

    return come


@pytest.mark.no_cover  # it forks, and coverage has a lock
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGALRM, signal.SIGINT])
def test_a_signal_ends_the_task_in_time_and_each_job_is_noted(
    language: Emulator, tmp_path: Path, number: signal.Signals
) -> None:
    source = write(tmp_path / "a.jsonl", 600)

    def end(*_: object) -> None:
        raise EndedError

    def run() -> None:
        signal.signal(number, end)
        analyze(tmp_path, source=source)

    child = _in_child(run)
    _until(lambda: paid(language) >= 3)
    began = time.monotonic()
    os.kill(child, number)

    assert _result_of(child) == 0
    assert time.monotonic() - began < 5
    manifest = manifest_in(tmp_path)
    assert manifest["jobs"] == paid(language)
    assert manifest["lost_submissions"] == 0


@pytest.mark.no_cover  # it forks, and coverage has a lock
def test_a_run_that_is_ended_cancels_its_jobs_if_it_is_told_to(endless: Emulator, tmp_path: Path) -> None:
    source = write(tmp_path / "a.jsonl", 60)

    def end(*_: object) -> None:
        raise EndedError

    def run() -> None:
        signal.signal(signal.SIGTERM, end)
        analyze(tmp_path, source=source, cancel_on_kill=True)

    child = _in_child(run)
    _until(lambda: endless.journal.count("GET") >= 6)
    os.kill(child, signal.SIGTERM)

    assert _result_of(child) == 0
    assert paid(endless) == endless.journal.count("POST", ":cancel") == 3
