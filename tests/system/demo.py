"""The demonstration: starts the emulator and a real Airflow, runs the example DAG, shows what it found."""

from __future__ import annotations

import argparse
import shutil
import signal
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.protocol.surfaces import ANALYZE_TEXT
from tests.system.answers import answers
from tests.system.emulator_process import EmulatorProcess
from tests.system.findings import Findings, count, read_rows
from tests.system.processes import ProcessError
from tests.system.rest import AirflowApi, AirflowApiError, Run, StateChange
from tests.system.stack import AirflowStack

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

PROJECT = Path(__file__).resolve().parents[2]
DAGS = PROJECT / "dags"
DAG_ID = "analyze_corpus"
TASK_ID = "analyze"
RUN_SECONDS = 300
JOB_SECONDS = 14
KEY = "key-of-the-demonstration"
LAYOUT = ("text_column", "id_column", "language_column", "delimiter", "encoding")
"""What may be said of a file of documents; the parameters of the example have these names, too."""


class DemoError(RuntimeError):
    """The run of the example failed, or did not do what the demonstration is to show."""


@dataclass(frozen=True)
class Demonstration:
    """What was seen of one run of the example.

    Attributes:
        changes: of the states of the tasks and of the run, in order.
        manifest: the XCom of the task.
        cpu: seconds of CPU that all processes took, from the trigger to the end of the run.
        findings: counted from the result files.
    """

    changes: tuple[StateChange, ...]
    manifest: dict[str, Any]
    cpu: float
    findings: Findings


def demonstrate(
    *,
    home: Path,
    output: Path,
    documents: Path | None = None,
    layout: Mapping[str, str] | None = None,
    key: str = KEY,
    token_issuer: bool = False,
    say: Callable[[str], None] = print,
) -> Demonstration:
    """Run the example DAG on a real Airflow against the emulator, and stop both.

    Args:
        home: AIRFLOW_HOME of the run; stays.
        output: a new folder for the results.
        documents: what to analyze; the sample beside the DAG by default.
        layout: how their file is written, as far as it is not as usual.
        key: the subscription key of the connection.
        token_issuer: whether the connection signs in with Entra ID instead, which the emulator plays, too.
        say: is given each line of progress.

    Raises:
        ProcessError: a program did not start or ended early.
        AirflowApiError: Airflow refused something, or the run took too long.
        DemoError: a task failed.
    """
    start = time.monotonic()

    def tell(what: object) -> None:
        say(f"{time.monotonic() - start:6.1f} s  {what}")

    params = {"output": output.resolve().as_uri(), **(layout or {})}
    if documents is not None:
        params["source"] = str(documents.resolve())
    home.mkdir(parents=True, exist_ok=True)
    tell("starting the emulator of the service")
    emulated = EmulatorProcess(home, key=key, job_seconds=JOB_SECONDS, token_issuer=token_issuer)
    with emulated as emulator:
        tell(f"emulator ready at {emulator.endpoint}; starting Airflow in {home}")
        with AirflowStack(DAGS, home, environment=emulator.environment) as stack:
            tell(f"Airflow ready at {stack.url}; waiting for the DAG {DAG_ID}")
            stack.wait_for_dag(DAG_ID)
            before = _cpu()
            run = stack.api.trigger(DAG_ID, params)
            changes: list[StateChange] = []
            for change in stack.api.follow(run, timeout=RUN_SECONDS):
                tell(change)
                changes.append(change)
            cpu = _cpu() - before
            tell(f"the run took {cpu:.1f} s of CPU in all processes")
            require_success(stack.api, run)
            manifest = stack.api.xcom(run, TASK_ID)
        tell("finished; everything stopped")
    return Demonstration(tuple(changes), manifest, cpu, count(read_rows(output)))


def _cpu() -> float:
    """Seconds of CPU of all processes below this one, and of those that have ended below them."""
    spent = 0.0
    for process in psutil.Process().children(recursive=True):
        with suppress(psutil.NoSuchProcess):  # ended; its parent has its seconds by now
            spent += sum(process.cpu_times()[:4])
    return spent


def check_input(documents: Path, layout: Mapping[str, str]) -> None:
    """Read the documents as the example will: what is wrong with them is told before Airflow is started.

    Raises:
        InvalidInputError: they cannot be read, or there are none.
    """
    from airflow_provider_language.protocol.corpus.families import Takes
    from airflow_provider_language.protocol.corpus.layouts import layout_from
    from airflow_provider_language.storage.sources.corpora import corpus_files, corpus_items

    files = corpus_files([str(documents.resolve())])
    items = corpus_items(files, layout_from(layout), takes=Takes(ANALYZE_TEXT.max_characters, bool))
    if not sum(1 for _ in items):
        raise InvalidInputError(f"There are no documents in {documents}.")


def require_success(api: AirflowApi, run: Run) -> None:
    """Raise DemoError if the finished run is not what the demonstration is to show."""
    failed = [instance for instance in api.task_instances(run) if instance["state"] == "failed"]
    if failed:
        task_id, index, tries = (failed[0][name] for name in ("task_id", "map_index", "try_number"))
        log = api.task_log(run, task_id, try_number=tries, map_index=index)
        raise DemoError(f"task {task_id} failed; the end of its log:\n{log[-3000:]}")
    if api.run_state(run) != "success":
        raise DemoError(f"the run ended as {api.run_state(run)}")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the demonstration from the command line.

    Returns:
        The exit code: 0 if the run succeeded.
    """
    parser = argparse.ArgumentParser(prog="python -m tests.system.demo", description=__doc__)
    parser.add_argument(
        "--documents", type=Path, help="a JSON-lines or CSV file, or a folder of these or of text files"
    )
    parser.add_argument("--output", type=Path, default=Path("demo-output"), help="a folder for the results")
    for name in LAYOUT:
        parser.add_argument(f"--{name.replace('_', '-')}", metavar="NAME", help="how that file is written")
    parser.add_argument("--sign-in", choices=("key", "entra"), default="key", help="default: %(default)s")
    options = parser.parse_args(arguments)
    layout = {name: getattr(options, name) for name in LAYOUT if getattr(options, name)}
    if options.output.exists() and not options.output.is_dir():
        parser.error(f"{options.output} is not a folder")
    if options.documents is not None:
        try:
            check_input(options.documents, layout)
        except InvalidInputError as error:
            parser.error(str(error))
    # Ending by SIGTERM leaves the contexts as Ctrl-C does, so that nothing goes on running.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped by a signal"))
    home = Path(tempfile.mkdtemp(prefix="airflow-demo-"))
    # A folder for each run, so that the table never counts the results of another.
    output = options.output / f"{datetime.now(timezone.utc):%Y-%m-%dT%H%M%SZ}"
    try:
        shown = demonstrate(
            home=home,
            output=output,
            documents=options.documents,
            layout=layout,
            token_issuer=options.sign_in == "entra",
        )
    except (ProcessError, AirflowApiError, DemoError, FileNotFoundError) as error:
        print(
            f"\nThe demonstration failed: {error}\n\nLogs, configuration and database: {home}",
            file=sys.stderr,
        )
        return 1
    shutil.rmtree(home)
    print(f"\n{shown.findings.table()}\n\n{answers(output)}\n\nResults: {output.resolve()}")
    print(f"A page for people: {shown.manifest['report']}")
    print(f"The documents without personal data: {shown.manifest['redacted_copy']['path']}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
