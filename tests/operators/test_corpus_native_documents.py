"""Native documents as a corpus: the service reads and writes the blobs, and nobody else learns a SAS."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from pyarrow import parquet

from airflow_provider_language._compat import AirflowFailException
from airflow_provider_language.emulator import Emulator, Fault
from airflow_provider_language.protocol.tables.schema import TARGETS
from airflow_provider_language.tasks import ConversationalPII, PiiEntityRecognition
from tests.airflow_stands import KEY, TaskInstance
from tests.conftest import Connect
from tests.corpus_runs import analyze, paid, rows_in
from tests.emulator.native_files import pdf_file, word_file

ACCOUNT = "https://acme.blob.core.windows.net"
SECRET = "eCretOfTheBlob"
SAS = f"sv=2026&sp=rl&sig=s%2F{SECRET}%3D"
PII = [PiiEntityRecognition()]


@pytest.fixture
def blobs(connect: Connect, tmp_path: Path) -> Iterator[Emulator]:
    """The connection's endpoint: an emulator with a folder of blobs, whose jobs end at once."""
    for container in ("in", "out"):
        (tmp_path / "blobs" / "acme" / container).mkdir(parents=True)
    with Emulator(key=KEY, duration=0, blobs=tmp_path / "blobs") as running:
        connect(running.endpoint)
        yield running


def put(folder: Path, name: str, content: bytes) -> None:
    (folder / "blobs" / "acme" / "in" / name).write_bytes(content)


def letters(folder: Path, count: int, sas: str = SAS) -> list[dict[str, Any]]:
    """Put so many letters there, and return the rows that name them."""
    for number in range(count):
        put(folder, f"{number}.txt", f"John Doe writes to john{number}@example.com.".encode())
    return [
        {
            "id": f"letter {number}",
            "source": f"{ACCOUNT}/in/{number}.txt?{sas}",
            "target": f"{ACCOUNT}/out?{sas}",
            "language": "en",
        }
        for number in range(count)
    ]


def written(path: Path, rows: Sequence[Any]) -> str:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return str(path)


def run(folder: Path, source: str, ti: TaskInstance | None = None, **options: Any) -> dict[str, Any]:
    return analyze(folder, ti, **{"source": source, "tasks": PII, "native_documents": True, **options})


def test_each_blob_has_a_row_and_is_submitted_within_the_limits_of_its_family(
    blobs: Emulator, tmp_path: Path
) -> None:
    source = written(tmp_path / "letters.jsonl", letters(tmp_path, 90))

    manifest = run(tmp_path, source, tables_format="jsonl")

    rows = rows_in(tmp_path)
    assert [(row["document_id"], row["status"]) for row in rows] == [
        (f"letter {number}", "ok") for number in range(90)
    ]
    assert (manifest["documents"], manifest["jobs"], paid(blobs)) == (90, 3, 3)
    assert {entry.path for entry in blobs.journal if entry.accepted} == {"/language/analyze-documents/jobs"}
    assert {(row["source"], row["characters"]) for row in rows} == {("letters.jsonl", None)}
    assert manifest["text_records"]["charged"] == manifest["text_records"]["difference"] == 0
    [table] = (tmp_path / "out" / "targets").glob("*/*")
    targets = [json.loads(line) for line in table.open()]
    files = {f"{ACCOUNT}/{file.relative_to(tmp_path / 'blobs' / 'acme')}" for file in redacted(tmp_path)}
    assert {one["location"] for one in targets} == files
    assert {one["source"] for one in targets} == {f"{ACCOUNT}/in/{number}.txt" for number in range(90)}


def redacted(folder: Path) -> list[Path]:
    return [file for file in (folder / "blobs" / "acme" / "out").rglob("*") if file.is_file()]


@pytest.mark.parametrize("kind", ["jsonl", "csv"])
def test_no_sas_is_told_to_anybody_but_the_service(
    blobs: Emulator,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
    kind: str,
) -> None:
    rows = letters(tmp_path, 3)
    rows += [{**rows[0], "id": "gone", "source": f"{ACCOUNT}/in/gone.txt?{SAS}"}]
    rows += [{**rows[0], "id": "odd", "source": f"ftp://a.example/b?{SAS}"}]
    if kind == "csv":
        source = str(tmp_path / "letters.csv")
        lines = [",".join(rows[0]), *(",".join(row.values()) for row in rows)]
        Path(source).write_text("\n".join(lines))
    else:
        odd = {
            "id": "fields",
            "source": {"location": f"{ACCOUNT}?{SAS}", "x": SAS},
            "target": f"{ACCOUNT}?{SAS}",
        }
        source = written(tmp_path / "letters.jsonl", [*rows, odd])
    ti = TaskInstance()

    with pytest.raises(AirflowFailException) as raised:
        run(tmp_path, source, ti, id_column="source", keep_columns=["target"], tables_format="jsonl")

    assert [row["status"] for row in rows_in(tmp_path)][:5] == ["ok", "ok", "ok", "error", "error"]
    assert rows_in(tmp_path)[0]["document_id"] == f"{ACCOUNT}/in/0.txt"
    assert rows_in(tmp_path)[0]["columns"] == {"target": f"{ACCOUNT}/out"}
    files = "".join(file.read_text() for file in (tmp_path / "out").rglob("*") if file.is_file())
    told = files + json.dumps(ti.xcoms) + str(raised.value) + caplog.text + "".join(capsys.readouterr())
    assert SECRET not in told
    assert "sv=2026" not in told


def test_the_table_of_written_files_has_a_typed_file_if_none_was_written(
    blobs: Emulator, tmp_path: Path
) -> None:
    put(tmp_path, "c.docx", b"no document of Word")
    row = {"id": "c.docx", "source": f"{ACCOUNT}/in/c.docx", "target": f"{ACCOUNT}/out"}

    run(tmp_path, written(tmp_path / "letters.jsonl", [row]), max_failed_documents=1)

    targets = parquet.read_table(tmp_path / "out" / "targets")
    assert (targets.num_rows, targets.column_names) == (0, [one.name for one in TARGETS.columns])


def test_files_of_all_kinds_are_read_and_one_that_is_none_costs_the_others_nothing(
    blobs: Emulator, tmp_path: Path
) -> None:
    put(tmp_path, "a.docx", word_file())
    put(tmp_path, "b.pdf", pdf_file("Jane Roe lives here."))
    put(tmp_path, "c.docx", b"no document of Word")
    target = {"kind": "AzureContainerFolder", "location": f"{ACCOUNT}/out/deep"}
    named = [{"id": name, "source": f"{ACCOUNT}/in/{name}", "target": target} for name in ("a.docx", "b.pdf")]
    rows: list[Any] = [*named, {"id": "c.docx", "source": f"{ACCOUNT}/in/c.docx", "target": f"{ACCOUNT}/out"}]
    rows += ["a text", {"id": "nothing", "source": None, "target": None}, {"id": "less", "source": "a"}]
    source = written(tmp_path / "letters.jsonl", rows)

    with pytest.raises(AirflowFailException, match="4 of 6 documents"):
        run(tmp_path, source)

    rows = rows_in(tmp_path)
    assert [(row["document_id"], row["status"]) for row in rows] == [
        *(("a.docx", "ok"), ("b.pdf", "ok"), ("c.docx", "error")),
        *(("letters.jsonl#3", "error"), ("nothing", "error"), ("less", "error")),
    ]
    assert [row["error_code"] for row in rows[3:]] == ["InvalidDocument"] * 3
    assert all("/out/deep/" in one["location"] for one in rows[0]["result"]["target"])


@pytest.mark.parametrize("is_changed", [True, False])
def test_a_sas_that_was_renewed_is_no_change_of_the_source_and_another_blob_is(
    blobs: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, is_changed: bool
) -> None:
    monkeypatch.setenv("AIRFLOW__AZURE_LANGUAGE__DIGEST_KEY", "a-random-key-of-the-user")
    first = run(tmp_path, written(tmp_path / "letters.jsonl", letters(tmp_path, 3)))
    renewed = letters(tmp_path, 3, sas=SAS.replace("2026", "2027"))
    if is_changed:
        renewed[1]["source"] = renewed[0]["source"]
    source = written(tmp_path / "letters.jsonl", renewed)

    if is_changed:
        with pytest.raises(AirflowFailException, match="The source has changed"):
            run(tmp_path, source, TaskInstance(try_number=2))
    else:
        assert run(tmp_path, source, TaskInstance(try_number=2)) == first


@pytest.mark.parametrize("effect", ["fail-job", "expired", "cancelled"])
def test_blobs_that_can_come_out_otherwise_are_submitted_again(
    blobs: Emulator, tmp_path: Path, effect: Any
) -> None:
    operation: Any = "submit" if effect.startswith("fail") else "status"
    blobs.faults.add(Fault(effect, operation=operation, times=2))

    manifest = run(tmp_path, written(tmp_path / "letters.jsonl", letters(tmp_path, 90)))

    assert (manifest["ok"], manifest["documents"]) == (90, 90)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"tasks": [ConversationalPII()]}, "native_documents is set"),
        ({"tasks": ["KeyPhraseExtraction"]}, "does not know KeyPhraseExtraction"),
        ({"max_text_records": 10}, "nobody but the service knows"),
        ({"text_column": "body"}, "a row that names a blob has no text"),
        ({"speaker_column": "who"}, "speaker_column is for conversations"),
        ({"api_version": "2024-11-01"}, "no version of the API analyze-documents"),
    ],
)
def test_what_the_family_does_not_have_is_refused_before_anything_is_sent(
    blobs: Emulator, tmp_path: Path, options: dict[str, Any], words: str
) -> None:
    with pytest.raises(AirflowFailException, match=words):
        run(tmp_path, written(tmp_path / "letters.jsonl", letters(tmp_path, 1)), **options)

    assert paid(blobs) == 0


@pytest.mark.parametrize("fields", [{"text": "Hello"}, {"Source": "a", "target": "b"}])
def test_a_file_that_names_no_blobs_is_refused(
    blobs: Emulator, tmp_path: Path, fields: dict[str, Any]
) -> None:
    with pytest.raises(AirflowFailException, match="has no 'source' among"):
        run(tmp_path, written(tmp_path / "letters.jsonl", [fields]))

    assert paid(blobs) == 0


def test_rows_that_name_blobs_are_not_taken_for_texts(blobs: Emulator, tmp_path: Path) -> None:
    source = written(tmp_path / "letters.jsonl", letters(tmp_path, 1))

    with pytest.raises(AirflowFailException, match="with native_documents=True"):
        run(tmp_path, source, native_documents=False)

    assert paid(blobs) == 0


def test_a_retry_goes_on_with_the_family_that_the_run_began_with(blobs: Emulator, tmp_path: Path) -> None:
    source = written(tmp_path / "a.jsonl", [{**row, "text": "Hello"} for row in letters(tmp_path, 3)])
    run(tmp_path, source)

    with pytest.raises(AirflowFailException, match="began with other tasks"):
        run(tmp_path, source, TaskInstance(try_number=2), native_documents=False)
