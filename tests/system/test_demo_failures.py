"""When the demonstration fails, it says why, and says so to the shell."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from tests.system import demo
from tests.system.demo import DemoError, require_success
from tests.system.processes import ProcessError
from tests.system.rest import AirflowApi, Run

if TYPE_CHECKING:
    from pathlib import Path

    from requests_mock import Mocker

URL = "http://127.0.0.1:8080"
RUN = Run("analyze_corpus", "manual__1")


@pytest.fixture
def airflow(requests_mock: Mocker) -> Mocker:
    """A run of one task that succeeded."""
    submit = {"task_id": "submit", "map_index": -1, "try_number": 1, "state": "success"}
    instances = {"task_instances": [submit], "total_entries": 1}
    requests_mock.get(f"{URL}/api/v2/{RUN.path}/taskInstances", json=instances)
    requests_mock.get(f"{URL}/api/v2/{RUN.path}", json={"state": "success"})
    return requests_mock


@pytest.mark.usefixtures("airflow")
def test_a_run_that_succeeded_is_what_is_wanted() -> None:
    require_success(AirflowApi(URL), RUN)


def test_a_failed_task_is_told_with_the_end_of_its_log(airflow: Mocker) -> None:
    fetch = {"task_id": "fetch", "map_index": 3, "try_number": 2, "state": "failed"}
    path = f"{URL}/api/v2/{RUN.path}/taskInstances"
    airflow.get(path, json={"task_instances": [fetch], "total_entries": 1})
    event = {"timestamp": "2026-01-01T00:00:00Z", "level": "error", "event": "40 of 41 documents missing"}
    airflow.get(f"{path}/fetch/logs/2?map_index=3", json={"content": ["a heading", event]})

    with pytest.raises(DemoError, match=r"(?s)task fetch failed.*error 40 of 41 documents missing"):
        require_success(AirflowApi(URL), RUN)


def test_a_run_that_failed_without_a_failed_task_is_a_failure(airflow: Mocker) -> None:
    airflow.get(f"{URL}/api/v2/{RUN.path}", json={"state": "failed"})

    with pytest.raises(DemoError, match="the run ended as failed"):
        require_success(AirflowApi(URL), RUN)


def test_the_exit_code_of_a_failure_is_1_and_its_logs_are_kept_and_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    homes: list[Path] = []

    def fail(*, home: Path, **_: object) -> None:
        homes.append(home)
        raise ProcessError("triggerer ended with exit code 1")

    monkeypatch.setattr(demo, "demonstrate", fail)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    assert demo.main(["--output", str(tmp_path / "results")]) == 1
    told = capsys.readouterr().err
    assert "triggerer ended with exit code 1" in told
    assert str(homes[0]) in told
    assert homes[0].exists()


def test_documents_that_do_not_exist_are_refused_before_anything_starts(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    with pytest.raises(SystemExit, match="2"):
        demo.main(["--documents", str(tmp_path / "nothing.csv")])
    assert "nothing at" in capsys.readouterr().err


@pytest.fixture
def documents(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Where a file of this name would be."""
    return tmp_path / str(request.param)


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What the demonstration was started with."""
    calls: list[dict[str, Any]] = []

    def start(**options: Any) -> None:
        calls.append(options)
        raise DemoError("started")

    monkeypatch.setattr(demo, "demonstrate", start)
    return calls


@pytest.mark.parametrize(
    ("documents", "content", "words"),
    [
        ("a.xlsx", b"PK", "convert it first"),
        ("a.csv", b"review_id,review_text\n1,one\n", "Perhaps text_column='review_text'"),
        ("a.csv", b"text\n", "There are no documents"),
        ("a.csv", b"id,text\n1,one\n1,two\n", "more than once"),
        ("folder/a.md", b"", "nothing to read"),
    ],
    indirect=["documents"],
)
def test_input_that_the_example_could_not_read_is_told_before_anything_starts(
    capsys: pytest.CaptureFixture[str],
    documents: Path,
    started: list[dict[str, Any]],
    content: bytes,
    words: str,
) -> None:
    documents.parent.mkdir(exist_ok=True)
    documents.write_bytes(content)

    with pytest.raises(SystemExit, match="2"):
        demo.main(["--documents", str(documents.parent if documents.suffix == ".md" else documents)])
    assert re.search(words, capsys.readouterr().err)
    assert started == []


def test_how_a_file_is_written_is_handed_to_the_example(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, started: list[dict[str, Any]]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "my docs.csv").write_bytes("Nr;Größe\n1;gut\n".encode("cp1252"))
    layout = {"text_column": "Größe", "id_column": "Nr", "delimiter": ";", "encoding": "cp1252"}
    options = [word for name, value in layout.items() for word in (f"--{name.replace('_', '-')}", value)]

    assert demo.main(["--documents", "my docs.csv", "--output", "my docs/out", *options]) == 1

    assert [one["layout"] for one in started] == [layout]


def test_a_file_is_no_folder_for_results(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, started: list[dict[str, Any]]
) -> None:
    (tmp_path / "out").write_text("")

    with pytest.raises(SystemExit, match="2"):
        demo.main(["--output", str(tmp_path / "out")])
    assert "is not a folder" in capsys.readouterr().err
    assert started == []
