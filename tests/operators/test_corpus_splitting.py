"""AnalyzeCorpusOperator on documents that are longer than a job takes: cut, and joined to one row."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from airflow_provider_language._compat import AirflowFailException
from airflow_provider_language.emulator import Emulator, Fault
from airflow_provider_language.exceptions import ServiceUnavailableError
from airflow_provider_language.running.corpus import given
from tests.airflow_stands import KEY, TaskInstance
from tests.corpus_runs import analyze, manifest_in, paid, rows_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conftest import Connect

SENTENCE = "Anna Meyer wrote to anna.meyer@contoso.com, and the staff was wonderful. "
LONG = SENTENCE * 4_000  # as many addresses, 292,000 characters: three pieces
TASKS = ["PiiEntityRecognition", "SentimentAnalysis", "KeyPhraseExtraction"]


@pytest.fixture
def language(connect: Connect) -> Iterator[Emulator]:
    """An emulator that finds what stands in the texts."""
    with Emulator(key=KEY, duration=0) as running:
        connect(running.endpoint)
        yield running


def source(folder: Path) -> str:
    file = folder / "a.jsonl"
    told = [("short", SENTENCE), ("long", LONG), ("last", "The room was terrible.")]
    file.write_text("".join(json.dumps({"id": id_, "text": text}) + "\n" for id_, text in told))
    return str(file)


def row(rows: list[dict[str, Any]], id_: str, kind: str) -> dict[str, Any]:
    [found] = [one for one in rows if (one["document_id"], one["kind"]) == (id_, kind)]
    return found


def test_a_document_that_is_too_long_is_one_row_of_what_was_found_in_its_pieces(
    language: Emulator, tmp_path: Path
) -> None:
    analyze(tmp_path, source=source(tmp_path), tasks=TASKS)

    rows = rows_in(tmp_path)
    assert [one["document_id"] for one in rows] == ["short"] * 3 + ["long"] * 3 + ["last"] * 3
    personal = row(rows, "long", "PiiEntityRecognition")
    assert (personal["status"], personal["pieces"], personal["joined"]) == ("ok", 3, "spans")
    assert personal["characters"] == len(LONG)
    found = personal["result"]["entities"]
    assert {LONG[one["offset"] : one["offset"] + one["length"]] for one in found} == {
        one["text"] for one in found
    }
    assert sum(one["category"] == "Email" for one in found) == 4_000
    assert "contoso" not in personal["result"]["redactedText"]
    # Each sentence is there; one at a cut is there in two parts, where nobody tells where sentences end.
    assert len(row(rows, "long", "SentimentAnalysis")["result"]["sentences"]) >= 4_000
    assert "pieces" not in row(rows, "short", "PiiEntityRecognition")
    assert manifest_in(tmp_path)["text_records"]["difference"] == 0
    assert manifest_in(tmp_path)["documents"] == 3


def test_the_pieces_of_a_document_are_collected_by_the_next_try_and_not_paid_again(
    language: Emulator, tmp_path: Path
) -> None:
    file = source(tmp_path)
    fault = language.faults.add(Fault("error", operation="status", nth=2, times=None))

    with pytest.raises(ServiceUnavailableError):
        analyze(tmp_path, source=file, tasks=TASKS, tolerance=0)
    language.faults.remove(fault)
    manifest = analyze(tmp_path, TaskInstance(try_number=2), source=file, tasks=TASKS)

    assert (paid(language), manifest["ok"]) == (3, 9)
    assert manifest["text_records"]["difference"] == 0


def test_a_piece_without_a_result_leaves_its_document_without_one(language: Emulator, tmp_path: Path) -> None:
    language.faults.add(Fault("fail-tasks", operation="submit", nth=2, times=None))

    with pytest.raises(AirflowFailException, match="documents are without a result"):
        analyze(tmp_path, source=source(tmp_path), tasks=["KeyPhraseExtraction"], max_active_jobs=1)

    failed = row(rows_in(tmp_path), "long", "KeyPhraseExtraction")
    assert (failed["status"], failed["result"], failed["pieces"]) == ("error", None, 3)
    assert failed["error_message"].startswith("Piece ")


def test_a_try_that_would_cut_elsewhere_than_the_one_before_is_refused(
    language: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = source(tmp_path)
    fault = language.faults.add(Fault("error", operation="status", nth=2, times=None))
    with pytest.raises(ServiceUnavailableError):
        analyze(tmp_path, source=file, tasks=TASKS, tolerance=0)
    language.faults.remove(fault)

    monkeypatch.setattr(given, "sentence_ends", lambda _: lambda _: ())  # another sentencex

    with pytest.raises(AirflowFailException, match="sentencex"):
        analyze(tmp_path, TaskInstance(try_number=2), source=file, tasks=TASKS)
    assert paid(language) == 3


def test_the_redacted_copy_has_documents_that_were_cut(language: Emulator, tmp_path: Path) -> None:
    analyze(tmp_path, source=source(tmp_path), tasks=["PiiEntityRecognition"], redacted_copy=True)

    [copy] = (tmp_path / "out" / "redacted").glob("*/a.jsonl")
    texts = [json.loads(line)["text"] for line in copy.read_text().splitlines()]
    assert [len(text) for text in texts] == [len(SENTENCE), len(LONG), 22]
    assert "contoso" not in copy.read_text()
