"""The command ``tables``: makes the tables of rows that have landed before."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from typing import get_args

from airflow_provider_language.commands.showing import add_json_to, tell_json
from airflow_provider_language.storage.tables.table_formats import TableFormat


def add_to(parsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to a command line."""
    parser = parsers.add_parser("tables", help="make tables of rows that have landed", description=__doc__)
    parser.set_defaults(run=run)
    parser.add_argument(
        "rows",
        nargs="+",
        help="a file of rows, or the folder of a run: DESTINATION/results/RUN",
    )
    parser.add_argument("--to", required=True, metavar="FOLDER", help="below which each table has a folder")
    parser.add_argument(
        "--format", choices=get_args(TableFormat), default="parquet", help="of the files (default: parquet)"
    )
    add_json_to(parser)


def run(options: argparse.Namespace) -> None:
    """Write the tables of each file of rows, in files of its name, and tell how many records they have.

    Raises:
        InvalidInputError: something is no file of rows, or two files have one name.
    """
    from collections import Counter

    from airflow_provider_language.exceptions import InvalidInputError
    from airflow_provider_language.storage.formats import stem_of
    from airflow_provider_language.storage.tables.row_files import rows_in
    from airflow_provider_language.storage.tables.writers import TablesWriter

    files = list(_files(options.rows))
    stems = [stem_of(file) for file in files]
    twice = [stem for stem, times in Counter(stems).items() if times > 1]
    if twice:
        raise InvalidInputError(f"Several files are called {twice[0]}; make the tables of each in a folder.")
    records: Counter[str] = Counter()
    for file, stem in zip(files, stems, strict=True):
        with TablesWriter(options.to, stem, options.format) as tables:
            for row in rows_in(file):
                tables.write(row)
        records.update(tables.records)
    if options.json:
        tell_json({"tables": records})
        return
    for table, number in records.items():
        print(f"{table}: {number}")


def _files(given: Sequence[str]) -> Iterator[str]:
    """The files of rows; of a run's folder, its parts."""
    from airflow_provider_language.exceptions import InvalidInputError
    from airflow_provider_language.storage.stores import place_of

    for location in given:
        place = place_of(location)
        if not place.fs.isdir(place.path):
            if not place.is_file():
                raise InvalidInputError(f"There is no file of rows at {location}.")
            yield location
            continue
        names = sorted(str(one).rpartition("/")[2] for one in place.fs.ls(place.path, detail=False))
        parts = [name for name in names if name.startswith("part-") and name.endswith(".jsonl")]
        if not parts:
            raise InvalidInputError(f"There is no part of a run at {location}.")
        yield from (f"{location.rstrip('/')}/{name}" for name in parts)
