"""What is looked at before a corpus is redacted: a sample of it, and what was found, in counts."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Any

import pytest

from airflow_provider_language._compat import AirflowFailException
from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.operators.analyze import InspectFindingsOperator, SampleCorpusOperator
from airflow_provider_language.storage.stores import place_of
from tests.airflow_stands import CANARY, context_of

POLICY = {"version": 1, "default": "mask", "categories": {"Person": "leave"}}


def source(folder: Path) -> str:
    lines = (json.dumps({"body": f"{CANARY} {n}"}) for n in range(9))
    (folder / "in.jsonl").write_text("".join(line + "\n" for line in lines))
    return str(folder / "in.jsonl")


def rows(folder: Path) -> str:
    anna = {"category": "Person", "offset": 0, "length": 4, "text": CANARY, "confidenceScore": 0.95}
    row = {"task": "pii", "kind": "PiiEntityRecognition", "status": "ok", "language": "en", "text_records": 1}
    told = {**row, "document_id": CANARY, "result": {"entities": [anna]}}
    (folder / "rows.jsonl").write_text(json.dumps(told) + "\n")
    return str(folder / "rows.jsonl")


def test_a_sample_is_drawn_by_the_texts_of_templates_and_told_in_figures(tmp_path: Path) -> None:
    sample = str(tmp_path / "sample.jsonl")
    operator = SampleCorpusOperator(
        task_id="draw",
        source="{{ params.source }}",
        sample=sample,
        size="{{ params.size }}",
        seed="7",
        text_column="body",
    )
    operator.render_template_fields(context_of(params={"source": source(tmp_path), "size": 4}))

    told = operator.execute(context_of())

    assert told == {"documents": 9, "drawn": 4, "text_records": 9, "path": sample}
    assert len((tmp_path / "sample.jsonl").read_text().splitlines()) == 4


def test_each_of_several_text_columns_is_a_document_to_draw_from(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("id,subject,note\n1,A leak,It drips.\n2,Thanks,\n")
    said: dict[str, Any] = {"source": str(tmp_path / "in.csv"), "sample": str(tmp_path / "sample.jsonl")}
    operator = SampleCorpusOperator(task_id="draw", size=9, text_columns=["subject", "note"], **said)

    assert operator.execute(context_of())["documents"] == 3


@pytest.mark.parametrize(
    "changed", [{"size": 0}, {"size": None}, {"size": "many"}, {"sample": None}, {"source": "no location"}]
)
def test_a_sample_that_is_rendered_to_none_is_refused_for_good(tmp_path: Path, changed: Any) -> None:
    said: dict[str, Any] = {"source": source(tmp_path), "sample": str(tmp_path / "s.jsonl"), "size": 4}
    operator = SampleCorpusOperator(task_id="draw", text_column="body", **said)
    for name, value in changed.items():
        setattr(operator, name, value)
    with pytest.raises(AirflowFailException):
        operator.execute(context_of())
    assert not (tmp_path / "s.jsonl").exists()


def test_findings_are_told_in_counts_and_without_a_text_or_an_id(tmp_path: Path) -> None:
    where = rows(tmp_path)
    told = InspectFindingsOperator(task_id="t", results=where, redaction_policy=POLICY).execute(context_of())

    assert told["findings"] == [{"category": "Person", "language": "en", "findings": 1, "documents": 1}]
    assert (told["documents"], told["left"], told["unnamed"]) == (1, {"Person": 1}, [])
    assert CANARY not in json.dumps(told)
    assert "left" not in InspectFindingsOperator(task_id="t", results=where).execute(context_of())


DRAWN = {"documents": 9, "drawn": 1, "text_records": 9, "path": "/sample.jsonl"}


def test_the_page_is_where_it_was_asked_for_and_is_told_and_nothing_of_a_document_is_on_it(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.INFO, "airflow.task.operators")
    operator = InspectFindingsOperator(
        task_id="t",
        results=rows(tmp_path),
        redaction_policy=POLICY,
        whole=DRAWN,
        price_per_thousand_records="{{ params.price }}",
        report_path="{{ params.output }}/inspection.html",
    )
    operator.render_template_fields(context_of(params={"price": 2, "output": str(tmp_path / "signed")}))

    told = operator.execute(context_of())

    page = (tmp_path / "signed" / "inspection.html").read_text()
    assert told["report"] == str(tmp_path / "signed" / "inspection.html")
    logged = caplog.text + capsys.readouterr().out  # by the version of Airflow, to either
    assert f"The report is at {told['report']}" in logged
    assert "A sample: 1 of 9 documents." in page
    assert "<dt>cost</dt><dd>0.0180</dd>" in page
    assert '<td class="clear">left in the clear</td>' in page
    assert told["whole"]["cost"] == 0.018
    assert CANARY not in page + json.dumps(told) + logged


def test_a_rerun_puts_its_page_in_the_place_of_the_one_before(tmp_path: Path) -> None:
    page = tmp_path / "inspection.html"
    for leaves in ("leave", "mask"):
        said: Any = {"results": rows(tmp_path), "redaction_policy": {"version": 1, "default": leaves}}
        InspectFindingsOperator(task_id="t", report_path=str(page), **said).execute(context_of())

    assert "Nothing that was found." in page.read_text()
    assert not list(tmp_path.glob(".*"))


@pytest.mark.usefixtures("memory_storage")
def test_the_page_lies_on_object_storage_as_on_a_disk(tmp_path: Path) -> None:
    where = "memory://signed/inspection.html"
    told = InspectFindingsOperator(task_id="t", results=rows(tmp_path), report_path=where).execute(
        context_of()
    )

    place = place_of(where)
    assert told["report"] == where
    assert b"Inspection of personal data" in place.fs.cat_file(place.path)


def test_without_a_place_for_it_no_page_is_written(tmp_path: Path) -> None:
    told = InspectFindingsOperator(task_id="t", results=rows(tmp_path)).execute(context_of())

    assert "report" not in told
    assert not list(tmp_path.rglob("*.html"))


def test_a_page_that_cannot_be_made_leaves_the_one_before_it(tmp_path: Path) -> None:
    page = tmp_path / "inspection.html"
    page.write_text("of before")
    (tmp_path / "none.jsonl").write_text("{}\n")
    operator = InspectFindingsOperator(
        task_id="t", results=str(tmp_path / "none.jsonl"), report_path=str(page)
    )
    with pytest.raises(AirflowFailException):
        operator.execute(context_of())
    assert page.read_text() == "of before"


@pytest.mark.parametrize(
    "changed",
    [
        {"redaction_policy": None},
        {"redaction_policy": ""},
        {"results": None},
        {"whole": None},
        {"whole": str(DRAWN)},
        {"price_per_thousand_records": "dear"},
        {"report_path": "no location"},
    ],
)
def test_what_is_rendered_to_nothing_or_to_something_else_is_refused_for_good(
    tmp_path: Path, changed: Any
) -> None:
    operator = InspectFindingsOperator(
        task_id="t", results=rows(tmp_path), redaction_policy=POLICY, whole=DRAWN
    )
    for name, value in changed.items():
        setattr(operator, name, value)
    with pytest.raises(AirflowFailException):
        operator.execute(context_of())


def test_what_is_no_policy_is_refused_when_the_dag_is_parsed() -> None:
    with pytest.raises(InvalidInputError, match="did you mean mask"):
        InspectFindingsOperator(task_id="t", results="/r", redaction_policy={"version": 1, "default": "maks"})
