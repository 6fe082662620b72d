"""The command ``forget``: takes documents out of all runs at a destination, and out of the ledger."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Collection, Iterator
from pathlib import Path

from airflow_provider_language.commands.corpora import DIGEST_KEY
from airflow_provider_language.commands.locations import typed_location
from airflow_provider_language.commands.showing import add_json_to, tell_json


def add_to(parsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to a command line."""
    parser = parsers.add_parser("forget", help="take documents out of all runs", description=__doc__)
    parser.set_defaults(run=run)
    parser.add_argument("destination", type=typed_location, help="of AnalyzeCorpusOperator")
    parser.add_argument("ids", nargs="*", metavar="ID", help="of a document, as it stands in the rows")
    parser.add_argument(
        "--ids-from", metavar="FILE", help="with an id in each line; - for the standard input"
    )
    parser.add_argument(
        "--ledger",
        type=typed_location,
        metavar="FOLDER",
        help=f"that knows them (default: below the destination); its key is in {DIGEST_KEY}",
    )
    parser.add_argument("--no-ledger", dest="ledger", action="store_false", help="leave the ledger as it is")
    add_json_to(parser)


def run(options: argparse.Namespace) -> None:
    """Forget the documents, and tell of each run what is gone.

    Raises:
        InvalidInputError: no document is named, or there is a ledger and no key for it.
        RecordError: a file of the ledger cannot be read.
    """
    from airflow_provider_language.exceptions import InvalidInputError
    from airflow_provider_language.running.corpus.cleaning import runs_at
    from airflow_provider_language.running.corpus.forgetting import forget_in_run

    ids = frozenset(_ids(options))
    if not ids:
        raise InvalidInputError("No document is named: give ids, or a file of them with --ids-from.")
    entries = _forget_in_ledger(options, ids)
    runs = [one.places for one in runs_at(options.destination)]
    gone = [told for places in runs if (told := forget_in_run(places, ids)) is not None]
    if options.json:
        tell_json({"ledger_entries": entries, "runs": [vars(told) for told in gone]})
        return
    for told in gone:
        removed = f"; removed as a whole: {', '.join(told.removed)}" if told.removed else ""
        print(f"{told.run}: {told.rows} rows, {told.records} records of tables{removed}")
        if not told.is_complete:
            print(f"{told.run} is not complete: what it lands from now on is not forgotten", file=sys.stderr)
    print(f"{sum(told.rows for told in gone)} rows of {len(gone)} runs, {entries} entries of the ledger")


def _ids(options: argparse.Namespace) -> Iterator[str]:
    yield from options.ids
    if options.ids_from == "-":
        yield from filter(None, sys.stdin.read().splitlines())
    elif options.ids_from:
        yield from filter(None, Path(options.ids_from).read_text(encoding="utf-8").splitlines())


def _forget_in_ledger(options: argparse.Namespace, ids: Collection[str]) -> int:
    """Have the ledger forget them first, so that no run that ends meanwhile knows them; how many entries."""
    from airflow_provider_language.exceptions import InvalidInputError
    from airflow_provider_language.protocol.corpus.ledger_keys import LedgerKeys
    from airflow_provider_language.running.corpus.places import ledger_below, names_in
    from airflow_provider_language.running.digest_keys import checked_key
    from airflow_provider_language.storage.runs.ledgers import Ledger

    if options.ledger is False:
        return 0
    location = options.ledger or ledger_below(options.destination)
    if not names_in(location):
        if options.ledger:
            raise InvalidInputError(f"There is no ledger at {location}.")
        return 0
    key = checked_key(os.environ.get(DIGEST_KEY, "").strip(), f"in {DIGEST_KEY}")
    if key is None:
        raise InvalidInputError(
            f"There is a ledger at {location}: set {DIGEST_KEY} to its key, or leave it with --no-ledger."
        )
    keys = LedgerKeys(key)
    return Ledger(location).forget(map(keys.of_id, ids), time.time())
