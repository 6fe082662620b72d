"""A corpus without Airflow: planned and run from a command line, and gone on with by the same command."""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from airflow_provider_language.__main__ import ERROR, INTERRUPTED, TOO_MANY_FAILED, main
from airflow_provider_language.commands import connecting, corpora
from airflow_provider_language.emulator import Emulator, Fault
from airflow_provider_language.emulator.families import task_results
from tests.airflow_stands import CANARY, KEY
from tests.commands.outputs import json_in, lines_in
from tests.corpus_runs import manifest_in, paid, rows_in, write
from tests.protocol.redaction.policies import KEY as REDACTION_KEY
from tests.protocol.redaction.policies import OTHER_KEY

if TYPE_CHECKING:
    from collections.abc import Iterator

TASKS = "KeyPhraseExtraction,SentimentAnalysis"
PATIENCE = 60


@pytest.fixture
def service() -> Iterator[Emulator]:
    with Emulator(key=KEY, duration=0) as running:
        yield running


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (connecting.ENDPOINT, connecting.SECRET, corpora.DIGEST_KEY):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv(connecting.KEY, KEY)


def run(service: Emulator, folder: Path, *more: str) -> int:
    said = ["run", str(folder / "a.jsonl"), "--tasks", TASKS, "--to", str(folder / "out")]
    return main([*said, "--endpoint", service.endpoint, "--tables-format", "jsonl", *more])


def told(capsys: pytest.CaptureFixture[str]) -> Any:
    return json_in(capsys.readouterr().out)


PROGRAM = """
import sys
from airflow_provider_language.__main__ import main
code = main(sys.argv[1:])
heavy = sorted({name.partition(".")[0] for name in sys.modules} & {"airflow", "azure", "msal"})
sys.exit(f"loaded {heavy}" if heavy else code)
"""


def test_a_plan_and_a_run_load_nothing_of_airflow(service: Emulator, tmp_path: Path) -> None:
    source = write(tmp_path / "a.jsonl", 60)
    environment = {**os.environ, connecting.ENDPOINT: service.endpoint, "PYTHONDONTWRITEBYTECODE": "1"}

    def done(*arguments: str) -> Any:
        command = [sys.executable, "-c", PROGRAM, *arguments, "--json"]
        ended = subprocess.run(
            command, check=False, capture_output=True, text=True, env=environment, timeout=PATIENCE
        )
        assert ended.returncode == 0, ended.stderr
        assert KEY not in ended.stderr + ended.stdout
        return json.loads(ended.stdout)

    plan = done("plan", source, "--tasks", TASKS)
    manifest = done(
        "run", source, "--tasks", TASKS, "--to", str(tmp_path / "out"), "--max-text-records", "120"
    )

    assert (plan["documents"], plan["text_records"], plan["jobs"]) == (60, 120, 3)
    assert (manifest["complete"], manifest["ok"], manifest["jobs"]) == (True, 120, 3)
    assert manifest["quote"]["text_records"] == 120
    assert len(rows_in(tmp_path)) == 120
    assert (Path(manifest["path"]) / "report.html").exists()
    assert set(manifest["tables"]) >= {"documents", "sentiment"}


def test_a_run_that_was_complete_says_so_and_what_it_tells_is_no_new_charge(
    service: Emulator, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path / "a.jsonl", 3)
    assert run(service, tmp_path) == 0
    assert "complete before" not in capsys.readouterr().err

    assert run(service, tmp_path) == 0

    assert "complete before: nothing is submitted" in capsys.readouterr().err
    assert run(service, tmp_path, "--refresh") == 0
    assert "complete before" not in capsys.readouterr().err


def test_the_same_command_again_goes_on_and_pays_nothing_again(
    service: Emulator, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path / "a.jsonl", 100)
    fault = service.faults.add(Fault("error", operation="status", nth=3, times=None))
    assert run(service, tmp_path, "--tolerance", "0") == ERROR
    assert not manifest_in(tmp_path)["complete"]
    service.faults.remove(fault)

    assert run(service, tmp_path) == 0
    assert run(service, tmp_path) == 0
    path = capsys.readouterr().out.splitlines()[-1]

    assert (Path(path) / "_SUCCESS").exists()
    assert manifest_in(tmp_path)["complete"]
    assert paid(service) == 4
    assert run(service, tmp_path, "--refresh") == 0
    assert paid(service) == 8


def test_texts_may_stand_in_several_columns(service: Emulator, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"id": "1", "subject": "A leak", "note": "It drips."}\n')

    assert run(service, tmp_path, "--text-columns", "subject,note") == 0
    assert {row["document_id"] for row in rows_in(tmp_path)} == {"1#subject", "1#note"}


POLICY = "version: 1\ndefault: mask\ncategories: {Person: pseudonym}\n"


def redact(service: Emulator, folder: Path, *more: str) -> int:
    (folder / "policy.yaml").write_text(POLICY)
    said = ["run", str(folder / "a.jsonl"), "--tasks", "PiiEntityRecognition", "--redacted-only", *more]
    said += ["--redaction-policy", str(folder / "policy.yaml"), "--to", str(folder / "out")]
    return main([*said, "--endpoint", service.endpoint, "--tables-format", "jsonl"])


def test_a_copy_is_redacted_by_a_policy_with_the_key_of_the_environment(
    service: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.jsonl").write_text('{"text": "My name is Anna Smith.", "language": "en"}\n')
    assert redact(service, tmp_path, "--redacted-copy") == ERROR
    assert paid(service) == 0

    for key in (REDACTION_KEY, OTHER_KEY):
        monkeypatch.setenv("AZURE_LANGUAGE_REDACTION_KEY", key.secret.decode())
        assert redact(service, tmp_path, "--redacted-copy") == 0
        [copy] = (tmp_path / "out" / "redacted").glob("*/a.jsonl")
        assert json.loads(copy.read_text())["text"] == f"My name is {key.pseudonym('Person', 'Anna Smith')}."
        assert manifest_in(tmp_path)["redacted_copy"]["key_id"] == key.id
    assert paid(service) == 1


def test_names_that_were_missed_are_looked_for_and_the_same_command_may_apply_it(
    service: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AZURE_LANGUAGE_REDACTION_KEY", REDACTION_KEY.secret.decode())
    texts = ["My name is Anna Smith.", "written by anna smith"]
    lines = (json.dumps({"text": text, "language": "en"}) + "\n" for text in texts)
    (tmp_path / "a.jsonl").write_text("".join(lines))
    name = REDACTION_KEY.pseudonym("Person", "Anna Smith")

    for mode, told in (("suggest", texts[1]), ("apply", f"written by {name}")):
        assert redact(service, tmp_path, "--redacted-copy", "--second-pass", mode) == 0
        [copy] = (tmp_path / "out" / "redacted").glob("*/a.jsonl")
        assert [json.loads(line)["text"] for line in copy.read_text().splitlines()] == [
            f"My name is {name}.",
            told,
        ]
        assert manifest_in(tmp_path)["redacted_copy"]["second_pass"]["found"] == 1
    assert paid(service) == 1


def test_a_second_pass_without_a_policy_is_refused(
    service: Emulator, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path / "a.jsonl", 1)
    assert run(service, tmp_path, "--second-pass", "suggest") == ERROR
    assert "say redaction_policy, too" in capsys.readouterr().err


def test_a_policy_without_a_copy_is_refused(
    service: Emulator, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path / "a.jsonl", 1)
    assert redact(service, tmp_path) == ERROR
    assert "redaction_policy is for a redacted copy" in capsys.readouterr().err
    assert paid(service) == 0


def test_another_question_is_another_run_and_a_named_one_refuses_it(
    service: Emulator, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path / "a.jsonl", 3)

    assert run(service, tmp_path) == 0
    assert run(service, tmp_path, "--limit", "2") == 0
    assert len(list((tmp_path / "out" / "results").iterdir())) == 2
    assert run(service, tmp_path, "--run", "mine") == 0
    assert run(service, tmp_path, "--run", "mine", "--keep-columns", "stars:double") == ERROR
    assert "This run began with other tasks" in capsys.readouterr().err


def test_too_many_failed_documents_have_an_exit_code_of_their_own(
    service: Emulator, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [{"id": "a", "text": CANARY, "language": "en"}, {"id": "empty", "text": ""}]
    (tmp_path / "a.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))

    assert run(service, tmp_path, "--json") == TOO_MANY_FAILED
    said = capsys.readouterr()
    assert json_in(said.out)["failed_documents"] == 1
    assert "1 of 2 documents are without a result" in said.err
    assert CANARY not in said.out + said.err

    assert run(service, tmp_path, "--max-failed-documents", "0.5", "--price", "2") == 0
    assert "cost: quoted: 0.004" in capsys.readouterr().err


def test_another_model_than_before_is_an_error_of_a_run_that_was_told_so(
    service: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(corpora.DIGEST_KEY, "0123456789abcdef")
    file = tmp_path / "a.jsonl"
    for name, text in (("1", "one"), ("2", "two")):
        monkeypatch.setattr(task_results, "MODEL_VERSION", f"2026-0{name}-01")
        file.write_text(json.dumps({"id": name, "text": text, "language": "en"}))
        code = run(service, tmp_path, "--run", name, "--on-model-change", "fail")

    assert code == ERROR
    assert "2026-02-01 after 2026-01-01" in capsys.readouterr().err


def test_a_signal_ends_a_run_which_the_same_command_goes_on_with(tmp_path: Path) -> None:
    source = write(tmp_path / "a.jsonl", 60)
    with Emulator(key=KEY, duration=86_400) as endless:
        command = [sys.executable, "-m", "airflow_provider_language", "run", source, "--tasks", TASKS]
        command += ["--to", str(tmp_path / "out"), "--endpoint", endless.endpoint]
        process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        _until(lambda: paid(endless) == 3, process)
        process.send_signal(signal.SIGTERM)
        said = process.communicate(timeout=PATIENCE)[1]

    assert process.returncode == INTERRUPTED, said
    assert "goes on from here" in said
    assert "Traceback" not in said
    assert manifest_in(tmp_path)["jobs"] == 3


def _until(holds: Any, process: subprocess.Popen[str]) -> None:
    waited = threading.Event()
    ends = time.monotonic() + PATIENCE
    while not holds():
        assert process.poll() is None
        assert time.monotonic() < ends
        waited.wait(0.05)


def test_an_interruption_amid_reading_is_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def interrupted(_: argparse.Namespace) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("airflow_provider_language.commands.corpora.asked_of", interrupted)

    assert main(["plan", write(tmp_path / "a.jsonl", 3), "--tasks", TASKS]) == INTERRUPTED


def test_a_plan_asks_for_no_key_and_tells_what_is_too_much(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv(connecting.KEY)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.csv").write_text(f"number;review\n1;{CANARY}\n2;\n")
    said = ["plan", "a.csv", "--tasks", TASKS, "--text-column", "review", "--id-column", "number"]

    assert main([*said, "--delimiter", ";", "--tier", "F0"]) == 0
    shown = capsys.readouterr()
    assert "2 documents, 2 text records, 1 jobs" in shown.err
    assert "1 jobs at 300 a minute" in shown.err
    assert lines_in(shown.out) == []

    assert main([*said, "--delimiter", ";", "--max-text-records", "1", "--json"]) == ERROR
    shown = capsys.readouterr()
    assert json_in(shown.out)["violations"][0]["examples"] == ["2"]
    assert "2 text records, and max_text_records is 1" in shown.err
    assert CANARY not in shown.out + shown.err


def test_tasks_may_be_a_file_of_the_services_words(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tasks = [{"kind": "PiiEntityRecognition", "taskName": "phi", "parameters": {"domain": "phi"}}]
    (tmp_path / "tasks.json").write_text(json.dumps(tasks))

    assert main(["plan", write(tmp_path / "a.jsonl", 1), "--tasks", f"@{tmp_path}/tasks.json", "--json"]) == 0
    assert told(capsys)["text_records_by_task"] == {"phi": 1}


@pytest.mark.parametrize(
    ("option", "value", "words"),
    [
        ("--tasks", "Sentiment", "SentimentAnalysis"),
        ("--tasks", "@/nowhere/tasks.json", "No such file"),
        ("--keep-columns", "stars:decimal", "types are"),
        ("--limit", "many", "invalid int"),
    ],
)
def test_wrong_arguments_are_told_before_anything_is_done(
    option: str, value: str, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    usual = {"--tasks": TASKS, "--to": "/nowhere", option: value}
    with pytest.raises(SystemExit) as ended:
        main(["run", "/nowhere/a.jsonl", *(word for pair in usual.items() for word in pair)])

    assert ended.value.code == 2
    assert words in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--endpoint", ""], "There is no endpoint"),
        (["--auth", "managed_identity", "--tenant-id", "t"], "means nothing"),
        (["--auth", "service_principal", "--client-id", "c"], "lacks"),
        (["--max-failed-documents", "many"], "instead of a number of documents"),
        (["--max-active-jobs", "0"], "at least 1"),
        (["--connection-extra", "/nowhere/extra.json"], "FileNotFoundError"),
        (["--to", "nowhere://bucket/a"], "no file system for the scheme nowhere"),
    ],
)
def test_what_cannot_be_run_is_told_and_sends_nothing(
    service: Emulator, tmp_path: Path, arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path / "a.jsonl", 3)

    assert run(service, tmp_path, *arguments) == ERROR
    assert words in capsys.readouterr().err
    assert paid(service) == 0


def test_a_key_comes_from_the_environment_or_who_sits_there_and_from_nowhere_else(
    service: Emulator,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    write(tmp_path / "a.jsonl", 3)
    monkeypatch.delenv(connecting.KEY)
    assert run(service, tmp_path) == ERROR
    assert f"set {connecting.KEY}" in capsys.readouterr().err

    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr(connecting, "getpass", lambda prompt: f" {KEY}\n")
    assert run(service, tmp_path) == 0


@pytest.mark.parametrize(
    ("auth", "more", "who", "extra"),
    [
        ("entra", ["--client-id", "c"], (None, None), {"auth": "entra", "managed_identity_client_id": "c"}),
        ("none", [], (None, None), {}),
        ("workload_identity", ["--client-id", "c"], ("c", None), {"auth": "workload_identity"}),
        (
            "service_principal",
            ["--client-id", "c", "--tenant-id", "t"],
            ("c", "secret"),
            {"auth": "service_principal", "tenant_id": "t"},
        ),
    ],
)
def test_who_signs_in_is_said_as_in_a_connection(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    *,
    auth: str,
    more: list[str],
    who: tuple[str | None, str | None],
    extra: dict[str, str],
) -> None:
    found: list[Any] = []
    monkeypatch.setenv(connecting.SECRET, "secret")

    def settings_from(connection: Any) -> Any:
        found.append(connection)
        return _enough()

    monkeypatch.setattr("airflow_provider_language.hooks.connections.settings_from", settings_from)
    (tmp_path / "extra.json").write_text('{"headers": {"X-Team": "reviews"}, "tier": "S"}')
    parser = argparse.ArgumentParser()
    connecting.add_limits_to(parser)
    connecting.add_sign_in_to(parser)
    parser.set_defaults(tolerance=1.0)
    more += ["--connection-extra", str(tmp_path / "extra.json"), "--tier", "F0", "--logging-opt-out"]

    connecting.resource_of(parser.parse_args(["--endpoint", "https://a.example", "--auth", auth, *more]))

    [connection] = found
    assert (connection.host, connection.login, connection.password) == ("https://a.example", *who)
    assert "secret" not in repr(connection)
    usual = {"headers": {"X-Team": "reviews"}, "tier": "F0", "logging_opt_out": True}
    assert json.loads(connection.extra) == {**usual, **extra}


def _enough() -> Any:
    from airflow_provider_language.hooks.connections import ConnectionSettings
    from airflow_provider_language.protocol.jobs.handles import Endpoint

    return ConnectionSettings(Endpoint.parse("https://a.example"))


def test_a_change_of_a_text_is_found_by_the_key_of_the_environment(
    service: Emulator,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv(corpora.DIGEST_KEY, "k" * 32)
    write(tmp_path / "a.jsonl", 3)
    assert run(service, tmp_path) == 0
    (tmp_path / "a.jsonl").write_text((tmp_path / "a.jsonl").read_text().replace("text 1", "text X"))
    assert run(service, tmp_path) == ERROR
    assert "The source has changed" in capsys.readouterr().err

    monkeypatch.setenv(corpora.DIGEST_KEY, "short")
    assert run(service, tmp_path) == ERROR
    assert f"in {corpora.DIGEST_KEY} has less than" in capsys.readouterr().err


def test_programs_are_told_by_every_command(
    service: Emulator, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path / "a.jsonl", 3)
    assert run(service, tmp_path, "--json") == 0
    manifest = told(capsys)

    assert main(["manifest", manifest["path"], "--json"]) == 0
    assert told(capsys) == manifest
    assert main(["tables", manifest["path"], "--to", str(tmp_path / "t"), "--format", "jsonl", "--json"]) == 0
    assert told(capsys)["tables"]["documents"] == 3
    assert main(["clean", str(tmp_path / "out"), "--older-than", "0m", "--keep", "0", "--json"]) == 0
    assert told(capsys) == {"runs": [manifest["path"]], "of": 1, "unfinished": [], "removed": False}
