"""Findings of a run are held against a sample: figures for all, texts for nobody."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from airflow_provider_language._compat import AirflowFailException
from airflow_provider_language.emulator import Emulator
from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.operators.analyze import EvaluateFindingsOperator
from tests.airflow_stands import KEY, TaskInstance, context_of
from tests.corpus_runs import analyze
from tests.emulator.fakes import CountingEngine, fake_detect, fake_engines

if TYPE_CHECKING:
    from tests.conftest import Connect

PII = "PiiEntityRecognition"
LINES: list[dict[str, Any]] = [
    {
        "id": "a",
        "language": "en",
        "text": "Anna met Otto.",
        "entities": [
            {"category": "Person", "offset": 0, "length": 4},
            {"category": "Person", "offset": 9, "length": 4},
        ],
        "note": "Two persons.",
    },
    {"id": "b", "text": "Nobody.", "entities": []},
]


class FindingAnna(CountingEngine):
    """Finds one name of two."""

    def __call__(self, text: str, language: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
        super().__call__(text, language, parameters)
        entity = {"text": "Anna", "category": "Person", "offset": 0, "length": 4, "confidenceScore": 0.9}
        entities = [entity] if text.startswith("Anna") else []
        return {"redactedText": text.replace("Anna", "****"), "entities": entities}


@pytest.fixture
def service(connect: Connect) -> Iterator[Emulator]:
    """An emulator that finds one name of two."""
    engines = {**fake_engines(), PII: FindingAnna({})}
    with Emulator(key=KEY, duration=0, engines=engines, detect_language=fake_detect) as running:
        connect(running.endpoint)
        yield running


def sample(folder: Path, lines: list[dict[str, Any]] = LINES) -> str:
    file = folder / "sample.jsonl"
    file.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return str(file)


def evaluated(ti: TaskInstance | None = None, **options: Any) -> dict[str, Any]:
    return EvaluateFindingsOperator(task_id="evaluate", **options).execute(context_of(ti))


@pytest.mark.parametrize("redacted_only", [False, True])
def test_the_sample_is_analyzed_and_then_evaluated(
    service: Emulator, tmp_path: Path, redacted_only: bool
) -> None:
    source = sample(tmp_path)
    results = analyze(tmp_path, source=source, tasks=[PII], redacted_only=redacted_only)["path"]
    output = tmp_path / "evaluation.json"

    told = evaluated(results=results, sample=source, output_path=str(output), minimum_recall={"Person": 0.5})

    assert told == {
        "documents": 2,
        "without_result": 0,
        "misses": 1,
        "notes": ["Two persons."],
        "recall": {"*": 0.5, "Person": 0.5},
        "precision": {"*": 1.0, "Person": 1.0},
        "path": str(output),
    }
    whole = json.loads(output.read_text())
    assert [(miss["document_id"], miss["offset"], miss["length"]) for miss in whole["misses"]] == [
        ("a", 9, 4)
    ]
    assert "Otto" not in output.read_text()


def test_too_little_recall_fails_for_good_and_leaves_its_figures(service: Emulator, tmp_path: Path) -> None:
    source = sample(tmp_path)
    results = analyze(tmp_path, source=source, tasks=[PII])["path"]
    ti = TaskInstance()

    with pytest.raises(AirflowFailException, match=r"recall of Person is 0\.500 .* less than 0\.9"):
        evaluated(ti, results=results, sample=source, minimum_recall={"Person": 0.9})

    assert ti.xcoms["return_value"]["recall"]["Person"] == 0.5


def rows(folder: Path, *told: dict[str, Any]) -> str:
    file = folder / "rows.jsonl"
    row = {"document_id": "a", "task": "pii", "kind": PII, "status": "ok", "result": {"entities": []}}
    file.write_text("".join(json.dumps({**row, **one}) + "\n" for one in told))
    return str(file)


def test_rows_of_others_and_rows_without_a_result_are_passed(tmp_path: Path) -> None:
    results = rows(
        tmp_path,
        {"kind": "SentimentAnalysis", "task": "mood"},
        {"document_id": "stranger"},
        {"document_id": "b", "status": "error", "result": None},
        {},
    )
    told = evaluated(results=results, sample=sample(tmp_path))
    assert (told["documents"], told["without_result"], told["path"]) == (1, 1, None)
    with pytest.raises(AirflowFailException, match="1 documents of the sample have no result"):
        evaluated(results=results, sample=sample(tmp_path), minimum_recall={"Person": 0})


@pytest.mark.parametrize(
    ("told", "options", "why"),
    [
        ([{"characters": 15}], {}, "another text was analyzed"),
        ([{"result": {"entities": [{"category": "Person", "offset": 99, "length": 4}]}}], {}, "another text"),
        ([{}, {"task": "other"}], {}, "of several tasks: other, pii"),
        ([{}], {"task_name": "else"}, "no row of PiiEntityRecognition as 'else'"),
        ([{}, {}], {}, "more than once"),
        ([], {}, "no row of PiiEntityRecognition at"),
        ([{"document_id": "stranger"}], {}, "None of the documents"),
    ],
)
def test_what_does_not_belong_together_is_refused(
    tmp_path: Path, told: list[dict[str, Any]], options: dict[str, Any], why: str
) -> None:
    with pytest.raises(AirflowFailException, match=why):
        evaluated(results=rows(tmp_path, *told), sample=sample(tmp_path), **options)


def test_of_several_tasks_one_is_named(tmp_path: Path) -> None:
    results = rows(tmp_path, {}, {"task": "other"})
    assert evaluated(results=results, sample=sample(tmp_path), task_name="pii")["documents"] == 1


def test_without_a_sample_there_is_no_figure(tmp_path: Path) -> None:
    with pytest.raises(AirflowFailException, match="is empty"):
        evaluated(results=rows(tmp_path, {}), sample=sample(tmp_path, []))


def test_a_demand_that_is_none_is_refused_when_the_dag_is_parsed() -> None:
    with pytest.raises(InvalidInputError, match="did you mean Person"):
        EvaluateFindingsOperator(task_id="e", results="/r", sample="/s", minimum_recall={"Persn": 1})
    with pytest.raises(InvalidInputError, match="sample is a text"):
        EvaluateFindingsOperator(task_id="e", results="/r", sample="no location")
