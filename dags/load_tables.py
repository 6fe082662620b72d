"""The tables of a corpus in a database: what `analyze_corpus` has found, to be joined and counted.

The asset that `analyze_corpus` gives out starts this, and its event tells which run there is to load. Started
by hand, it loads all complete runs of a folder. Each record has the name of its run, and a run is loaded in
one transaction, in the place of what was there of it: nothing is loaded twice, however often this runs.

The connection `tables` names the database, such as a file of SQLite; by Airflow's common.sql, any other one
does that knows names in double quotes, as PostgreSQL does.
"""

from __future__ import annotations

import json
from contextlib import closing
from datetime import datetime, timezone
from typing import Any

try:
    from airflow.sdk import Asset, BaseHook, ObjectStoragePath, Param, dag, task
except ImportError:  # Airflow 2.11
    from airflow.datasets import Dataset as Asset  # type: ignore[import-not-found,no-redef]
    from airflow.decorators import dag, task  # type: ignore[no-redef,attr-defined]
    from airflow.hooks.base import BaseHook  # type: ignore[no-redef,attr-defined]
    from airflow.io.path import ObjectStoragePath  # type: ignore[import-not-found,no-redef]
    from airflow.models.param import Param  # type: ignore[import-not-found,no-redef]

CONN_ID = "tables"
TYPES = {"string": "TEXT", "int64": "BIGINT", "double": "DOUBLE PRECISION", "bool": "BOOLEAN"}


def load_table(cursor: Any, placeholder: str, folder: ObjectStoragePath) -> int:
    """Put a run's files of one table in the place of what is there of this run, and count its records."""
    from pyarrow import parquet

    table, run = folder.parent.name, folder.name
    loaded = 0
    for number, path in enumerate(sorted(folder.iterdir(), key=str)):
        with path.open("rb") as opened:  # type: ignore[no-untyped-call]
            file = parquet.ParquetFile(opened)
            columns = {f'"{field.name}"': TYPES[str(field.type)] for field in file.schema_arrow}
            if number == 0:
                types = ", ".join(f"{name} {type_}" for name, type_ in {'"run"': "TEXT", **columns}.items())
                cursor.execute(f'CREATE TABLE IF NOT EXISTS "{table}" ({types})')
                cursor.execute(f'DELETE FROM "{table}" WHERE "run" = {placeholder}', (run,))  # noqa: S608
            places = ", ".join([placeholder] * (len(columns) + 1))
            insert = f'INSERT INTO "{table}" ("run", {", ".join(columns)}) VALUES ({places})'  # noqa: S608
            for records in file.iter_batches(batch_size=1000):
                cursor.executemany(insert, [(run, *record.values()) for record in records.to_pylist()])
                loaded += records.num_rows
    return loaded


@dag(
    schedule=[Asset("analyzed_corpus")],
    start_date=datetime(2026, 1, 1, tzinfo=timezone.utc),
    catchup=False,
    max_active_tasks=1,  # SQLite has one writer at a time
    tags=["azure-ai-language", "example"],
    doc_md=__doc__,
    params={
        "analyzed": Param(
            "file:///tmp/analyze_corpus",
            type="string",
            description="Where a corpus was analyzed to: all of its runs are loaded, if no asset says which.",
        ),
    },
)
def load_tables() -> None:
    @task
    def find_runs(
        params: Any = None, triggering_asset_events: Any = None, triggering_dataset_events: Any = None
    ) -> list[str]:
        """The folders of the runs to load."""
        told = triggering_asset_events or triggering_dataset_events or {}  # the latter on Airflow 2.11
        runs = [
            event.extra["path"] for events in told.values() for event in events if event.extra.get("path")
        ]
        results = ObjectStoragePath(params["analyzed"]) / "results"
        return list(dict.fromkeys(runs)) or sorted(map(str, results.iterdir()))

    @task(retries=2, doc_md="Loads the tables of a run, all or none.")
    def load(run: str) -> dict[str, int]:
        """Load the tables of a run, all or none; how many records each has."""
        results = ObjectStoragePath(run)
        if not (results / "_SUCCESS").exists():
            return {}
        manifest = json.loads((results / "_manifest.json").read_text())
        hook: Any = BaseHook.get_hook(CONN_ID)
        with closing(hook.get_conn()) as connection:
            loaded = {
                table: load_table(
                    connection.cursor(), hook.placeholder, results.parent.parent / table / results.name
                )
                for table in manifest["tables"] or ()
            }
            connection.commit()
        return loaded

    load.expand(run=find_runs())


load_tables()
