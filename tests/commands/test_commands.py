"""The command line: nothing goes that somebody may still need, and a manifest can be had after a kill."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from airflow_provider_language.__main__ import main
from airflow_provider_language.emulator import Fault
from airflow_provider_language.exceptions import ServiceUnavailableError
from airflow_provider_language.running.corpus.cleaning import FoundRun, Retention, to_remove
from airflow_provider_language.running.corpus.places import RunPlaces
from tests.airflow_stands import TaskInstance
from tests.corpus_runs import analyze, manifest_in, write

if TYPE_CHECKING:
    from airflow_provider_language.emulator import Emulator

DAY = 86_400.0


def found(
    run_id: str, days: float | None, *, task: str = "task", complete: bool = True, map_index: int = -1
) -> FoundRun:
    places = RunPlaces.of("/out", "dag", run_id, task, map_index)
    return FoundRun(places, complete, has_journal=True, changed=None if days is None else -days * DAY)


def gone(runs: list[FoundRun], *, keep: int = 0, incomplete: bool = False, needed: bool = False) -> list[int]:
    going = list(to_remove(runs, Retention(30 * DAY, keep, incomplete, needed), 0.0))
    return [number for number, one in enumerate(runs) if one in going]


def test_only_complete_runs_of_which_nothing_changed_for_so_long_go() -> None:
    runs = [found("1", 31), found("2", 29), found("3", None), found("4", 90, complete=False)]

    assert gone(runs) == [0]
    assert gone(runs, incomplete=True) == [0, 3]


def test_the_latest_complete_runs_of_each_task_stay() -> None:
    runs = [found("1", 90), found("2", 60), found("3", 40, complete=False), found("1", 200, task="other")]

    assert gone(runs, keep=1) == [0]
    assert gone(runs, keep=2) == []


def test_runs_on_whose_rows_one_that_stays_relies_stay_with_it() -> None:
    runs = [found("1", 90), found("2", 80), replace(found("3", 10), relies=True), found("4", 5)]

    assert gone(runs) == []
    assert gone(runs, needed=True) == [0, 1]
    assert gone([*runs[:2], replace(found("3", 70), relies=True)]) == [0, 1, 2]


def test_instances_of_a_mapped_task_stay_together() -> None:
    runs = [found("1", 90, map_index=0), found("1", 40, map_index=1), found("2", 60, map_index=0)]

    assert gone(runs, keep=1) == [2]


def aged(folder: Path) -> None:
    """Let all below a folder be changed last 100 days ago."""
    for path in folder.rglob("*"):
        os.utime(path, (time.time() - 100 * DAY,) * 2)


def test_nothing_is_removed_that_nobody_said_yes_to(
    language: Emulator, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source, out = write(tmp_path / "a.jsonl", 3), tmp_path / "out"
    for run_id in "12":
        analyze(tmp_path, TaskInstance(run_id=run_id), source=source)
    (out / "results" / "of-mine").mkdir()
    draft = out / "results" / "of-mine" / f".{'a' * 32}.unfinished"
    draft.write_text("half")
    aged(out)
    fresh = out / "_journal" / f".{'b' * 32}.unfinished"
    fresh.write_text("half")
    before = sorted(out.rglob("*"))

    assert main(["clean", str(out)]) == 0
    assert sorted(out.rglob("*")) == before
    assert "1 of 2 runs and 1 unfinished files would be removed" in capsys.readouterr().out

    assert main(["clean", f"{out}/", "--journals-only", "--keep", "0", "--yes"]) == 0
    assert len(list(out.glob("results/*/_SUCCESS"))) == 2
    assert list(out.glob("_journal/*")) == [fresh]
    assert not draft.exists()

    assert main(["clean", str(out), "--yes"]) == 0
    assert len(list(out.glob("results/*/_SUCCESS"))) == 1
    assert (out / "results" / "of-mine").is_dir()


def test_an_old_plan_goes_and_does_not_count_as_the_latest_run(language: Emulator, tmp_path: Path) -> None:
    source = write(tmp_path / "a.jsonl", 3)
    done = Path(analyze(tmp_path, TaskInstance(run_id="1"), source=source)["path"])
    plan = Path(analyze(tmp_path, TaskInstance(run_id="2"), source=source, plan_only=True)["plan"])
    aged(tmp_path / "out")

    main(["clean", str(tmp_path / "out"), "--keep", "1", "--yes"])

    assert (done / "_SUCCESS").exists()
    assert not plan.exists()


def test_the_journal_of_a_run_that_is_not_complete_stays(language: Emulator, tmp_path: Path) -> None:
    source = write(tmp_path / "a.jsonl", 60)
    language.faults.add(Fault("error", operation="status", times=None))
    with pytest.raises(ServiceUnavailableError):
        analyze(tmp_path, source=source, tolerance=0)
    aged(tmp_path / "out")

    main(["clean", str(tmp_path / "out"), "--keep", "0", "--yes"])
    assert list((tmp_path / "out" / "_journal").iterdir())

    main(["clean", str(tmp_path / "out"), "--keep", "0", "--incomplete", "--yes"])
    assert not list((tmp_path / "out").glob("*/*"))


@pytest.mark.parametrize("folder", ["results", "_journal"])
def test_a_manifest_is_written_from_the_journal(language: Emulator, tmp_path: Path, folder: str) -> None:
    source = write(tmp_path / "a.jsonl", 60)
    fault = language.faults.add(Fault("error", operation="status", nth=2, times=None))
    with pytest.raises(ServiceUnavailableError):
        analyze(tmp_path, source=source, tolerance=0)
    told = manifest_in(tmp_path)
    [run] = (tmp_path / "out" / "results").iterdir()
    (run / "_manifest.json").unlink()

    assert main(["manifest", f"{tmp_path}/out/{folder}/{run.name}/"]) == 0
    assert manifest_in(tmp_path) == told
    assert not told["complete"]

    language.faults.remove(fault)
    analyze(tmp_path, TaskInstance(try_number=2), source=source)
    complete = manifest_in(tmp_path)
    main(["manifest", f"{tmp_path}/out/{folder}/{run.name}"])
    assert manifest_in(tmp_path) == complete
    assert complete["complete"]


@pytest.mark.parametrize(
    ("folder", "words"),
    [("results/of-mine", "'of-mine' is not the name of a run's folder"), ("out", "'out' is not the name")],
)
def test_a_folder_that_is_no_runs_is_refused(
    tmp_path: Path, folder: str, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["manifest", f"{tmp_path}/{folder}"]) == 1
    assert words in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_run_without_a_journal_has_no_manifest_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    places = RunPlaces.of(str(tmp_path), "dag", "run", "task", -1)

    assert main(["manifest", places.results]) == 1
    assert "There is no journal at" in capsys.readouterr().err


@pytest.mark.parametrize(
    "odd", [["clean", "/out", "--older-than", "month"], ["clean", "/out", "--keep", "-1"]]
)
def test_odd_arguments_are_refused(odd: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(odd)
    assert "is not a" in capsys.readouterr().err


def test_a_link_that_stands_for_a_run_is_removed_and_what_it_leads_to_stays(
    language: Emulator, tmp_path: Path
) -> None:
    source = write(tmp_path / "a.jsonl", 3)
    (tmp_path / "disk").mkdir()
    (tmp_path / "out").symlink_to(tmp_path / "disk")
    first = Path(analyze(tmp_path, TaskInstance(run_id="1"), source=source)["path"])
    first.rename(tmp_path / "moved")
    first.symlink_to(tmp_path / "moved")

    analyze(tmp_path, TaskInstance(run_id="2"), source=source, if_exists="replace")

    assert not first.is_symlink()
    assert (tmp_path / "moved" / "part-00000.jsonl").exists()
    assert (tmp_path / "out").is_symlink()


def test_help_imports_no_airflow() -> None:
    told = "import sys; from airflow_provider_language.__main__ import main\ntry: main(['clean', '--help'])\n"
    code = f"{told}except SystemExit: print('airflow' in sys.modules)"

    said = subprocess.check_output([sys.executable, "-c", code], text=True)

    assert said.splitlines()[-1] == "False"
    assert "--yes" in said
