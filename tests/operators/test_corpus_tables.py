"""Tables of a corpus: of all that has landed, once, whatever ended a try before."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import pytest
from pyarrow import parquet

from airflow_provider_language._compat import AirflowFailException
from airflow_provider_language.emulator import Emulator
from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.operators.analyze import AnalyzeCorpusOperator
from airflow_provider_language.protocol.corpus import items
from airflow_provider_language.running.corpus import tabling
from airflow_provider_language.storage.tables.row_files import rows_in as rows_of_part
from tests.airflow_stands import KEY, TaskInstance
from tests.corpus_runs import analyze, manifest_in, paid, rows_in, write
from tests.emulator.fakes import CountingEngine, fake_detect, fake_engines

if TYPE_CHECKING:
    from tests.conftest import Connect

OF_TASKS = {"documents", "task_results", "warnings", "key_phrases", "sentiment", "sentences", "opinions"}


def files_of(folder: Path, table: str, suffix: str = "parquet") -> list[Path]:
    return sorted((folder / "out" / table).glob(f"*/*.{suffix}"))


def records_of(folder: Path, table: str) -> list[dict[str, Any]]:
    return [record for file in files_of(folder, table) for record in parquet.read_table(file).to_pylist()]


@pytest.fixture
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Segments of ten documents, and files of the tables of two segments."""
    bounds = items.segments.__kwdefaults__ or {}
    monkeypatch.setattr(items.segments, "__kwdefaults__", {**bounds, "most": 10})
    monkeypatch.setattr(tabling, "PARTS_OF_A_FILE", 2)


def test_what_was_found_lies_in_a_folder_for_each_table(language: Emulator, tmp_path: Path) -> None:
    manifest = analyze(tmp_path, source=write(tmp_path / "in.jsonl", 30))

    assert {path.name for path in (tmp_path / "out").iterdir()} == OF_TASKS | {
        "results",
        "_journal",
        "_latest",
    }
    assert manifest["tables"] == {table: len(records_of(tmp_path, table)) for table in OF_TASKS}
    assert manifest["tables"]["documents"] == manifest["documents"] == 30
    assert manifest["tables"]["task_results"] == manifest["rows"] == 60
    assert [one["document_id"] for one in records_of(tmp_path, "sentiment")] == [f"id-{n}" for n in range(30)]
    assert manifest_in(tmp_path)["tables"] == manifest["tables"]


@pytest.mark.usefixtures("small_pieces")
def test_files_hold_several_parts_and_are_in_the_order_of_the_source(
    language: Emulator, tmp_path: Path
) -> None:
    analyze(tmp_path, source=write(tmp_path / "in.jsonl", 45), tasks=["SentimentAnalysis"])

    files = files_of(tmp_path, "sentiment")
    assert [file.name for file in files] == ["part-00000.parquet", "part-00001.parquet", "part-00002.parquet"]
    assert [parquet.read_metadata(file).num_rows for file in files] == [20, 20, 5]
    assert [one["document_id"] for one in records_of(tmp_path, "documents")] == [f"id-{n}" for n in range(45)]
    assert len(files_of(tmp_path, "opinions")) == 1, "an empty table has one file, and no more"


def test_a_corpus_without_a_document_has_typed_tables(language: Emulator, tmp_path: Path) -> None:
    manifest = analyze(tmp_path, source=write(tmp_path / "in.jsonl", 0))

    assert manifest["tables"] == dict.fromkeys(OF_TASKS, 0)
    assert parquet.read_schema(files_of(tmp_path, "sentiment")[0]).names[:3] == [
        "document_id",
        "task",
        "sentiment",
    ]


def test_two_runs_are_one_table(language: Emulator, tmp_path: Path) -> None:
    for name in ("one", "two"):
        analyze(tmp_path, TaskInstance(run_id=name), source=write(tmp_path / f"{name}.jsonl", 5))

    session = duckdb.connect()
    assert len(session.read_parquet(str(tmp_path / "out" / "documents" / "**" / "*.parquet"))) == 10


def test_another_run_that_is_replaced_leaves_no_table(language: Emulator, tmp_path: Path) -> None:
    for name in ("one", "two"):
        source = write(tmp_path / f"{name}.jsonl", 5)
        analyze(tmp_path, TaskInstance(run_id=name), source=source, if_exists="replace")

    assert len(records_of(tmp_path, "documents")) == 5
    assert len(files_of(tmp_path, "documents")) == 1


def test_a_run_that_starts_over_leaves_no_table_of_before(language: Emulator, tmp_path: Path) -> None:
    ti = TaskInstance()
    analyze(tmp_path, ti, source=write(tmp_path / "in.jsonl", 5))
    write(tmp_path / "in.jsonl", 2)
    ti.try_number, ti.max_tries = 2, 1
    analyze(tmp_path, ti, source=str(tmp_path / "in.jsonl"), tasks=["KeyPhraseExtraction"], refresh=True)

    assert len(records_of(tmp_path, "documents")) == 2
    assert records_of(tmp_path, "sentiment") == []


@pytest.mark.usefixtures("small_pieces")
def test_a_try_that_ends_amid_the_tables_is_made_good_by_the_next_one_and_nothing_is_paid_again(
    language: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ti, source = TaskInstance(), write(tmp_path / "in.jsonl", 45)

    def breaking(location: str) -> Any:
        if location.endswith("part-00002.jsonl"):
            raise KeyboardInterrupt
        return rows_of_part(location)

    with monkeypatch.context() as patched:
        patched.setattr(tabling, "rows_in", breaking)
        with pytest.raises(KeyboardInterrupt):
            analyze(tmp_path, ti, source=source)
    assert len(files_of(tmp_path, "sentiment")) == 1
    assert manifest_in(tmp_path)["complete"] is False
    assert not list((tmp_path / "out").rglob("_SUCCESS"))
    accepted = paid(language)

    ti.try_number = 2
    manifest = analyze(tmp_path, ti, source=source)

    assert paid(language) == accepted
    assert manifest["complete"] is True
    assert [one["document_id"] for one in records_of(tmp_path, "documents")] == [f"id-{n}" for n in range(45)]
    assert len(records_of(tmp_path, "task_results")) == len(rows_in(tmp_path)) == 90


def test_json_lines_have_their_types_beside_them(language: Emulator, tmp_path: Path) -> None:
    analyze(tmp_path, source=write(tmp_path / "in.jsonl", 5), tables_format="jsonl")

    session = duckdb.connect()
    session.execute((tmp_path / "out" / "tables.sql").read_text())
    ids = session.execute("SELECT document_id FROM sentiment ORDER BY 1").fetchall()
    assert ids == [(f"id-{number}",) for number in range(5)]
    assert session.execute("SELECT count(*) FROM opinions").fetchall() == [(0,)]


def test_no_tables_are_written_where_none_are_wanted(language: Emulator, tmp_path: Path) -> None:
    manifest = analyze(tmp_path, source=write(tmp_path / "in.jsonl", 5), tables_format=None)

    assert manifest["tables"] is None
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"results", "_journal", "_latest"}


def test_a_format_that_cannot_be_written_here_ends_the_run_before_anything_is_sent(
    language: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("airflow_provider_language.storage.tables.table_formats.find_spec", lambda _: None)
    with pytest.raises(AirflowFailException, match=r"airflow-provider-language\[corpus\]"):
        analyze(tmp_path, source=write(tmp_path / "in.jsonl", 5))
    assert paid(language) == 0


def test_a_format_that_is_not_known_is_refused_when_the_dag_is_parsed() -> None:
    with pytest.raises(InvalidInputError, match="tables_format is 'csv'"):
        AnalyzeCorpusOperator(
            task_id="task",
            source="/in.jsonl",
            tasks=["KeyPhraseExtraction"],
            destination="/out",
            tables_format="csv",  # type: ignore[arg-type]
        )


CSV = "id,text,stars,day\n007,It was good.,5,2026-11-20\n008,It was bad.,one,\n"


def test_columns_are_carried_over_to_rows_and_documents_as_text_unless_they_are_typed(
    language: Emulator, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "in.csv").write_text(CSV)
    source = str(tmp_path / "in.csv")
    analyze(tmp_path, source=source, keep_columns={"day": "string", "stars": "int64"})

    told = [(one["document_id"], one["day"], one["stars"]) for one in records_of(tmp_path, "documents")]
    assert told == [("007", "2026-11-20", 5), ("008", None, None)]
    assert [row["columns"] for row in rows_in(tmp_path)][::2] == [
        {"day": "2026-11-20", "stars": 5},
        {"day": None, "stars": None},
    ]
    schema = parquet.read_schema(files_of(tmp_path, "documents")[0])
    assert [str(schema.field(name).type) for name in ("day", "stars")] == ["string", "int64"]
    assert "in.csv#1: its stars is no int64" in caplog.text
    assert "one" not in caplog.text.partition("its stars")[2].partition("\n")[0].replace("no int64", "")


def test_documents_know_where_they_come_from(language: Emulator, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.csv").write_text(CSV)
    (folder / "b.txt").write_text("A whole file.")
    analyze(tmp_path, source=str(folder))

    names = ("source", "row_number", "characters")
    expected = [("a.csv", 0, 12), ("a.csv", 1, 11), ("b.txt", None, 13)]
    assert [tuple(one[name] for name in names) for one in records_of(tmp_path, "documents")] == expected
    assert [tuple(row[name] for name in names) for row in rows_in(tmp_path)][::2] == expected


def test_a_table_without_the_column_ends_the_run_before_anything_is_sent(
    language: Emulator, tmp_path: Path
) -> None:
    (tmp_path / "in.csv").write_text(CSV)
    with pytest.raises(AirflowFailException, match=r"in\.csv has no column Stars"):
        analyze(tmp_path, source=str(tmp_path / "in.csv"), keep_columns=["Stars", "day"])
    assert paid(language) == 0


def test_a_field_that_json_lines_leave_out_is_null(language: Emulator, tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text('{"text": "Good."}\n{"text": "Bad.", "tags": ["a", 1]}\n')
    analyze(tmp_path, source=str(tmp_path / "in.jsonl"), keep_columns=["tags"])
    assert [one["tags"] for one in records_of(tmp_path, "documents")] == [None, '["a", 1]']


def test_runs_with_other_columns_are_not_mixed(language: Emulator, tmp_path: Path) -> None:
    source = write(tmp_path / "in.jsonl", 3)

    def run(name: str, **options: Any) -> None:
        analyze(tmp_path, TaskInstance(run_id=name), source=source, **options)

    run("one", keep_columns=["day"])
    run("two", keep_columns=["day"])
    accepted = paid(language)
    for columns in ([], ["stars"], {"day": "int64"}):
        with pytest.raises(AirflowFailException, match="carry over day, and this one"):
            run("three", keep_columns=columns)
    assert paid(language) == accepted
    run("three", keep_columns=["stars"], if_exists="replace")
    assert len(files_of(tmp_path, "documents")) == 1
    with pytest.raises(AirflowFailException, match="carry over stars, and this one none"):
        run("four")


def test_a_run_goes_on_with_the_columns_that_it_began_with(language: Emulator, tmp_path: Path) -> None:
    ti, source = TaskInstance(), write(tmp_path / "in.jsonl", 3)
    analyze(tmp_path, ti, source=source, keep_columns=["day"])
    ti.try_number = 2
    with pytest.raises(AirflowFailException, match="began with other tasks, columns"):
        analyze(tmp_path, ti, source=source)


@pytest.mark.parametrize("columns", ["day", ["document_id"], {"day": "date"}])
def test_what_cannot_be_a_column_is_refused_when_the_dag_is_parsed(columns: Any) -> None:
    with pytest.raises(InvalidInputError, match="keep_columns"):
        AnalyzeCorpusOperator(
            task_id="task",
            source="/in.jsonl",
            tasks=["KeyPhraseExtraction"],
            destination="/out",
            keep_columns=columns,
        )


def test_what_is_redacted_only_has_no_personal_data_in_any_file(connect: Connect, tmp_path: Path) -> None:
    entity = {"text": "Anna", "category": "Person", "offset": 0, "length": 4, "confidenceScore": 0.9}
    engine = CountingEngine({"redactedText": "**** was here.", "entities": [entity]})
    engines = {**fake_engines(), "PiiEntityRecognition": engine}
    with Emulator(key=KEY, duration=0, engines=engines, detect_language=fake_detect) as language:
        connect(language.endpoint)
        source = write(tmp_path / "in.jsonl", 2)
        analyze(tmp_path, source=source, tasks=["PiiEntityRecognition"], redacted_only=True)

    assert [one["category"] for one in records_of(tmp_path, "pii_entities")] == ["Person"] * 2
    assert {one["text"] for one in records_of(tmp_path, "pii_entities")} == {None}
    assert {one["redacted_text"] for one in records_of(tmp_path, "redacted_texts")} == {"**** was here."}
    assert all(b"Anna" not in file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())


def test_a_task_that_quotes_the_text_is_refused_where_it_is_to_be_redacted(
    language: Emulator, tmp_path: Path
) -> None:
    with pytest.raises(AirflowFailException, match="results of KeyPhraseExtraction quote the text"):
        analyze(tmp_path, source=write(tmp_path / "in.jsonl", 3), redacted_only=True)
    assert paid(language) == 0


def test_tables_below_the_source_are_not_read_as_documents(language: Emulator, tmp_path: Path) -> None:
    write(tmp_path / "in.jsonl", 5)
    said: dict[str, Any] = {"source": str(tmp_path), "tables_format": "jsonl"}
    for run_id in ("one", "two"):
        assert analyze(tmp_path, TaskInstance(run_id=run_id), **said)["documents"] == 5
