"""Reads a query on PostgreSQL as a corpus does, and tells what its process held at most.

Called with the number of rows; the connection is ``warehouse``. Its last line is a JSON object: the rows, the
megabytes that the process had at most before and after it, and the seconds.
"""

from __future__ import annotations

import json
import resource
import sys
import time

from airflow_provider_language.protocol.corpus.families import Takes
from airflow_provider_language.protocol.corpus.layouts import AS_USUAL
from airflow_provider_language.protocol.corpus.queries import SqlSource
from airflow_provider_language.storage.sources.corpora import items_of_rows
from airflow_provider_language.storage.sources.queries import query_rows

SQL = "SELECT n AS id, repeat('a review of 20 chars', 50) AS text FROM generate_series(1, {}) AS n"


def peak() -> float:
    """The most that this process has held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def read(rows: int) -> int:
    """Read so many rows, of 1 KB each, and count them."""
    kept = query_rows(SqlSource("warehouse", SQL.format(rows)), AS_USUAL, (), None)
    return sum(item.fault is None for item in items_of_rows(kept, "warehouse", takes=Takes(125_000, bool)))


def main() -> None:
    """Read a few rows, which imports and connects, and then all."""
    read(1000)
    before, start = peak(), time.monotonic()
    count = read(int(sys.argv[1]))
    told = {"rows": count, "before": before, "after": peak(), "seconds": time.monotonic() - start}
    sys.stdout.write("\n" + json.dumps(told) + "\n")


if __name__ == "__main__":
    main()
