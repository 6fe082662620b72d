"""The command ``tables``: makes the tables of rows that have landed before."""

from __future__ import annotations

import argparse
from typing import get_args

from airflow_provider_language.commands.locations import typed_location
from airflow_provider_language.commands.showing import add_json_to, tell_json
from airflow_provider_language.storage.tables.table_formats import TableFormat


def add_to(parsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to a command line."""
    parser = parsers.add_parser("tables", help="make tables of rows that have landed", description=__doc__)
    parser.set_defaults(run=run)
    parser.add_argument(
        "rows",
        type=typed_location,
        nargs="+",
        help="a file of rows, or the folder of a run: DESTINATION/results/RUN",
    )
    parser.add_argument(
        "--to",
        type=typed_location,
        required=True,
        metavar="FOLDER",
        help="below which each table has a folder",
    )
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
    from airflow_provider_language.storage.tables.row_files import row_files, rows_in
    from airflow_provider_language.storage.tables.writers import TablesWriter

    files = [file for location in options.rows for file in row_files(location)]
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
