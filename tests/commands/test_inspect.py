"""The commands that look at a corpus before and after it is analyzed: a sample, the cost, the findings."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from airflow_provider_language.__main__ import main


def source(folder: Path) -> str:
    (folder / "in").mkdir()
    for name, languages in (("a", ["en"] * 30 + ["de"] * 10), ("b", ["en"] * 10)):
        lines = (
            json.dumps({"id": f"{n}", "body": "x" * 1_001, "language": language})
            for n, language in enumerate(languages)
        )
        (folder / "in" / f"{name}.jsonl").write_text("".join(line + "\n" for line in lines))
    (folder / "in" / "c.jsonl").write_text('{"body": "no language"}\n{"body": ""}\n')
    return str(folder / "in")


def test_a_sample_is_drawn_by_language_and_file_and_the_whole_is_reckoned(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = ["sample", source(tmp_path), "--size", "10", "--seed", "7", "--text-column", "body", "--to"]
    assert main([*said, str(tmp_path / "one.jsonl")]) == 0
    assert capsys.readouterr().out.splitlines()[-2:] == [
        f"10 of 51 documents are in {tmp_path / 'one.jsonl'}",
        "All 51 documents make 101 text records for each task",
    ]
    assert main([*said, str(tmp_path / "two.jsonl"), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["documents"], told["drawn"], told["text_records"]) == (51, 10, 101)
    assert sum(one["drawn"] for one in told["strata"]) == 10

    lines = [json.loads(line) for line in (tmp_path / "one.jsonl").read_text().splitlines()]
    assert (tmp_path / "one.jsonl").read_bytes() == (tmp_path / "two.jsonl").read_bytes()
    assert {(line["language"], line["source"]) for line in lines} == {
        ("en", "a.jsonl"),
        ("de", "a.jsonl"),
        ("en", "b.jsonl"),
        (None, "c.jsonl"),
    }
    assert len({line["id"] for line in lines}) == 10


def test_each_of_several_text_columns_is_a_document_to_draw_from(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [
        {"id": "1", "subject": "A leak", "note": "It drips."},
        {"id": "2", "subject": "Thanks", "note": " "},
    ]
    (tmp_path / "in.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    sample = tmp_path / "sample.jsonl"
    said = ["sample", str(tmp_path / "in.jsonl"), "--size", "9", "--to", str(sample)]

    assert main([*said, "--text-columns", "subject,note"]) == 0
    assert capsys.readouterr().out.splitlines()[-2] == f"3 of 3 documents are in {sample}"
    lines = [json.loads(line) for line in sample.read_text().splitlines()]
    assert [(line["id"], line["text"]) for line in lines] == [
        ("in.jsonl#1#subject", "A leak"),
        ("in.jsonl#1#note", "It drips."),
        ("in.jsonl#2#subject", "Thanks"),
    ]
    assert main([*said, "--text-columns", "subject,note", "--text-column", "note"]) == 1
    assert "text_column and text_columns are both set" in capsys.readouterr().err


@pytest.mark.parametrize(("size", "told"), [("0", "size is 0"), ("5", "There is no document to draw from")])
def test_no_sample_of_nothing_is_drawn(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], size: str, told: str
) -> None:
    (tmp_path / "in.jsonl").write_text('{"text": ""}\n')
    assert (
        main(["sample", str(tmp_path / "in.jsonl"), "--size", size, "--to", str(tmp_path / "o.jsonl")]) == 1
    )
    assert told in capsys.readouterr().err
    assert not (tmp_path / "o.jsonl").exists()


def test_findings_are_told_in_counts_and_with_a_policy_what_it_leaves(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    anna = {"category": "Person", "offset": 0, "length": 4, "text": "Anna", "confidenceScore": 0.95}
    rows = tmp_path / "rows.jsonl"
    row = {"task": "pii", "kind": "PiiEntityRecognition", "status": "ok", "language": "en", "text_records": 1}
    rows.write_text(json.dumps({**row, "document_id": "a", "result": {"entities": [anna, anna]}}) + "\n")
    (tmp_path / "policy.yaml").write_text("version: 1\ndefault: leave\n")

    assert main(["inspect", str(rows)]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "1 documents with a result, 0 without; 1 text records billed",
        "Person en: 2 findings in 1 of 1 documents",
        "Findings by confidence, from 0 to 1 in 10 bins, and of those without:",
        "Person: 0 0 0 0 0 0 0 0 0 2 0",
    ]
    assert main(["inspect", str(rows), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["findings"] == [
        {"category": "Person", "language": "en", "findings": 2, "documents": 1}
    ]
    assert main(["inspect", str(rows), "--policy", str(tmp_path / "policy.yaml")]) == 0
    told = capsys.readouterr().out
    assert "left in the clear: Person, 2 findings" in told
    assert "not named, so that the default is for them: Person" in told
    assert "Anna" not in told


def test_the_page_and_the_cost_of_the_whole_are_told_by_what_sample_and_plan_have_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    anna = {"category": "Person", "offset": 0, "length": 4, "text": "Anna", "confidenceScore": 0.95}
    row = {"task": "pii", "kind": "PiiEntityRecognition", "status": "ok", "language": "en", "text_records": 1}
    (tmp_path / "rows.jsonl").write_text(
        json.dumps({**row, "document_id": "a", "result": {"entities": [anna]}}) + "\n"
    )
    quote = {"documents": 12, "text_records": 8, "known": {"documents": 4, "text_records": 4}}
    (tmp_path / "whole.json").write_text(json.dumps(quote))
    monkeypatch.chdir(tmp_path)

    said = ["inspect", "rows.jsonl", "--whole", "whole.json", "--report", "inspection.html"]
    assert main(said) == 0
    assert "12 documents in all, 8 text records, and 4 that are not charged again\n" in (
        capsys.readouterr().out
    )
    page = (tmp_path / "inspection.html").read_text()
    assert "A sample: 1 of 12 documents." in page
    assert "No price was told." in page
    assert "Anna" not in page

    assert main([*said, "--price-per-thousand-records", "2"]) == 0
    assert "not charged again; they cost 0.016\n" in capsys.readouterr().out
    assert "<dt>cost</dt><dd>0.0160</dd>" in (tmp_path / "inspection.html").read_text()

    (tmp_path / "whole.json").write_text(json.dumps({**quote, "text_records": None}))
    assert main([*said, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["whole"]["text_records"] is None
    assert main(said) == 0
    assert "12 documents in all, text records that nobody knows" in capsys.readouterr().out


def test_what_has_told_of_no_documents_is_refused_and_no_page_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "whole.json").write_text("12 documents")
    said = ["--whole", str(tmp_path / "whole.json"), "--report", str(tmp_path / "inspection.html")]
    assert main(["inspect", str(tmp_path / "rows.jsonl"), *said]) == 1
    assert "whole is a NoneType" in capsys.readouterr().err
    assert main(["inspect", str(tmp_path / "rows.jsonl"), "--whole", str(tmp_path / "no.json")]) == 1
    assert not (tmp_path / "inspection.html").exists()
