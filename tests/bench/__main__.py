"""Prints the tables of all measurements: ``python -m tests.bench [--short] [NAME ...]``."""

from __future__ import annotations

import argparse
import logging
import os
import platform
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from tests.bench import (
    corpus,
    corpus_again,
    corpus_memory,
    corpus_peers,
    corpus_plan,
    corpus_simulation,
    demonstration,
    fetching,
    imports,
    job_costs,
    long,
    looks,
    pipelines,
    redaction,
    second_pass,
    sign_in,
    throughput,
    triggerer,
    waiting,
)
from tests.bench.tables import Table
from tests.bench.workers import SLOTS, Airflow, airflow

JOBS = 2000
"""Of the measurements that put many jobs through one resource."""
FEW = 2
"""Of the short form on a real Airflow."""


def on_workers(short: bool) -> Iterator[Table]:
    """Measure what waiting costs the workers of a real Airflow, after a pass that is not counted."""
    with airflow(FEW if short else SLOTS) as stack:
        if short:
            yield shortly_on_workers(stack)
            return
        waiting.measured(stack, SLOTS, 1.0, (waiting.OURS, waiting.PLAIN))
        yield waiting.measured(stack, SLOTS, waiting.LONG)
        yield waiting.measured(stack, SLOTS, "recorded")


def through_dags(short: bool) -> Iterator[Table]:
    """Measure whole DAGs of a real Airflow, after a pass that is not counted; mapped ones take an hour."""
    with airflow(1) as stack:
        if short:
            yield shortly_through_dags(stack)
            return
        pipelines.measured(stack, 1)
        yield pipelines.measured(stack, JOBS)


def against_peers(short: bool) -> Iterator[Table]:
    """Measure a corpus in real time, as a task of a real Airflow and by a peer."""
    with airflow(1) as stack:
        yield corpus_peers.measured(stack, 100 if short else 50_000)


def shortly_on_workers(stack: Airflow) -> Table:
    """Measure two ways of waiting on an Airflow whose DAGs are made for a few jobs."""
    return waiting.measured(stack, FEW, 1.0, (waiting.OURS_FROM_TRIGGER, waiting.PLAIN))


def shortly_through_dags(stack: Airflow) -> Table:
    """Measure two DAGs with a few jobs."""
    return pipelines.measured(stack, FEW, (pipelines.OURS, pipelines.MAPPED_HTTP))


MEASUREMENTS: Mapping[str, Callable[[bool], Iterable[Table]]] = {
    "looks": lambda short: [
        looks.measured(50 if short else 6000, slowness=slowness)
        for slowness in ((1.0,) if short else (1.0, 3.0))
    ],
    "long": lambda short: [long.measured(300, 100, 6) if short else long.measured(3000, 1000, 60)],
    "throughput": lambda short: [throughput.measured(8 if short else JOBS)],
    "jobs": lambda short: [job_costs.measured(2, 1) if short else job_costs.measured(50, 25)],
    "corpus": lambda short: [corpus.measured(250, 1) if short else corpus.measured(25_000, 9)],
    "corpus-simulated": lambda short: [corpus_simulation.measured(2_500 if short else 200_000)],
    "corpus-memory": lambda short: [
        corpus_memory.measured(1_000) if short else corpus_memory.measured(10_000, 1_000_000)
    ],
    "corpus-again": lambda short: [corpus_again.measured(1_000 if short else 1_000_000)],
    "corpus-plan": lambda short: [corpus_plan.measured(1_000 if short else 1_000_000)],
    "corpus-peers": against_peers,
    "demo": lambda short: [demonstration.measured(100 if short else 3_000)],
    "fetch": lambda short: [fetching.measured(1, 3) if short else fetching.measured(1, 100, 2000)],
    "imports": lambda short: [imports.measured(1 if short else 9)],
    "redaction": lambda short: [redaction.measured(1_000 if short else 1_000_000)],
    "second-pass": lambda short: [
        second_pass.measured(100) if short else second_pass.measured(10_000, 100_000, 300_000)
    ],
    "triggerer": lambda short: triggerer.measured(short=short),
    "sign-in": lambda short: sign_in.measured(short=short),
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
