"""Fetching: one row per document and task, one file that is whole, one manifest that is small."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from pyarrow import parquet

from airflow_provider_language._compat import AirflowFailException, ObjectStoragePath
from airflow_provider_language.exceptions import (
    IncompleteResultsError,
    InvalidInputError,
    JobNotFinishedError,
    ServiceUnavailableError,
)
from airflow_provider_language.hooks.language import LanguageHook
from airflow_provider_language.operators.analyze import FetchAnalyzeResultsOperator
from tests.airflow_stands import TaskInstance, context_of
from tests.hostile_locations import each_hostile_kind, hostile_location
from tests.scripted_service import (
    Answer,
    ScriptedJobs,
    ScriptedService,
    job_body,
    job_location,
    task_item,
)

if TYPE_CHECKING:
    from airflow_provider_language.emulator import Emulator

Serve = Callable[..., ScriptedService]
TASKS = ["KeyPhraseExtraction", "SentimentAnalysis"]
ROWS = [{"id": "a", "text": "hello", "language": "en"}, {"id": "b", "text": "good bye", "language": "en"}]


def fetch(location: Any, output: Any, ti: TaskInstance | None = None, **options: Any) -> dict[str, Any]:
    operator = FetchAnalyzeResultsOperator(
        task_id="task", operation_location=location, output_path=str(output), **options
    )
    return operator.execute(context_of(ti))


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def ok(id_: str, *phrases: str) -> dict[str, Any]:
    return {"id": id_, "keyPhrases": list(phrases), "warnings": []}


def error(id_: str, code: str = "UnsupportedLanguageCode", message: str = "Not this one.") -> dict[str, Any]:
    return {"id": id_, "error": {"code": "InvalidArgument", "innererror": {"code": code, "message": message}}}


def ended(serve: Serve, *documents: Any, errors: Any = ()) -> str:
    """The location of a job that has ended with these results."""
    body = job_body("succeeded", items=[task_item(documents, errors)])
    return job_location(serve(ScriptedJobs({"job-1": [body]})).endpoint)


def test_every_document_is_one_row_per_task(language: Emulator, tmp_path: Path) -> None:
    location = LanguageHook().submit(ROWS, TASKS)

    manifest = fetch(location, tmp_path / "rows.jsonl")

    rows = lines(tmp_path / "rows.jsonl")
    assert [(row["kind"], row["document_id"], row["status"]) for row in rows] == [
        ("KeyPhraseExtraction", "a", "ok"),
        ("KeyPhraseExtraction", "b", "ok"),
        ("SentimentAnalysis", "a", "ok"),
        ("SentimentAnalysis", "b", "ok"),
    ]
    assert rows[0]["result"]["keyPhrases"] == ["phrase"]
    assert list(rows[0]) == [
        "document_id",
        "task",
        "kind",
        "status",
        "language",
        "result",
        "error_code",
        "error_message",
        "warnings",
        "model_version",
        "text_records",
        "job_id",
    ]
    assert {row["text_records"] for row in rows} == {1}
    counted = ("jobs", "documents", "rows", "ok", "error", "missing", "text_records")
    assert {name: manifest[name] for name in counted} == {
        "jobs": 1,
        "documents": 2,
        "rows": 4,
        "ok": 4,
        "error": 0,
        "missing": 0,
        "text_records": 4,
    }


def test_the_manifest_names_the_file_and_its_content(language: Emulator, tmp_path: Path) -> None:
    import hashlib

    output = tmp_path / "new folder" / "rows.jsonl"

    manifest = fetch(LanguageHook().submit(ROWS, TASKS), output)

    content = output.read_bytes()
    assert manifest["path"] == str(output)
    assert manifest["size"] == len(content)
    assert manifest["sha256"] == hashlib.sha256(content).hexdigest()


def test_fetching_twice_writes_the_same_bytes(language: Emulator, tmp_path: Path) -> None:
    location = LanguageHook().submit(ROWS, TASKS)

    first, second = (fetch(location, tmp_path / f"{name}.jsonl")["sha256"] for name in ("one", "two"))

    assert first == second


@pytest.mark.usefixtures("memory_storage")
def test_object_storage_is_written_like_a_disk(language: Emulator, tmp_path: Path) -> None:
    location = LanguageHook().submit(ROWS, TASKS)
    output = f"memory://{tmp_path.name}/rows.jsonl"

    manifest = fetch(location, output)

    assert manifest["path"] == output
    assert ObjectStoragePath(output).read_text().count("\n") == 4
    assert manifest["sha256"] == fetch(location, tmp_path / "rows.jsonl")["sha256"]


def test_results_beyond_ascii_are_written_as_they_are(serve: Serve, tmp_path: Path) -> None:
    fetch(ended(serve, ok("ä", "Straße", "🙂")), tmp_path / "rows.jsonl")

    assert "Straße" in (tmp_path / "rows.jsonl").read_text(encoding="utf-8")
    assert lines(tmp_path / "rows.jsonl")[0]["result"] == {"keyPhrases": ["Straße", "🙂"]}


def test_many_jobs_make_one_file_in_their_order(language: Emulator, tmp_path: Path) -> None:
    hook = LanguageHook()
    locations = [hook.submit([{**ROWS[0], "id": id_}], TASKS) for id_ in ("x", "y", "z")]

    manifest = fetch(locations, tmp_path / "rows.jsonl", submitted=[[{"id": id_}] for id_ in ("x", "y", "z")])

    assert [row["document_id"] for row in lines(tmp_path / "rows.jsonl")] == ["x", "x", "y", "y", "z", "z"]
    assert (manifest["jobs"], manifest["documents"], manifest["rows"]) == (3, 3, 6)


def test_the_branch_that_was_skipped_has_no_rows(language: Emulator, tmp_path: Path) -> None:
    location = LanguageHook().submit(ROWS, TASKS)

    manifest = fetch([None, location], tmp_path / "rows.jsonl", submitted=[None, ["a", "b"]])

    assert (manifest["jobs"], manifest["missing"]) == (1, 0)


def test_what_was_submitted_of_one_job_is_one_list(language: Emulator, tmp_path: Path) -> None:
    location = LanguageHook().submit(ROWS, TASKS)

    fetch(location, tmp_path / "rows.jsonl", submitted=[{"id": "b", "language": "en"}, {"id": "a"}])

    assert [row["document_id"] for row in lines(tmp_path / "rows.jsonl")] == ["b", "a", "b", "a"]


@pytest.mark.parametrize(
    ("submitted", "why"),
    [
        ([["a", "b"]], "2 jobs"),
        ([["a", "b"], ["a"], ["b"]], "2 jobs"),
        ([], "not told what was submitted"),
        (7, "told as int"),
    ],
)
def test_jobs_and_what_was_submitted_have_to_match(
    language: Emulator, tmp_path: Path, submitted: Any, why: str
) -> None:
    hook = LanguageHook()
    locations = [hook.submit(ROWS, TASKS), hook.submit(ROWS, TASKS)]

    with pytest.raises(AirflowFailException, match=why):
        fetch(locations, tmp_path / "rows.jsonl", submitted=submitted)

    assert not (tmp_path / "rows.jsonl").exists()


@pytest.mark.parametrize("none", [[], "[]", [[], []]])
def test_no_jobs_are_an_error_and_no_empty_file(language: Emulator, tmp_path: Path, none: Any) -> None:
    with pytest.raises(AirflowFailException, match="no job was submitted"):
        fetch(none, tmp_path / "rows.jsonl", submitted=[])

    assert list(tmp_path.iterdir()) == []


def test_a_job_that_is_given_twice_is_an_error(language: Emulator, tmp_path: Path) -> None:
    location = LanguageHook().submit(ROWS, TASKS)

    with pytest.raises(AirflowFailException, match="is named 2 times"):
        fetch([location, location], tmp_path / "rows.jsonl")


def told(job_id: str, *ids: str, **more: Any) -> dict[str, Any]:
    """What a submitter tells of a job of one task."""
    return {
        "documents": [{"id": id_, "language": "en"} for id_ in ids],
        "tasks": [{"kind": "KeyPhraseExtraction", "name": "phrases"}],
        "at": 1.0,
        "lost_submissions": 0,
        "job_id": job_id,
        **more,
    }


def two_jobs(serve: Serve) -> list[str]:
    """Two jobs that ended, with the documents a and b."""
    bodies = {f"job-{id_}": [job_body("succeeded", items=[task_item([ok(id_)])])] for id_ in ("a", "b")}
    endpoint = serve(ScriptedJobs(bodies)).endpoint
    return [job_location(endpoint, job_id) for job_id in bodies]


@pytest.mark.parametrize(
    "shape", [list, str, lambda told: [[told[1]], [told[0]]], lambda told: iter(told[::-1])]
)
def test_jobs_find_what_was_submitted_in_any_order_and_shape(
    serve: Serve, tmp_path: Path, shape: Any
) -> None:
    submitted = shape([told("job-a", "a"), told("job-b", "b")])

    fetch(two_jobs(serve), tmp_path / "rows.jsonl", submitted=submitted)

    assert [(row["job_id"], row["document_id"]) for row in lines(tmp_path / "rows.jsonl")] == [
        ("job-a", "a"),
        ("job-b", "b"),
    ]


def test_the_rows_of_a_job_that_was_not_fetched_are_missing_and_those_of_the_others_are_written(
    serve: Serve, tmp_path: Path
) -> None:
    """One of three mapped submissions ran out of time: its XCom tells what went in, and names no location."""
    submitted = [told("job-late", "l"), told("job-a", "a"), told("job-b", "b")]
    ti = TaskInstance()

    with pytest.raises(
        AirflowFailException, match="1 JobNotFetched of phrases in language 'en', such as document 'l'"
    ):
        fetch(two_jobs(serve), tmp_path / "rows.jsonl", ti, submitted=submitted, fail_on_document_errors=1.0)

    rows = [(row["document_id"], row["status"], row["job_id"]) for row in lines(tmp_path / "rows.jsonl")]
    assert rows == [("a", "ok", "job-a"), ("b", "ok", "job-b"), ("l", "missing", "job-late")]
    assert (ti.xcoms["return_value"]["ok"], ti.xcoms["return_value"]["missing"]) == (2, 1)


def test_what_an_input_that_has_shrunk_left_behind_is_noticed(serve: Serve, tmp_path: Path) -> None:
    first, stale = (
        {"number": number, "total": total, "group": "dag/submit/run"} for number, total in [(0, 1), (1, 2)]
    )
    submitted = [told("job-a", "a", batch=first), told("job-b", "b", batch=stale)]

    with pytest.raises(AirflowFailException, match="one job is a batch of 1, another one of 2"):
        fetch(two_jobs(serve), tmp_path / "rows.jsonl", submitted=submitted)

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "items",
    [
        [],
        [{**task_item([ok("a")]), "taskName": "phrases"}],
    ],
)
def test_a_task_that_did_not_come_out_is_missing(serve: Serve, tmp_path: Path, items: Any) -> None:
    tasks = [
        {"kind": "KeyPhraseExtraction", "name": "phrases"},
        {"kind": "SentimentAnalysis", "name": "mood"},
    ]
    body = job_body("succeeded", items=items, total=len(items))
    location = job_location(serve(ScriptedJobs({"job-1": [body]})).endpoint)

    with pytest.raises(IncompleteResultsError, match="Missing of"):
        fetch(location, tmp_path / "rows.jsonl", submitted=told("job-1", "a", tasks=tasks))

    rows = lines(tmp_path / "rows.jsonl")
    assert [(row["task"], row["status"]) for row in rows] == [
        ("phrases", "ok" if items else "missing"),
        ("mood", "missing"),
    ]


@pytest.mark.parametrize("page", [0, 1])
def test_rows_of_another_job_are_not_written(serve: Serve, tmp_path: Path, page: int) -> None:
    bodies = [job_body("succeeded", items=[task_item([ok(id_)])]) for id_ in ("a", "b")]
    bodies[0]["nextLink"] = "https://x/?skip=1&top=1"
    bodies[page]["jobId"] = "another-job"
    location = job_location(serve(ScriptedJobs({"job-1": [Answer(200, body) for body in bodies]})).endpoint)

    with pytest.raises(ServiceUnavailableError, match="about another job"):
        fetch(location, tmp_path / "rows.jsonl", tolerance=0)

    assert list(tmp_path.iterdir()) == []


def test_errors_are_told_by_task_code_and_language_with_a_document_of_each(
    serve: Serve, tmp_path: Path
) -> None:
    location = ended(serve, ok("a"), errors=[error("b"), error("c")])
    submitted = [{"id": "a"}, {"id": "b", "language": "tlh"}, {"id": "c", "language": "tlh"}]
    ti = TaskInstance()

    with pytest.raises(
        AirflowFailException,
        match="2 UnsupportedLanguageCode of phrases in language 'tlh', such as document 'b'",
    ):
        fetch(location, tmp_path / "rows.jsonl", ti, submitted=submitted)

    assert ti.xcoms["return_value"]["failures"] == [
        {
            "task": "phrases",
            "code": "UnsupportedLanguageCode",
            "language": "tlh",
            "rows": 2,
            "example": "b",
        }
    ]


def test_warnings_are_counted_in_manifest_and_log(
    serve: Serve, tmp_path: Path, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    cut = {**ok("a"), "warnings": [{"code": "DocumentTruncated", "message": "Cut."}]}

    manifest = fetch(ended(serve, cut, ok("b")), tmp_path / "rows.jsonl")

    assert manifest["warning_codes"] == {"DocumentTruncated": 1}
    assert "DocumentTruncated" in caplog.text + "".join(capsys.readouterr())


def test_a_result_with_half_a_character_is_written(serve: Serve, tmp_path: Path) -> None:
    fetch(ended(serve, ok("a", "half \ud83d")), tmp_path / "rows.jsonl")

    assert lines(tmp_path / "rows.jsonl")[0]["result"]["keyPhrases"] == ["half \N{REPLACEMENT CHARACTER}"]


@pytest.mark.parametrize(("share", "fails"), [(0.0, True), (0.49, True), (0.5, False), (1.0, False)])
def test_more_document_errors_than_allowed_fail_the_task_for_good(
    serve: Serve, tmp_path: Path, share: float, fails: bool
) -> None:
    location = ended(serve, ok("a"), errors=[error("b")])
    ti = TaskInstance()

    if not fails:
        assert fetch(location, tmp_path / "rows.jsonl", fail_on_document_errors=share)["error"] == 1
        return
    with pytest.raises(AirflowFailException, match="UnsupportedLanguageCode"):
        fetch(location, tmp_path / "rows.jsonl", ti, fail_on_document_errors=share)
    assert [row["status"] for row in lines(tmp_path / "rows.jsonl")] == ["ok", "error"]
    assert ti.xcoms["return_value"]["error_codes"] == {"UnsupportedLanguageCode": 1}


def test_a_missing_document_is_a_row_and_fails_the_task_whatever_is_allowed(
    serve: Serve, tmp_path: Path
) -> None:
    ti = TaskInstance()

    with pytest.raises(IncompleteResultsError, match="1 of 2 rows are missing"):
        fetch(
            ended(serve, ok("a")),
            tmp_path / "rows.jsonl",
            ti,
            submitted=[{"id": "a"}, {"id": "b", "language": "de"}],
            fail_on_document_errors=1.0,
        )

    missing = lines(tmp_path / "rows.jsonl")[1]
    assert (missing["document_id"], missing["status"], missing["language"]) == ("b", "missing", "de")
    assert ti.xcoms["return_value"]["missing"] == 1


def test_a_document_that_never_went_in_is_not_written(serve: Serve, tmp_path: Path) -> None:
    with pytest.raises(IncompleteResultsError):
        fetch(ended(serve, ok("a"), ok("b")), tmp_path / "rows.jsonl", submitted=["a"])

    assert not (tmp_path / "rows.jsonl").exists()


def test_the_manifest_is_under_two_kilobytes_whatever_the_service_says(serve: Serve, tmp_path: Path) -> None:
    ids = [f"{number}-" + "ü" * 500 for number in range(200)]
    errors = [
        error(id_, code=f"{number % 50}-" + "C" * 900, message="m" * 900) for number, id_ in enumerate(ids)
    ]
    ti = TaskInstance()

    with pytest.raises(AirflowFailException) as raised:
        fetch(ended(serve, errors=errors), tmp_path / "rows.jsonl", ti)

    assert len(json.dumps(ti.xcoms["return_value"]).encode()) < 2048
    assert len(str(raised.value)) < 2048
    assert len(lines(tmp_path / "rows.jsonl")) == 200


@pytest.mark.parametrize(
    ("state", "raised"),
    [
        ("running", JobNotFinishedError),
        ("failed", AirflowFailException),
        ("cancelled", AirflowFailException),
        (Answer(503, ""), ServiceUnavailableError),
    ],
    ids=["running", "failed", "cancelled", "unavailable"],
)
def test_a_job_without_results_writes_nothing(
    serve: Serve, tmp_path: Path, state: Any, raised: type[Exception]
) -> None:
    service = serve(ScriptedJobs({"job-1": [state]}))

    with pytest.raises(raised):
        fetch(job_location(service.endpoint), tmp_path / "rows.jsonl", tolerance=0)

    assert not (tmp_path / "rows.jsonl").exists()


def test_the_results_of_a_partially_completed_job_are_written(serve: Serve, tmp_path: Path) -> None:
    failed = {"kind": "SentimentAnalysisLROResults", "taskName": "mood", "status": "failed"}
    body = job_body("partiallyCompleted", items=[task_item([ok("a")]), failed])
    service = serve(ScriptedJobs({"job-1": [body]}))

    manifest = fetch(job_location(service.endpoint), tmp_path / "rows.jsonl", fail_on_document_errors=0.5)

    assert (manifest["ok"], manifest["error"]) == (1, 1)
    assert [row["task"] for row in lines(tmp_path / "rows.jsonl")] == ["phrases", "mood"]


@each_hostile_kind
def test_a_made_up_location_fails_for_good_and_nobody_is_asked(
    serve: Serve, stranger: ScriptedService, tmp_path: Path, kind: str
) -> None:
    service = serve(ScriptedJobs({"job-1": ["succeeded"]}))

    with pytest.raises(AirflowFailException):
        fetch(hostile_location(kind, service.endpoint, stranger.endpoint), tmp_path / "rows.jsonl")

    assert (service.seen, stranger.seen) == ([], [])


def test_the_missing_location_of_a_skipped_task_fails_for_good(language: Emulator, tmp_path: Path) -> None:
    with pytest.raises(AirflowFailException, match="no job was submitted"):
        fetch(None, tmp_path / "rows.jsonl")


def test_tables_lie_beside_the_rows_in_files_of_the_same_name(language: Emulator, tmp_path: Path) -> None:
    location = LanguageHook().submit(ROWS, TASKS)

    manifest = fetch(location, tmp_path / "rows-1.jsonl.gz", tables_path=str(tmp_path / "tables"))

    tables = {path.parent.name: parquet.read_table(path) for path in tmp_path.glob("tables/*/rows-1.parquet")}
    assert manifest["tables_path"] == str(tmp_path / "tables")
    assert manifest["tables"] == {name: table.num_rows for name, table in tables.items()}
    documents = tables["documents"].select(["document_id", "status", "tasks_ok", "tasks_failed"]).to_pylist()
    assert [tuple(one.values()) for one in documents] == [("a", "ok", 2, 0), ("b", "ok", 2, 0)]
    assert tables["opinions"].num_rows == 0
    assert {one["document_id"] for one in tables["sentiment"].to_pylist()} == {"a", "b"}


def test_tables_of_several_jobs_fit_each_other(serve: Serve, tmp_path: Path) -> None:
    bodies = {f"job-{n}": [job_body("succeeded", items=[task_item([ok(str(n), "p")])])] for n in range(3)}
    service = serve(ScriptedJobs(bodies))
    fetch(
        [job_location(service.endpoint, name) for name in bodies],
        tmp_path / "rows.jsonl",
        tables_path=tmp_path / "tables",
        tables_format="jsonl",
    )
    assert [one["document_id"] for one in lines(tmp_path / "tables" / "documents" / "rows.jsonl")] == [
        "0",
        "1",
        "2",
    ]
    assert "VIEW key_phrases" in (tmp_path / "tables" / "tables.sql").read_text()


def test_a_fetch_that_fails_leaves_the_old_tables(serve: Serve, tmp_path: Path) -> None:
    output, tables = tmp_path / "rows.jsonl", tmp_path / "tables"
    fetch(ended(serve, ok("old")), output, tables_path=tables)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*.*") if path.is_file()}

    body = job_body("succeeded", items=[task_item([ok("new")])])
    service = serve(ScriptedJobs({"job-1": [body]}))
    jobs = [job_location(service.endpoint, name) for name in ("job-1", "job-gone")]
    with pytest.raises(AirflowFailException, match="Job Not Found"):
        fetch(jobs, output, tables_path=tables)

    assert len(before) > len(TASKS)
    assert {path: path.read_bytes() for path in tmp_path.rglob("*.*") if path.is_file()} == before


@pytest.mark.parametrize("given", ["", "None", "relative/folder"])
def test_a_folder_of_tables_that_is_none_is_refused_before_anything_is_asked(
    serve: Serve, tmp_path: Path, given: str
) -> None:
    service = serve(ScriptedJobs({}))
    operator = FetchAnalyzeResultsOperator(
        task_id="task",
        operation_location=job_location(service.endpoint),
        output_path=str(tmp_path / "rows.jsonl"),
        tables_path="{{ said }}",
    )
    operator.tables_path = given
    with pytest.raises(AirflowFailException, match="tables_path"):
        operator.execute(context_of(None))
    assert not service.seen


def test_a_format_of_tables_that_is_not_known_is_refused_when_the_dag_is_parsed() -> None:
    with pytest.raises(InvalidInputError, match="tables_format is 'csv'"):
        fetch("https://one.example", "/rows.jsonl", tables_path="/tables", tables_format="csv")


def test_rows_in_hand_become_tables_without_a_file(language: Emulator) -> None:
    hook = LanguageHook()
    tables = hook.tables(hook.collect(hook.submit(ROWS, TASKS)))
    assert [one["document_id"] for one in tables["sentiment"]] == ["a", "b"]
    assert tables["opinions"] == []
    assert [one["status"] for one in tables["documents"]] == ["ok", "ok"]
