"""The command ``clean``: removes old runs of AnalyzeCorpusOperator, and what killed writers have left."""

from __future__ import annotations

import argparse
import re
import time
from typing import TYPE_CHECKING

from airflow_provider_language.commands.locations import typed_location
from airflow_provider_language.commands.showing import add_json_to, tell_json

if TYPE_CHECKING:
    from airflow_provider_language.running.corpus.cleaning import FoundRun

_UNITS = {"m": 60.0, "h": 3_600.0, "d": 86_400.0, "w": 604_800.0}


def add_to(parsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to a command line."""
    parser = parsers.add_parser("clean", help="remove old runs of a corpus", description=__doc__)
    parser.set_defaults(run=run)
    parser.add_argument(
        "destination", type=typed_location, help="of AnalyzeCorpusOperator, as ObjectStoragePath takes it"
    )
    parser.add_argument(
        "--older-than",
        type=_seconds,
        default=_seconds("30d"),
        metavar="AGE",
        help="leave runs of which something changed since: 12h, 30d, 8w (default: 30d)",
    )
    parser.add_argument(
        "--keep",
        type=_count,
        default=1,
        metavar="N",
        help="leave the latest N complete runs of each task, however old they are (default: 1)",
    )
    parser.add_argument(
        "--journals-only",
        action="store_true",
        help="leave the results; a run without a journal that is cleared starts over, and is paid again",
    )
    parser.add_argument(
        "--incomplete",
        action="store_true",
        help="remove runs that are not complete, too; what they have submitted is lost to their next try",
    )
    parser.add_argument(
        "--needed",
        action="store_true",
        help="remove runs, too, on whose rows later ones rely, which have rows of new documents alone; the "
        "next run analyzes, and pays, their documents again",
    )
    parser.add_argument("--yes", action="store_true", help="remove; without it, only tell what would go")
    add_json_to(parser)


def run(options: argparse.Namespace) -> None:
    """Tell what goes, and remove it if that is wanted.

    Raises:
        InvalidInputError: the destination is no location.
    """
    from airflow_provider_language.running.corpus.cleaning import (
        Retention,
        abandoned_at,
        runs_at,
        to_remove,
    )

    now = time.time()
    runs = runs_at(options.destination)
    retention = Retention(options.older_than, options.keep, options.incomplete, options.needed)
    going = list(to_remove(runs, retention, now))
    if options.journals_only:
        going = [one for one in going if one.has_journal]
    if options.yes:
        for one in going:
            one.places.remove(journals_only=options.journals_only)
    left = abandoned_at(options.destination, now)
    if options.yes:
        for leftover in left:
            leftover.remove()
    places = [one.places.journal if options.journals_only else one.places.results for one in going]
    unfinished = [leftover.location for leftover in left]
    if options.json:
        tell_json({"runs": places, "of": len(runs), "unfinished": unfinished, "removed": options.yes})
        return
    for place, one in zip(places, going, strict=True):
        print(f"{place}, {_told(one, now)}")
    for location in unfinished:
        print(f"{location}, which was never finished")
    done = "removed" if options.yes else "would be removed; --yes removes them"
    print(f"{len(going)} of {len(runs)} runs and {len(left)} unfinished files {done}")


def _told(one: FoundRun, now: float) -> str:
    days = (now - (one.changed or now)) / _UNITS["d"]
    state = "a plan" if one.is_plan else "complete" if one.is_complete else "not complete"
    return f"{state}, {days:.1f} days old"


def _seconds(age: str) -> float:
    found = re.fullmatch(r"(\d+)([mhdw])", age)
    if found is None:
        raise argparse.ArgumentTypeError(f"{age!r} is not an age such as 12h, 30d or 8w")
    return int(found[1]) * _UNITS[found[2]]


def _count(number: str) -> int:
    if not number.isdecimal():
        raise argparse.ArgumentTypeError(f"{number!r} is not a number of at least 0")
    return int(number)
