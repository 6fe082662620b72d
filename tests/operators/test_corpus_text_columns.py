"""Several text columns of a row: each is a document of its own, and the copy puts each redacted text back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest
from pyarrow import parquet

from airflow_provider_language._compat import AirflowFailException
from airflow_provider_language.documents import SqlSource
from airflow_provider_language.emulator import Emulator
from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.operators.analyze import AnalyzeCorpusOperator
from airflow_provider_language.running.lineage import of_corpus
from tests.airflow_stands import KEY, TaskInstance, context_of
from tests.corpus_runs import analyze, manifest_in, paid, rows_in
from tests.emulator.fakes import fake_detect, fake_engines
from tests.operators.test_corpus_policies import ANNA, OTTO, PII, POLICY, Finding, copied, copies, use
from tests.protocol.redaction.policies import KEY as REDACTION_KEY
from tests.running.test_lineage import MANIFEST

if TYPE_CHECKING:
    from tests.conftest import Connect

COLUMNS = ["subject", "note"]


@pytest.fixture
def service(connect: Connect, monkeypatch: pytest.MonkeyPatch) -> Iterator[Emulator]:
    """An emulator that finds names, and a key of pseudonyms."""
    use(monkeypatch, REDACTION_KEY.secret)
    engines = {**fake_engines(), PII: Finding({})}
    with Emulator(key=KEY, duration=0, engines=engines, detect_language=fake_detect) as running:
        connect(running.endpoint)
        yield running


def source(folder: Path, content: str, name: str = "in.csv") -> str:
    (folder / name).write_bytes(content.encode())
    return str(folder / name)


def documents(folder: Path) -> list[dict[str, Any]]:
    [file] = (folder / "out" / "documents").glob("*/*.parquet")
    records: list[dict[str, Any]] = parquet.read_table(file).to_pylist()
    return records


def test_the_copy_of_csv_has_each_text_redacted_and_every_other_cell_as_it_was(
    service: Emulator, tmp_path: Path
) -> None:
    where = source(
        tmp_path,
        '\ufeffnote;id;subject;text\r\n"Anna; again";007;OTTO;Anna\r\n ;008;anna!;"x"\r\n;009;;kept\r\n',
    )
    told = copied(
        tmp_path,
        source=where,
        text_columns=COLUMNS,
        delimiter=";",
        max_failed_documents=1,
        redacted_only=True,
    )
    assert copies(tmp_path)["in.csv"].splitlines() == [
        "\ufeffnote;id;subject;text",
        f'"{ANNA}; again";007;{OTTO};Anna',
        f' ;008;{ANNA}!;"x"',
        ";009;;kept",
    ]
    assert (told["redacted_copy"]["rows"], told["redacted_copy"]["without_text"]) == (3, 1)
    assert [(one["document_id"], one["row_number"], one["text_column"]) for one in documents(tmp_path)] == [
        ("007#subject", 0, "subject"),
        ("007#note", 0, "note"),
        ("008#subject", 1, "subject"),
        ("009#subject", 2, "subject"),
    ]


def test_the_copy_of_json_lines_keeps_each_other_field_as_it_is_written(
    service: Emulator, tmp_path: Path
) -> None:
    lines = (
        (
            '{"n": 1.50,  "note": "Anna", "subject":"Otto 1"}',
            f'{{"n": 1.50,  "note": "{ANNA}", "subject":"{OTTO} 1"}}',
        ),
        ('{"note": " ", "subject": "Otto"}', f'{{"note": " ", "subject": "{OTTO}"}}'),
        ('{"note": "Otto"}', f'{{"note": "{OTTO}"}}'),
        ('{"note": "Anna", "subject": {"of": "Anna"}}', f'{{"note": "{ANNA}", "subject": null}}'),
        ('{"note": null, "x": 5}', '{"note": null, "x": 5}'),
        ('"Anna"', "null"),
        ('{"note": "Anna", "note": "Anna", "subject": "Anna"}', '{"subject": null, "note": null}'),
        ('{"subject": "Anna", "note": 5}', f'{{"subject": "{ANNA}", "note": "5"}}'),
    )
    where = source(tmp_path, "".join(f"{line}\n" for line, _ in lines), "in.jsonl")

    told = copied(tmp_path, source=where, text_columns=COLUMNS, max_failed_documents=1.0)

    assert copies(tmp_path)["in.jsonl"].splitlines() == [line for _, line in lines]
    assert told["redacted_copy"]["rows"] == len(lines)
    assert [one["document_id"] for one in rows_in(tmp_path)][:3] == [
        "in.jsonl#0#subject",
        "in.jsonl#0#note",
        "in.jsonl#1#subject",
    ]


def test_the_copy_of_parquet_keeps_order_types_and_metadata(service: Emulator, tmp_path: Path) -> None:
    table = pa.table(
        {
            "note": pa.array(["Anna", None, " ", "Otto"], pa.large_string()),
            "n": pa.array([1, 2, 3, 4], pa.int32()),
            "subject": ["Otto", "Anna", "anna", None],
        }
    ).replace_schema_metadata({"of": "mine"})
    parquet.write_table(table, tmp_path / "in.parquet")

    copied(tmp_path, source=str(tmp_path / "in.parquet"), text_columns=COLUMNS)

    [file] = (tmp_path / "out" / "redacted").glob("*/in.parquet")
    again = parquet.read_table(file)
    assert again.schema.equals(table.schema, check_metadata=True)
    assert again.to_pydict() == {
        "note": [ANNA, None, " ", OTTO],
        "n": [1, 2, 3, 4],
        "subject": [OTTO, ANNA, ANNA, None],
    }


def test_a_limit_counts_rows_over_files_and_takes_all_texts_of_each(
    service: Emulator, tmp_path: Path
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for name in "ab":
        source(folder, f"id,subject,note\n{name}1,Anna,\n{name}2,Otto,Anna\n", f"{name}.csv")
    told = copied(tmp_path, source=str(folder), text_columns=COLUMNS, limit=3)
    assert [one["document_id"] for one in rows_in(tmp_path)] == [
        "a1#subject",
        "a2#subject",
        "a2#note",
        "b1#subject",
    ]
    assert told["redacted_copy"]["rows"] == 3
    assert copies(tmp_path)["b.csv"] == f"id,subject,note\nb1,{ANNA},\n"


def test_columns_are_carried_over_beside_the_name_of_the_text_column(
    service: Emulator, tmp_path: Path
) -> None:
    where = source(tmp_path, "id,subject,note,stars\n1,Anna,fine,5\n")
    analyze(tmp_path, source=where, tasks=[PII], text_columns=COLUMNS, keep_columns={"stars": "int64"})
    assert [one["columns"] for one in rows_in(tmp_path)] == [
        {"text_column": "subject", "stars": 5},
        {"text_column": "note", "stars": 5},
    ]
    assert manifest_in(tmp_path)["documents"] == 2


def test_another_text_in_one_of_the_columns_is_in_no_copy(service: Emulator, tmp_path: Path) -> None:
    where = source(tmp_path, "id,subject,note\n1,Anna,Otto\n")
    copied(tmp_path, source=where, text_columns=COLUMNS)
    source(tmp_path, "id,subject,note\n1,Anna,Anna and others\n")
    with pytest.raises(AirflowFailException, match="The source has changed"):
        copied(tmp_path, TaskInstance(try_number=2), source=where, text_columns=COLUMNS)


@pytest.mark.parametrize(
    ("content", "name", "told"),
    [
        ("id,subject\n1,Anna\n", "in.csv", "has no 'note' among its 2 columns or fields"),
        ('{"subject": "Anna"}\n', "in.jsonl", "has no 'note' among its 1 columns or fields"),
        ("Anna", "in.txt", "in.txt is a text file"),
    ],
)
def test_a_source_that_lacks_a_column_is_refused_before_anything_is_sent(
    service: Emulator, tmp_path: Path, content: str, name: str, told: str
) -> None:
    with pytest.raises(AirflowFailException, match=told):
        copied(tmp_path, source=source(tmp_path, content, name), text_columns=COLUMNS)
    assert paid(service) == 0


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"tasks": ["ConversationalPIITask"]}, "text_columns is for texts"),
        ({"native_documents": True}, "text_columns is for texts"),
        ({"source": SqlSource("db", "SELECT 1 AS id")}, "the source is a query"),
        ({"keep_columns": ["text_column"]}, "keep_columns has text_column"),
    ],
)
def test_what_has_no_columns_of_texts_is_refused_before_anything_is_sent(
    service: Emulator, tmp_path: Path, options: dict[str, Any], told: str
) -> None:
    where = source(tmp_path, "id,subject,note\n1,Anna,Otto\n")
    with pytest.raises(AirflowFailException, match=told):
        analyze(tmp_path, **{"source": where, "tasks": [PII], "text_columns": COLUMNS, **options})
    assert paid(service) == 0


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"text_column": "subject"}, "both set"),
        ({"text_columns": "subject"}, "no list of names"),
        ({"text_columns": []}, "no list of names"),
        ({"text_columns": ["a", " "]}, "instead of the name of a column"),
        ({"text_columns": ["a", 5]}, "instead of the name of a column"),
        ({"text_columns": ["a", "id"]}, "instead of the name of a column"),
        ({"text_columns": ["a", "a"]}, "'a' twice"),
    ],
)
def test_what_is_no_list_of_columns_is_refused_when_the_dag_is_parsed(
    options: dict[str, Any], told: str
) -> None:
    said = {"text_columns": COLUMNS, "redacted_copy": True, "redaction_policy": POLICY, **options}
    with pytest.raises(InvalidInputError, match=told):
        AnalyzeCorpusOperator(task_id="t", source="/s", destination="/d", tasks=[PII], **said)


@pytest.mark.parametrize("rendered", [["subject", ""], [None, "note"]])
def test_a_column_that_is_rendered_to_nothing_is_refused(
    service: Emulator, tmp_path: Path, rendered: Any
) -> None:
    where = source(tmp_path, "id,subject,note\n1,Anna,Otto\n")
    operator = AnalyzeCorpusOperator(
        task_id="t", source=where, destination=str(tmp_path / "out"), tasks=[PII], text_columns=COLUMNS
    )
    operator.text_columns = rendered
    with pytest.raises(AirflowFailException, match="instead of the name of a column"):
        operator.execute(context_of())
    assert paid(service) == 0


def test_lineage_names_each_column_of_the_one_source() -> None:
    operator = AnalyzeCorpusOperator(
        task_id="t", source="/in/a.csv", destination="/d", tasks=[PII], text_columns=COLUMNS
    )
    told = of_corpus(operator, "/d", MANIFEST)
    assert [(one.name.name, one.text_column, one.documents) for one in told.inputs] == [
        ("/in/a.csv", "subject", 7),
        ("/in/a.csv", "note", 7),
    ]
