"""Locations on the command line: those of the folder where somebody types them, and never one by mistake."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest

from airflow_provider_language.__main__ import main
from airflow_provider_language.commands.locations import typed_location
from tests.commands.outputs import json_in

PLACE = '"category": "Person", "offset": 0, "length": 4'
ROW = (
    '{"document_id": "a", "task": "t", "kind": "PiiEntityRecognition", "status": "ok", '
    f'"result": {{"redactedText": "****", "entities": [{{"text": "Anna", {PLACE}}}]}}}}\n'
)
LABELLED = f'{{"id": "a", "text": "Anna", "entities": [{{{PLACE}}}]}}\n'


def test_a_relative_path_is_one_of_this_folder_and_a_url_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    assert typed_location("in/*.csv") == str(tmp_path / "in" / "*.csv")
    assert typed_location("s3://conn@bucket/in") == "s3://conn@bucket/in"


@pytest.mark.parametrize("text", ["", " "])
def test_an_empty_location_is_not_this_folder(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match="empty"):
        typed_location(text)


@pytest.mark.parametrize(
    "command",
    [
        ["evaluate", "rows.jsonl", "--sample", "sample.jsonl", "--to", "made"],
        ["inspect", "rows.jsonl", "--report", "made"],
        ["compare", "rows.jsonl", "rows.jsonl", "--to", "made"],
        ["sample", "in.csv", "--size", "1", "--to", "made"],
        ["tables", "rows.jsonl", "--to", "made", "--format", "jsonl"],
    ],
    ids=lambda command: command[0],
)
def test_commands_read_and_write_in_this_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("rows.jsonl").write_text(ROW)
    Path("sample.jsonl").write_text(LABELLED)
    Path("in.csv").write_text("id,text\na,Anna\n")

    assert main(command) == 0

    assert (tmp_path / "made").exists()


@pytest.mark.parametrize(
    "command", [["clean", "runs", "--json"], ["forget", "runs", "a", "--no-ledger", "--json"]]
)
def test_commands_that_remove_look_into_this_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], command: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "runs").mkdir()

    assert main(command) == 0

    assert json_in(capsys.readouterr().out)


@pytest.mark.parametrize("command", ["clean", "forget", "reveal", "manifest"])
def test_a_command_without_a_location_that_a_variable_of_the_shell_should_have_had_does_nothing(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main([command, "", *(["x"] if command in {"forget", "reveal"} else [])])

    assert "a location is empty" in capsys.readouterr().err
