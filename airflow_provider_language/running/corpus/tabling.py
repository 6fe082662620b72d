"""The tables of a run of a corpus, out of the rows that have landed."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator, Sequence

from airflow_provider_language.running.corpus.places import RunPlaces
from airflow_provider_language.storage.row_files import rows_in
from airflow_provider_language.storage.tables import TablesWriter

log = logging.getLogger(__name__)

PARTS_OF_A_FILE = 10
"""Of 10,000 documents each: files of some megabytes, which is what readers of tables are made for."""


def write_tables(
    parts: Sequence[str], places: RunPlaces, format_: str, kinds: Sequence[str]
) -> dict[str, int]:
    """Write the tables of a run. They follow from its rows alone, so that a later try writes the same.

    Args:
        parts: the names of the run's parts, in the order of the source.
        places: of the run.
        format_: of the tables.
        kinds: of the run's tasks, all of whose tables have a file, if an empty one.

    Returns:
        How many records each table has.
    """
    records: Counter[str] = Counter()
    for number, some in enumerate(_in_files(parts)):
        name = places.file_of_tables(number)
        with TablesWriter(places.tables, name, format_, kinds, sparse=number > 0) as tables:
            for part in some:
                for row in rows_in(f"{places.results}/{part}"):
                    tables.write(row)
        records.update(tables.records)
        log.info(
            "Tables of %d of %d parts are written",
            min(len(parts), (number + 1) * PARTS_OF_A_FILE),
            len(parts),
        )
    return dict(records)


def _in_files(parts: Sequence[str]) -> Iterator[Sequence[str]]:
    """The parts of each file; a corpus without a document has one, too."""
    for begin in range(0, max(len(parts), 1), PARTS_OF_A_FILE):
        yield parts[begin : begin + PARTS_OF_A_FILE]
