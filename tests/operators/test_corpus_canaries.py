"""Two thousand documents with known names go all the way to a copy: what was found is nowhere then."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator
from itertools import chain, product
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from pyarrow import parquet

from airflow_provider_language.emulator import Emulator
from airflow_provider_language.operators.analyze import (
    EvaluateFindingsOperator,
    InspectFindingsOperator,
    SampleCorpusOperator,
)
from airflow_provider_language.running.lineage import of_corpus
from tests.airflow_stands import KEY, TaskInstance, context_of
from tests.corpus_runs import Hurried
from tests.dags.conftest import EXAMPLES
from tests.emulator.fakes import fake_detect
from tests.protocol.redaction.policies import KEY as REDACTION_KEY

if TYPE_CHECKING:
    from tests.conftest import Connect

DOCUMENTS = 2_000
FIRST = (
    *("Anna", "Thomas", "Margaret", "David", "Laura", "Peter", "Susan", "Michael", "Helen", "Robert"),
    *("Emma", "George", "Alice", "Daniel", "Ruth", "Edward", "Grace", "Henry", "Julia", "Martin"),
)
LAST = [
    first + last
    for first, last in product(
        ("Whit", "Lind", "Hart", "Ash", "Brad", "Cal", "Green", "Mar", "Nor", "Win"),
        ("field", "quist", "well", "worth", "ley", "ham", "wood", "ton", "man", "ridge"),
    )
]
PII = "PiiEntityRecognition"
POLICY = {
    "version": 1,
    "default": "mask",
    "categories": {"Person": "pseudonym", "Email": "pseudonym", "PhoneNumber": "category"},
}
PATTERNS = {
    "Person": re.compile(rf"(?:{'|'.join(FIRST)}) (?:{'|'.join(LAST)})"),
    "Email": re.compile(r"[a-z]+\.[a-z]+@[a-z]+\.example"),
    "PhoneNumber": re.compile(r"\+1 (?:206|425) 555 \d{4}"),
}
"""What is known to be in the texts; each is in one document alone, but for numbers."""


@pytest.fixture
def service(connect: Connect, monkeypatch: pytest.MonkeyPatch) -> Iterator[Emulator]:
    """An emulator with its real engines, and the keys of pseudonyms and digests."""
    monkeypatch.setenv("AIRFLOW__AZURE_LANGUAGE__REDACTION_KEY", REDACTION_KEY.secret.decode())
    monkeypatch.setenv("AIRFLOW__AZURE_LANGUAGE__DIGEST_KEY", "a-digest-key-that-is-long-enough")
    with Emulator(key=KEY, duration=0, detect_language=fake_detect) as running:
        connect(running.endpoint)
        yield running


def corpus(folder: Path) -> tuple[str, dict[str, dict[str, Any]]]:
    """A labelled corpus of the letters and reviews of the examples, each with a person of its own."""
    letters = [file.read_text() for file in sorted((EXAMPLES / "data" / "letters").glob("*.txt"))]
    lines = map(json.loads, (EXAMPLES / "data" / "reviews.jsonl").read_text().splitlines())
    reviews = [f"{line['text']}\n\nCall {{phone}} or write to {{mail}}.\n{{name}}" for line in lines]
    forms = [*map(_form, letters), *reviews]
    documents = {}
    for number, (first, last) in zip(range(DOCUMENTS), product(FIRST, LAST), strict=False):
        said = {
            "name": f"{first} {last}",
            "mail": f"{first}.{last}@canary.example".lower(),
            "phone": f"+1 206 555 {number:04d}",
        }
        text = forms[number % len(forms)].format_map(said)
        entities = [
            {"category": category, "offset": one.start(), "length": len(one[0])}
            for category, pattern in PATTERNS.items()
            for one in pattern.finditer(text)
        ]
        documents[f"{number}"] = {"id": f"{number}", "language": "en", "text": text, "entities": entities}
    (folder / "corpus.jsonl").write_text("".join(json.dumps(one) + "\n" for one in documents.values()))
    return str(folder / "corpus.jsonl"), documents


def _form(letter: str) -> str:
    named = re.sub(r"Margaret Ellis|Tom Baker", "{name}", letter)
    return re.sub(r"\+1 \d{3} 555 \d{4}", "{phone}", re.sub(r"[a-z]+\.[a-z]+@example\.\w+", "{mail}", named))


def canaries(said: str) -> set[str]:
    return {found for pattern in PATTERNS.values() for found in pattern.findall(said)}


def written(folder: Path) -> Iterator[tuple[str, str]]:
    """All that is below a folder, Parquet unpacked."""
    for file in folder.rglob("*"):
        if file.suffix == ".parquet":
            yield str(file), json.dumps(parquet.read_table(file).to_pylist(), default=str)
        elif file.is_file():
            yield str(file), file.read_bytes().decode(errors="replace")


def found_in(results: str) -> dict[str, list[tuple[str, int, int]]]:
    """Category, begin and end of what was found in each document."""
    lines = chain.from_iterable(file.open() for file in sorted(Path(results).glob("part-*.jsonl")))
    return {
        row["document_id"]: [
            (one["category"], one["offset"], one["offset"] + one["length"])
            for one in row["result"]["entities"]
        ]
        for row in map(json.loads, lines)
    }


def shares(
    documents: dict[str, dict[str, Any]], found: dict[str, list[tuple[str, int, int]]], category: str
) -> tuple[float, float]:
    """Recall and precision of characters, reckoned here."""
    labelled = {
        (id_, at)
        for id_, one in documents.items()
        for label in one["entities"]
        if label["category"] == category
        for at in range(label["offset"], label["offset"] + label["length"])
    }
    hit = {
        (id_, at)
        for id_, spans in found.items()
        for of, begin, end in spans
        if of == category
        for at in range(begin, end)
    }
    common = len(labelled & hit)
    return round(common / len(labelled), 4), round(common / len(hit), 4)


def test_nothing_that_was_found_is_anywhere_and_the_figures_are_right(
    service: Emulator, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    source, documents = corpus(tmp_path)
    out, sample = tmp_path / "out", str(tmp_path / "sample.jsonl")
    ti = TaskInstance()
    told: list[Any] = []
    asked: dict[str, Any] = {"tasks": [PII], "destination": str(out), "redacted_only": True}

    told.append(
        SampleCorpusOperator(task_id="draw", source=source, sample=sample, size=100).execute(context_of(ti))
    )
    first = Hurried(task_id="sample", source=sample, **asked).execute(context_of(ti))
    looked = InspectFindingsOperator(
        task_id="look",
        results=first["path"],
        redaction_policy=POLICY,
        whole=told[0],
        report_path=str(out / "inspection.html"),
    )
    told += [first, looked.execute(context_of(ti))]
    copy: dict[str, Any] = {"redacted_copy": True, "redaction_policy": POLICY, "second_pass": "apply"}
    operator = Hurried(task_id="redact", source=source, **copy, **asked)
    whole = operator.execute(context_of(TaskInstance(task_id="redact")))
    figures = EvaluateFindingsOperator(
        task_id="evaluate", results=whole["path"], sample=source, output_path=str(out / "evaluation.json")
    ).execute(context_of(ti))
    told += [whole, figures, ti.xcoms, repr(of_corpus(operator, str(out), whole))]

    found = found_in(whole["path"])
    hidden = {documents[id_]["text"][begin:end] for id_, spans in found.items() for _, begin, end in spans}
    known = {one for document in documents.values() for one in canaries(document["text"])}
    assert len(known & hidden) > 0.9 * len(known) > DOCUMENTS
    places = {**dict(written(out)), "logs": caplog.text, "XComs and lineage": json.dumps(told)}
    assert {
        place: sorted(canaries(said) & hidden)[:3]
        for place, said in places.items()
        if canaries(said) & hidden
    } == {}
    assert any("/redacted/" in place for place in places)
    assert any(place.endswith("report.html") for place in places)
    assert (
        f"A sample: 100 of {DOCUMENTS:,} documents.".replace(",", "\u202f")
        in (places[str(out / "inspection.html")])
    )
    assert whole["redacted_copy"]["second_pass"]["forms"] > DOCUMENTS
    assert (whole["redacted_copy"]["rows"], whole["redacted_copy"]["unfit"]) == (DOCUMENTS, 0)
    for category in PATTERNS:
        assert (figures["recall"][category], figures["precision"][category]) == shares(
            documents, found, category
        )
