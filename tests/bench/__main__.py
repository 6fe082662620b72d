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

PIPELINE_JOBS = 200
"""Of each pipeline of DAGs: enough for its rate to be seen, as a task for each job takes a second or two."""


def on_airflow(short: bool) -> Iterator[Table]:
    """Measure on one real Airflow, after a pass that is not counted."""
    jobs = 2 if short else SLOTS
    with airflow(jobs) as stack:
        if short:
            yield waiting.measured(stack, jobs, 1.0, (waiting.OURS_FROM_TRIGGER, waiting.PLAIN))
            yield pipelines.measured(stack, jobs, (pipelines.OURS, pipelines.MAPPED_HTTP))
            return
        pipelines.measured(stack, 1)
        yield waiting.measured(stack, jobs, waiting.LONG)
        yield waiting.measured(stack, jobs, "recorded")
        yield pipelines.measured(stack, PIPELINE_JOBS)


MEASUREMENTS: Mapping[str, Callable[[bool], Iterable[Table]]] = {
    "looks": lambda short: [
        looks.measured(200 if short else 6000),
        looks.measured(200 if short else 6000, slowness=3.0),
    ],
    "throughput": lambda short: [throughput.measured(8 if short else 2000)],
    "imports": lambda short: [imports.measured(1 if short else 9)],
    "triggerer": lambda short: triggerer.measured(short=short),
    "airflow": on_airflow,
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
