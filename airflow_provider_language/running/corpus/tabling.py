"""The tables of a run of a corpus, out of the rows that have landed."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.protocol.json_values import JsonObject, decoded, encoded
from airflow_provider_language.protocol.tables.schema import Column
from airflow_provider_language.running.corpus.places import RunPlaces
from airflow_provider_language.storage.files import replace_file
from airflow_provider_language.storage.stores import place_of
from airflow_provider_language.storage.tables.row_files import rows_in
from airflow_provider_language.storage.tables.table_formats import TableFormat
from airflow_provider_language.storage.tables.writers import TablesWriter

log = logging.getLogger(__name__)

PARTS_OF_A_FILE = 10
"""Of 10,000 documents each: files of some megabytes, which is what readers of tables are made for."""
_ROWS_BETWEEN_LOOKS = 100
"""After how many rows it is asked again whether the task was killed."""


@dataclass(frozen=True)
class TablesWanted:
    """How the tables of a run are written.

    Args:
        format: of their files; None for no tables.
        kept: columns of the source that the table of documents has, too.
        native_documents: whether the corpus is of these.
    """

    format: TableFormat | None
    kept: tuple[Column, ...] = ()
    native_documents: bool = False

    def told(self) -> dict[str, str]:
        """The columns that are carried over, with their types, as JSON has them."""
        return {column.name: column.type for column in self.kept}


def check_columns(places: RunPlaces, wanted: TablesWanted) -> None:
    """Refuse to mix runs whose tables of documents have other columns; most readers would drop some of them.

    Raises:
        InvalidInputError: the last run at this place carried others over.
    """
    place = place_of(_columns_of(places))
    if not place.fs.exists(place.path):
        return
    before = decoded(place.fs.cat_file(place.path))
    if before != wanted.told():
        raise InvalidInputError(
            f"The runs at {places.destination} carry over {', '.join(before or ()) or 'no column'}, and this "
            f"one {', '.join(wanted.told()) or 'none'}, or with other types. Choose another destination, "
            'keep the same columns, or say if_exists="replace".'
        )


def _columns_of(places: RunPlaces) -> str:
    return f"{places.tables}/documents/_columns.json"


def write_tables(
    parts: Sequence[str],
    places: RunPlaces,
    wanted: TablesWanted,
    format_: TableFormat,
    kinds: Sequence[str],
    *,
    is_killed: Callable[[], bool],
    taken: Callable[[JsonObject], None],
) -> dict[str, int]:
    """Write the tables of a run. They follow from its rows alone, so that a later try writes the same.

    Args:
        parts: the names of the run's parts, in the order of the source.
        places: of the run.
        wanted: what is carried over to them.
        format_: of their files.
        kinds: of the run's tasks, all of whose tables have a file, if an empty one.
        is_killed: whether the task was killed by something that has not ended it.
        taken: told of each row.

    Returns:
        How many records each table has.

    Raises:
        InterruptedError: it was killed.
    """
    records: Counter[str] = Counter()
    replace_file(_columns_of(places), encoded(wanted.told()))
    for number, some in enumerate(_in_files(parts)):
        name = places.file_of_tables(number)
        with TablesWriter(
            *(places.tables, name, format_, kinds),
            sparse=number > 0,
            kept=wanted.kept,
            native_documents=wanted.native_documents,
            adjacent=True,
        ) as tables:
            for row in landed_rows(some, places, is_killed=is_killed):
                tables.write(row)
                taken(row)
        records.update(tables.records)
        log.info(
            "Tables of %d of %d parts are written",
            min(len(parts), (number + 1) * PARTS_OF_A_FILE),
            len(parts),
        )
    return dict(records)


def landed_rows(
    parts: Sequence[str], places: RunPlaces, *, is_killed: Callable[[], bool]
) -> Iterator[JsonObject]:
    """The rows of parts of a run, one after another.

    Raises:
        InterruptedError: the task was killed.
    """
    for part in parts:
        for number, row in enumerate(rows_in(f"{places.results}/{part}")):
            if number % _ROWS_BETWEEN_LOOKS == 0 and is_killed():
                raise InterruptedError("The task was killed; its next try goes on with what has landed.")
            yield row


def _in_files(parts: Sequence[str]) -> Iterator[Sequence[str]]:
    """The parts of each file; a corpus without a document has one, too."""
    for begin in range(0, max(len(parts), 1), PARTS_OF_A_FILE):
        yield parts[begin : begin + PARTS_OF_A_FILE]
