"""The command forget: nothing of a document is left below a destination, and all others stay."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from pyarrow import parquet

from airflow_provider_language.__main__ import main
from airflow_provider_language._compat import AirflowFailException
from airflow_provider_language.running.corpus import forgetting
from tests.airflow_stands import TaskInstance
from tests.commands.outputs import json_in
from tests.corpus_runs import analyze, paid, write

if TYPE_CHECKING:
    from airflow_provider_language.emulator import Emulator

KEY = "0123456789abcdef"
GONE = "id-7"


@pytest.fixture(autouse=True)
def digest_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """The user's key, in Airflow and on the command line."""
    monkeypatch.setenv("AIRFLOW__AZURE_LANGUAGE__DIGEST_KEY", KEY)
    monkeypatch.setenv("AZURE_LANGUAGE_DIGEST_KEY", KEY)


def run(folder: Path, number: int = 1, **options: Any) -> dict[str, Any]:
    return analyze(folder, TaskInstance(run_id=str(number)), **options)


def content(folder: Path) -> bytes:
    """All that is below a folder, unpacked."""
    files = [file for file in folder.rglob("*") if file.is_file()]
    told = [
        str(parquet.read_table(file).to_pylist()).encode()
        if file.suffix == ".parquet"
        else gzip.decompress(file.read_bytes())
        if file.suffix == ".gz"
        else file.read_bytes()
        for file in files
    ]
    return b"\n".join(told)


def rows(path: str) -> list[str]:
    lines = [line for part in sorted(Path(path).glob("part-*")) for line in part.read_text().splitlines()]
    return [json.loads(line)["document_id"] for line in lines if line]


def test_nothing_of_a_document_is_left_and_all_others_stay(language: Emulator, tmp_path: Path) -> None:
    source = write(tmp_path / "a.jsonl", 30)
    manifest = run(tmp_path, source=source, tasks=["SentimentAnalysis"])
    assert GONE.encode() in content(tmp_path / "out")

    assert main(["forget", str(tmp_path / "out"), GONE]) == 0

    assert GONE.encode() not in content(tmp_path / "out").replace(b"id-70", b"")
    assert rows(manifest["path"]) == [f"id-{one}" for one in range(30) if one != 7]
    documents = parquet.read_table(tmp_path / "out" / "documents")
    assert documents.column("document_id").to_pylist() == rows(manifest["path"])


def test_a_document_that_is_forgotten_is_analyzed_again_and_no_other_one(
    language: Emulator, tmp_path: Path
) -> None:
    source = write(tmp_path / "a.jsonl", 30)
    run(tmp_path, source=source)
    jobs = paid(language)

    assert main(["forget", str(tmp_path / "out"), GONE]) == 0
    again = run(tmp_path, 2, source=source)
    whole = run(tmp_path, 3, source=source, rows="complete")

    assert (paid(language), rows(again["path"])) == (jobs + 1, [GONE] * 2)
    assert (whole["rows"], whole["reused"]) == (60, 60)


def test_what_is_left_is_compressed_as_before(language: Emulator, tmp_path: Path) -> None:
    run(tmp_path, source=write(tmp_path / "a.jsonl", 30))

    assert main(["forget", str(tmp_path / "out"), GONE]) == 0

    [file] = (tmp_path / "out" / "documents").rglob("*.parquet")
    columns = parquet.read_metadata(file).row_group(0).to_dict()["columns"]
    assert {column["compression"] for column in columns} == {"ZSTD"}


def test_an_id_that_is_told_as_an_example_is_told_nowhere(language: Emulator, tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    file.write_text(json.dumps({"id": GONE, "text": " "}) + "\n" + json.dumps({"id": "b", "text": "fine"}))
    with pytest.raises(AirflowFailException, match=GONE):
        run(tmp_path, source=str(file), max_text_records=10)
    run(tmp_path, 2, source=str(file), plan_only=True)
    assert content(tmp_path / "out").count(GONE.encode()) > 5

    assert main(["forget", str(tmp_path / "out"), GONE]) == 0

    assert GONE.encode() not in content(tmp_path / "out")
    [told, _] = sorted((tmp_path / "out" / "results").glob("*/_*.json"))
    assert json.loads(told.read_text())


def test_what_was_ended_amid_it_goes_on_when_it_is_done_again(
    language: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(tmp_path, source=write(tmp_path / "a.jsonl", 30), tasks=["SentimentAnalysis"])
    command = ["forget", str(tmp_path / "out"), GONE]

    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    for step in ("leave_out", "_gathered", "_unname", "write_report", "_emptied"):
        with monkeypatch.context() as patch:
            patch.setattr(forgetting, step, killed)
            assert main(command) == 4
    assert main(command) == 0

    assert GONE.encode() not in content(tmp_path / "out")
    assert len(parquet.read_table(tmp_path / "out" / "documents")) == 29


def test_a_redacted_copy_is_removed_with_its_run_told(
    language: Emulator, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = write(tmp_path / "a.jsonl", 30)
    run(tmp_path, source=source, tasks=["PiiEntityRecognition"], redacted_copy=True)
    run(tmp_path, 2, source=write(tmp_path / "b.jsonl", 3, first=100), ledger=False)

    capsys.readouterr()
    assert main(["forget", str(tmp_path / "out"), GONE, "--json"]) == 0

    told = json_in(capsys.readouterr().out)
    assert [(one["rows"], one["removed"]) for one in told["runs"]] == [(1, ["redacted"])]
    assert told["ledger_entries"] == 1
    assert not list((tmp_path / "out" / "redacted").glob("*"))


def test_ids_are_read_from_a_file_and_without_any_nothing_is_done(
    language: Emulator, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    manifest = run(tmp_path, source=write(tmp_path / "a.jsonl", 3))
    (tmp_path / "ids").write_text("id-0\nid-2\n")

    assert main(["forget", str(tmp_path / "out")]) == 1
    assert main(["forget", str(tmp_path / "out"), "--ids-from", str(tmp_path / "ids")]) == 0

    assert rows(manifest["path"]) == ["id-1"] * 2
    assert "4 rows of 1 runs, 4 entries of the ledger" in capsys.readouterr().out


def test_a_ledger_without_its_key_is_not_passed_over_in_silence(
    language: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    manifest = run(tmp_path, source=write(tmp_path / "a.jsonl", 3))
    monkeypatch.delenv("AZURE_LANGUAGE_DIGEST_KEY")

    assert main(["forget", str(tmp_path / "out"), "id-0"]) == 1
    assert "AZURE_LANGUAGE_DIGEST_KEY" in capsys.readouterr().err
    assert len(rows(manifest["path"])) == 6
    assert main(["forget", str(tmp_path / "out"), "id-0", "--no-ledger"]) == 0
    assert main(["forget", str(tmp_path / "out"), "id-0", "--ledger", str(tmp_path / "none")]) == 1
