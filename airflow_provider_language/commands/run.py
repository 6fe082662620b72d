"""The command ``run``: analyzes a corpus as AnalyzeCorpusOperator does; the same command again goes on."""

from __future__ import annotations

import argparse
import logging
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NoReturn

from airflow_provider_language.commands.connecting import add_limits_to, add_sign_in_to
from airflow_provider_language.commands.corpora import add_corpus_to, add_results_to
from airflow_provider_language.commands.locations import typed_location
from airflow_provider_language.commands.showing import add_json_to
from airflow_provider_language.protocol.defaults import TOLERANCE

if TYPE_CHECKING:
    from airflow_provider_language.running.corpus.places import RunPlaces


def add_to(parsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to a command line."""
    parser = parsers.add_parser("run", help="analyze a corpus", description=__doc__)
    parser.set_defaults(run=run)
    add_corpus_to(parser)
    add_results_to(parser)
    parser.add_argument(
        "--to",
        required=True,
        type=typed_location,
        metavar="DESTINATION",
        help="below which results are written",
    )
    parser.add_argument(
        "--run",
        dest="run_name",
        metavar="NAME",
        help="of the run, by which it goes on (default: a digest of what is asked)",
    )
    parser.add_argument("--refresh", action="store_true", help="start over, and pay again")
    parser.add_argument(
        "--max-failed-documents",
        default="0",
        metavar="N",
        help="that may be without a result: a number, or a share such as 0.05 (default: 0)",
    )
    parser.add_argument(
        "--tolerance",
        type=float,
        default=TOLERANCE,
        metavar="SECONDS",
        help="for which faults of the service in a row are ridden out",
    )
    parser.add_argument("--verbose", action="store_true", help="show the whole log")
    add_limits_to(parser)
    add_sign_in_to(parser)
    add_json_to(parser)


def run(options: argparse.Namespace) -> None:
    """Work until the corpus has landed, and tell what came of it.

    Raises:
        LanguageError: why it could not go on; the same command does, from here.
        DocumentErrorsError: more documents have failed than are allowed.
        ModelChangedError: other models have judged than before, and that is to be an error.
        InterruptedError: it was ended by a signal.
    """
    from airflow_provider_language.commands.showing import logs_shown, tell_json
    from airflow_provider_language.protocol.corpus.failing import allowed_in
    from airflow_provider_language.running.corpus.manifests import read_manifest, wrong_with

    allowed = allowed_in(options.max_failed_documents, "--max-failed-documents")
    with logs_shown(logging.INFO if options.verbose else logging.WARNING), _terminated():
        places = _worked(options)
    manifest = read_manifest(places)
    _show(manifest)
    if options.json:
        tell_json(manifest)
    else:
        print(manifest["path"])
    error = wrong_with(manifest, allowed, options.on_model_change)
    if error is not None:
        raise error


def _worked(options: argparse.Namespace) -> RunPlaces:
    from airflow_provider_language.commands.connecting import resource_of
    from airflow_provider_language.commands.corpora import asked_of, corpus_asked, places_asked
    from airflow_provider_language.commands.showing import progress_shown
    from airflow_provider_language.running.corpus.places import names_in
    from airflow_provider_language.running.corpus.run import CorpusRun
    from airflow_provider_language.storage.runs.journals import JournalFolder
    from airflow_provider_language.storage.tables.table_formats import check_can_write

    asked = asked_of(options)
    check_can_write(asked.tables_format or "jsonl")
    resource = resource_of(options)
    places = places_asked(asked, options)
    corpus = corpus_asked(asked, resource, f"command-line/{places.name}")
    begun = names_in(places.journal)
    refresh = int(begun[-1]) + 1 if options.refresh and begun else None
    if refresh is None and "_SUCCESS" in names_in(places.results):
        print("This run was complete before: nothing is submitted. --refresh starts over.", file=sys.stderr)
    latest = JournalFolder(f"{places.journal}/{begun[-1]}", 0).overtaken_by() if begun else None
    with progress_shown() as told:
        attempt = (latest or 0) + 1
        CorpusRun(corpus, places, [resource], attempt=attempt, refresh=refresh, progress=told).run()
    return places


def _show(manifest: dict[str, Any]) -> None:
    from airflow_provider_language.commands.showing import show

    names = ("documents", "failed_documents", "rows", "reused", "left_out", "ok", "error", "missing", "jobs")
    lines = [(name.replace("_", " "), f"{manifest[name]:,}") for name in names]
    lines += [("text records", f"{name}: {number:,}") for name, number in manifest["text_records"].items()]
    lines += [("cost", f"{name}: {number:,}") for name, number in (manifest["cost"] or {}).items()]
    lines += [
        ("failures", f"{one['rows']:,} {one['code']} of {one['task']}, such as {one['example']!r}")
        for one in manifest["failures"]
    ]
    show(manifest["path"], lines)


@contextmanager
def _terminated() -> Iterator[None]:
    """Let SIGTERM end the command as an interruption does, which leaves nothing half noted."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def end(*_: object) -> NoReturn:
        raise InterruptedError("The run was ended by a signal; the same command goes on from here.")

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
