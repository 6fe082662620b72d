"""A corpus that is the rows of a query: what is read, what is refused, and what a retry finds."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from pyarrow import parquet

from airflow_provider_language._compat import AirflowFailException
from airflow_provider_language.documents import SqlSource
from airflow_provider_language.emulator import Emulator, Fault
from airflow_provider_language.exceptions import ServiceUnavailableError
from tests.airflow_stands import CANARY, TaskInstance
from tests.corpus_runs import TASKS, analyze, manifest_in, paid, rows_in
from tests.sql_sources import REVIEWS, Warehouse

if TYPE_CHECKING:
    from tests.conftest import Connect

ONE = ["KeyPhraseExtraction"]
SOURCE = SqlSource("warehouse", REVIEWS)


@pytest.fixture
def warehouse(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Warehouse:
    return Warehouse(tmp_path / "warehouse.db", monkeypatch)


def test_every_row_of_a_query_has_a_row_per_task_in_its_order(
    language: Emulator, warehouse: Warehouse, tmp_path: Path
) -> None:
    warehouse.add(260)
    source = SqlSource("warehouse", f"{REVIEWS};", order_by="id DESC")

    manifest = analyze(tmp_path, source=source, keep_columns={"stars": "double", "day": "string"})

    rows = rows_in(tmp_path)
    assert [(row["document_id"], row["kind"]) for row in rows] == [
        (str(number), kind) for number in reversed(range(260)) for kind in TASKS
    ]
    assert {row["status"] for row in rows} == {"ok"}
    assert (manifest["documents"], manifest["jobs"], paid(language)) == (260, 11, 11)
    (file,) = (tmp_path / "out" / "documents").glob("*/*.parquet")
    first = parquet.read_table(file).to_pylist()[0]
    told = ("document_id", "source", "row_number", "language", "stars", "day")
    assert [first[name] for name in told] == ["259", "warehouse", 0, "en", 4.5, "2026-11-08"]


def test_columns_may_have_other_names_and_rows_no_ids(
    language: Emulator, warehouse: Warehouse, tmp_path: Path
) -> None:
    warehouse.add(3)
    sql = "SELECT day, text AS said, language AS lang FROM reviews"

    analyze(
        tmp_path,
        source=SqlSource("warehouse", sql, order_by=["day"]),
        text_column="said",
        language_column="lang",
        tasks=ONE,
    )

    assert [row["document_id"] for row in rows_in(tmp_path)] == [f"warehouse#{one}" for one in range(3)]


def test_rows_without_text_are_errors_under_their_own_ids(
    language: Emulator, warehouse: Warehouse, tmp_path: Path
) -> None:
    warehouse.add(2)
    warehouse.run("INSERT INTO reviews VALUES (2, NULL, 'en', 1, 'd'), (3, x'00ff', NULL, 1, 'd')")

    with pytest.raises(AirflowFailException, match="2 of 4 documents"):
        analyze(tmp_path, source=SOURCE, tasks=ONE, keep_columns=["day"])

    assert [(row["document_id"], row["error_code"], row["error_message"]) for row in rows_in(tmp_path)] == [
        ("0", None, None),
        ("1", None, None),
        ("2", "InvalidDocument", "The text is empty."),
        ("warehouse#3", "InvalidDocument", "Row 3 of warehouse: its text is a bytes and no text."),
    ]


def test_a_limit_ends_the_query_and_a_bound_counts_it_before_anything_is_sent(
    language: Emulator, warehouse: Warehouse, tmp_path: Path
) -> None:
    warehouse.add(60)

    with pytest.raises(AirflowFailException, match="makes 60 text records, and max_text_records is 59"):
        analyze(tmp_path, source=SOURCE, tasks=ONE, max_text_records=59)
    assert paid(language) == 0
    analyze(tmp_path, TaskInstance(run_id="2"), source=SOURCE, tasks=ONE, limit=30, max_text_records=30)

    assert [row["document_id"] for row in rows_in(tmp_path)] == [str(number) for number in range(30)]


def test_parameters_are_values_and_no_sql(language: Emulator, warehouse: Warehouse, tmp_path: Path) -> None:
    warehouse.add(5)
    hostile = "0 OR 1 = 1; DROP TABLE reviews"
    by_name = SqlSource("warehouse", f"{REVIEWS} WHERE id > :least", parameters={"least": 2})
    by_place = SqlSource("warehouse", f"{REVIEWS} WHERE id = ? OR text = ?", parameters=[1, hostile])

    analyze(tmp_path / "a", source=by_name, tasks=ONE)
    analyze(tmp_path / "b", source=by_place, tasks=ONE)

    assert [row["document_id"] for row in rows_in(tmp_path / "a")] == ["3", "4"]
    assert [row["document_id"] for row in rows_in(tmp_path / "b")] == ["1"]


Refused = Callable[[Any, dict[str, Any], str], None]


@pytest.fixture
def refused(language: Emulator, connect: Connect, warehouse: Warehouse, tmp_path: Path) -> Refused:
    """Run a corpus that is to be refused, with no job submitted."""
    warehouse.add(1)
    warehouse.run("INSERT INTO reviews SELECT 1, text, language, stars, day FROM reviews")
    connect("", conn_id="exotic", conn_type="exotic")

    def check(source: Any, options: dict[str, Any], said: str) -> None:
        with pytest.raises((AirflowFailException, ValueError), match=said):
            analyze(tmp_path, source=source, **options)
        assert paid(language) == 0

    return check


@pytest.mark.parametrize(
    ("source", "options", "said"),
    [
        (SqlSource("warehouse", "SELECT text FROM reviews"), {}, "no column 'id', and SqlSource no order_by"),
        (SqlSource("warehouse", REVIEWS, order_by="lower(text)"), {}, "names columns of the query"),
        (SqlSource("warehouse", REVIEWS, order_by='"nope"'), {}, "names nope"),
        (
            SqlSource("warehouse", REVIEWS, order_by="day"),
            {"id_column": "stars"},
            "Rows 0 and 1 of warehouse",
        ),
        (
            SqlSource("warehouse", "SELECT id, text AS review_text FROM reviews"),
            {},
            "text_column='review_text'",
        ),
        (SOURCE, {"keep_columns": ["nope"]}, "has no column nope, which keep_columns names"),
        (SOURCE, {"delimiter": ";"}, "delimiter: these say how a file is read"),
        (SOURCE, {"speaker_column": "who"}, "speaker_column is for conversations"),
        (SqlSource("nowhere", REVIEWS), {}, "There is no connection 'nowhere'"),
        (
            SqlSource("azure_language_default", REVIEWS),
            {},
            "is of the type 'azure_language', which is no data",
        ),
        (SqlSource("exotic", REVIEWS), {}, "of the type 'exotic', of which there is no hook"),
        ([SOURCE, "/data/a.csv"], {}, "stands in no list"),
    ],
)
def test_what_cannot_be_read_is_refused_before_anything_is_sent(
    refused: Refused, source: Any, options: dict[str, Any], said: str
) -> None:
    refused(source, options, said)


def ended_amid(language: Emulator, warehouse: Warehouse, folder: Path) -> TaskInstance:
    """The second try of a run over 60 rows, whose first one was ended when its jobs had been submitted."""
    warehouse.add(60)
    ti = TaskInstance()
    language.faults.add(Fault("error", operation="status", times=None))
    with pytest.raises(ServiceUnavailableError):
        analyze(folder, ti, source=SOURCE, tasks=ONE, tolerance=0)
    language.faults.clear()
    ti.try_number = 2
    return ti


def test_a_retry_goes_on_where_the_last_try_was_ended_and_runs_the_query_again(
    language: Emulator, warehouse: Warehouse, tmp_path: Path
) -> None:
    ti = ended_amid(language, warehouse, tmp_path)

    analyze(tmp_path, ti, source=SOURCE, tasks=ONE)

    assert [row["document_id"] for row in rows_in(tmp_path)] == [str(number) for number in range(60)]
    assert paid(language) == 3


@pytest.mark.parametrize(
    "change", ["DELETE FROM reviews WHERE id = 7", "INSERT INTO reviews VALUES (-1, 'new', 'en', 1, 'd')"]
)
def test_a_table_that_has_changed_amid_a_run_stops_it(
    language: Emulator, warehouse: Warehouse, tmp_path: Path, change: str
) -> None:
    ti = ended_amid(language, warehouse, tmp_path)
    warehouse.run(change)

    with pytest.raises(AirflowFailException, match="The source has changed since this run read it"):
        analyze(tmp_path, ti, source=SOURCE, tasks=ONE)

    assert not manifest_in(tmp_path)["complete"]


def test_neither_texts_nor_parameters_are_told(
    language: Emulator, warehouse: Warehouse, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    warehouse.run("INSERT INTO reviews VALUES (1, ?, 'en', 1, 'd')", [CANARY])
    caplog.set_level("DEBUG")
    ti = TaskInstance()
    source = SqlSource("warehouse", f"{REVIEWS} WHERE text = ?", parameters=[CANARY])

    manifest = analyze(tmp_path, ti, source=source, tasks=ONE)

    assert manifest["ok"] == 1
    files = [file for file in (tmp_path / "out" / "_journal").rglob("*") if file.is_file()]
    assert files
    told = [caplog.text, json.dumps(ti.xcoms), *(file.read_text() for file in files)]
    assert [one for one in told if CANARY in one] == []
