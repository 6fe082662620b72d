"""What is looked at before a corpus is redacted: a sample of it, and what was found, in counts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from airflow_provider_language._compat import AirflowFailException
from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.operators.analyze import InspectFindingsOperator, SampleCorpusOperator
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


@pytest.mark.parametrize("changed", [{"redaction_policy": None}, {"redaction_policy": ""}, {"results": None}])
def test_a_policy_or_a_run_that_is_rendered_to_nothing_is_refused_for_good(
    tmp_path: Path, changed: Any
) -> None:
    operator = InspectFindingsOperator(task_id="t", results=rows(tmp_path), redaction_policy=POLICY)
    for name, value in changed.items():
        setattr(operator, name, value)
    with pytest.raises(AirflowFailException):
        operator.execute(context_of())


def test_what_is_no_policy_is_refused_when_the_dag_is_parsed() -> None:
    with pytest.raises(InvalidInputError, match="did you mean mask"):
        InspectFindingsOperator(task_id="t", results="/r", redaction_policy={"version": 1, "default": "maks"})
