"""What the recipes promise of a database, on SQLite and on PostgreSQL."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from airflow_provider_language._compat import BaseHook
from airflow_provider_language.emulator import Emulator
from airflow_provider_language.operators.analyze import AnalyzeCorpusOperator
from tests.airflow_stands import TaskInstance, context_of
from tests.site.__main__ import DOCS
from tests.site.test_code_blocks import run
from tests.system.postgres import SUPERUSER, PostgresServer

Load = Callable[[Mapping[str, Any]], None]
REVIEWS = "id,text\n1,The room was lovely.\n2,The breakfast was awful.\n"


@pytest.fixture
def load_run(azure_language: Emulator) -> Load:
    """The function of the page, as a reader copies it."""
    assert azure_language.endpoint
    load: Load = run(DOCS / "recipes.md")[0]["load_run"]
    return load


@pytest.fixture(params=["sqlite", "postgres"])
def warehouse(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """The connection of the page, to a database that is empty."""
    if request.param == "sqlite":
        connection = {"conn_type": "sqlite", "host": str(tmp_path / "warehouse.db")}
        monkeypatch.setenv("AIRFLOW_CONN_WAREHOUSE", json.dumps(connection))
        yield
        return
    with PostgresServer(tmp_path / "postgres.log") as server:
        folder = parse_qs(urlsplit(server.url).query)["host"][0]
        connection = {"conn_type": "postgres", "host": folder, "login": SUPERUSER, "schema": SUPERUSER}
        monkeypatch.setenv("AIRFLOW_CONN_WAREHOUSE", json.dumps(connection))
        yield


def analyzed(folder: Path, run_id: str) -> Mapping[str, Any]:
    """What a run of the corpus returns to the next task."""
    source = folder / "reviews.csv"
    source.write_text(REVIEWS)
    operator = AnalyzeCorpusOperator(
        task_id="analyze",
        source=str(source),
        tasks=["SentimentAnalysis", "KeyPhraseExtraction"],
        destination=str(folder / "analyzed"),
    )
    told: Mapping[str, Any] = operator.execute(context_of(TaskInstance(run_id=run_id)))
    return told


def counts(manifest: Mapping[str, Any]) -> Mapping[str, int]:
    """How many records each table has by now."""
    hook: Any = BaseHook.get_hook("warehouse")
    with closing(hook.get_conn()) as connection:
        cursor = connection.cursor()
        told = {}
        for table in manifest["tables"]:
            cursor.execute(f'SELECT count(*) FROM "{table}"')  # noqa: S608 - the names are ours
            told[table] = cursor.fetchone()[0]
    return told


@pytest.mark.usefixtures("warehouse")
def test_the_tables_of_a_run_are_loaded_once_however_often_and_other_runs_stay(
    load_run: Load, tmp_path: Path
) -> None:
    first, second = (analyzed(tmp_path, run_id) for run_id in ("monday", "tuesday"))
    for manifest in (first, first, second, first):
        load_run(manifest)

    assert first["tables"]["documents"] == 2
    assert counts(first) == {table: 2 * number for table, number in first["tables"].items()}


@pytest.mark.usefixtures("warehouse")
def test_a_load_that_breaks_off_leaves_what_was_there(load_run: Load, tmp_path: Path) -> None:
    manifest = analyzed(tmp_path, "monday")
    load_run(manifest)
    (file,) = (tmp_path / "analyzed" / "sentences").rglob("*.parquet")
    file.write_bytes(b"no Parquet any more")

    with pytest.raises(Exception, match="Parquet"):
        load_run(manifest)

    assert counts(manifest) == manifest["tables"]
