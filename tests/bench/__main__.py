"""Prints the tables of all measurements: ``python -m tests.bench [--short] [NAME ...]``."""

from __future__ import annotations

import argparse
import logging
import os
import platform
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from tests.bench import imports, looks, pipelines, throughput, triggerer, waiting
from tests.bench.tables import Table
from tests.bench.workers import SLOTS, airflow

JOBS = 2000
"""Of the measurements that put many jobs through one resource."""


def on_workers(short: bool) -> Iterator[Table]:
    """Measure what waiting costs the workers of a real Airflow, after a pass that is not counted."""
    with airflow(2 if short else SLOTS) as stack:
        if short:
            yield waiting.measured(stack, 2, 1.0, (waiting.OURS_FROM_TRIGGER, waiting.PLAIN))
            return
        waiting.measured(stack, SLOTS, 1.0, (waiting.OURS, waiting.PLAIN))
        yield waiting.measured(stack, SLOTS, waiting.LONG)
        yield waiting.measured(stack, SLOTS, "recorded")


def through_dags(short: bool) -> Iterator[Table]:
    """Measure whole DAGs of a real Airflow, after a pass that is not counted; mapped ones take an hour."""
    with airflow(1) as stack:
        if short:
            yield pipelines.measured(stack, 2, (pipelines.OURS, pipelines.MAPPED_HTTP))
            return
        pipelines.measured(stack, 1)
        yield pipelines.measured(stack, JOBS)


MEASUREMENTS: Mapping[str, Callable[[bool], Iterable[Table]]] = {
    "looks": lambda short: [
        looks.measured(200 if short else 6000),
        looks.measured(200 if short else 6000, slowness=3.0),
    ],
    "throughput": lambda short: [throughput.measured(8 if short else JOBS)],
    "imports": lambda short: [imports.measured(1 if short else 9)],
    "triggerer": lambda short: triggerer.measured(short=short),
    "workers": on_workers,
    "pipelines": through_dags,
}
"""By name, what makes the tables; in the short form with too little work for figures to rely on."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run what is asked for, and print each table as soon as there is one."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one of {', '.join(MEASUREMENTS)}")
    parser.add_argument("--short", action="store_true", help="less work, for a quick look at the form")
    options = parser.parse_args(arguments)
    unknown = set(options.names) - set(MEASUREMENTS)
    if unknown:
        parser.error(f"there is no measurement {', '.join(sorted(unknown))}")
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}\n")
    # Thousands of lines of progress, of ours and of peers, are not what is measured.
    logging.disable(logging.WARNING)
    try:
        for name in options.names or MEASUREMENTS:
            for table in MEASUREMENTS[name](options.short):
                print(table, flush=True)
    finally:
        logging.disable(logging.NOTSET)


if __name__ == "__main__":
    main()
