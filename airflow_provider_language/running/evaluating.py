"""The findings of rows that have landed, held against a labelled sample that lies in a file."""

from __future__ import annotations

import json
import logging
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.protocol.evaluation.evaluating import Evaluation, Evaluator
from airflow_provider_language.protocol.evaluation.figures import ANY
from airflow_provider_language.protocol.evaluation.samples import LabelledDocument, labelled_from
from airflow_provider_language.protocol.evaluation.shares import Share
from airflow_provider_language.protocol.json_values import JsonObject, text_or_none
from airflow_provider_language.protocol.redaction.audit import SECOND_PASS
from airflow_provider_language.protocol.redaction.entities import entities_of
from airflow_provider_language.protocol.tables.schema import REDACTIONS
from airflow_provider_language.running.corpus.manifests import read_manifest
from airflow_provider_language.running.corpus.places import RunPlaces, names_in
from airflow_provider_language.storage.files import replace_file
from airflow_provider_language.storage.runs.run_folders import MANIFEST
from airflow_provider_language.storage.tables.record_files import records_in
from airflow_provider_language.storage.tables.row_files import row_files, rows_in

log = logging.getLogger(__name__)

KIND = "PiiEntityRecognition"


def evaluate(results: str, sample: str, task: str | None = None, *, second_pass: bool = False) -> Evaluation:
    """Hold findings against a sample.

    The sample is held in memory, and of the rows no more than one.

    Args:
        results: a file of rows, or the folder of a run (``DESTINATION/results/RUN``).
        sample: a file of JSON lines, whose ids are those of the rows.
        task: whose findings they are; it may be left out where one task looked for personal data.
        second_pass: whether what the run's second pass has found counts, too, suggested or applied.

    Raises:
        InvalidInputError: a line of the sample is none; the findings are not those of its texts; none of its
            documents has a result; or there was no second pass.
    """
    lines = enumerate(rows_in(sample), start=1)
    evaluator = Evaluator(labelled_from(line, f"Line {number} of {sample}") for number, line in lines)
    again = _found_again(results, evaluator) if second_pass else {}
    for row in rows_of_findings(results, task):
        _take(evaluator, row, again.get(str(row.get("document_id")), ()))
    return evaluator.evaluation()


def _found_again(results: str, evaluator: Evaluator) -> Mapping[str, Sequence[JsonObject]]:
    """What a second pass has found in documents of a sample: audit records tell of it as entities do."""
    destination, _, name = results.rstrip("/").rpartition("/results/")
    places = RunPlaces.named(destination, name)
    copy = read_manifest(places)["redacted_copy"] if MANIFEST in names_in(places.results) else None
    if not (copy or {}).get("second_pass"):
        raise InvalidInputError(f"The run at {results} has looked for nothing in a second pass.")
    found: defaultdict[str, list[JsonObject]] = defaultdict(list)
    folder = f"{places.tables}/{REDACTIONS.name}/{places.name}"
    for file in names_in(folder):
        for record in records_in(f"{folder}/{file}"):
            id_ = str(record.get("document_id"))
            if record.get("found_by") == SECOND_PASS and evaluator.document(id_) is not None:
                found[id_].append(record)
    return found


def rows_of_findings(
    results: str, task: str | None = None, kinds: Collection[str] = (KIND,)
) -> Iterator[JsonObject]:
    """The rows of the task that looked for personal data, one after another.

    Args:
        results: a file of rows, or the folder of a run.
        task: its name; it may be left out where there is one.
        kinds: of the tasks that are meant; those of texts alone, if nothing is said.

    Raises:
        InvalidInputError: there is no such task, or there are several.
    """
    seen: set[str] = set()
    for file in row_files(results):
        for row in rows_in(file):
            name = str(row.get("task"))
            if row.get("kind") not in kinds or task not in (None, name):
                continue
            seen.add(name)
            if len(seen) > 1:
                names = ", ".join(sorted(seen))
                raise InvalidInputError(f"The rows at {results} are of several tasks: {names}. Name one.")
            yield row
    if not seen:
        raise InvalidInputError(
            f"There is no row of {' or '.join(sorted(kinds))}{f' as {task!r}' if task else ''} at {results}."
        )


def _take(evaluator: Evaluator, row: JsonObject, again: Sequence[JsonObject]) -> None:
    document = evaluator.document(str(row.get("document_id")))
    if document is None:
        return
    entities = entities_of(row)
    if entities is None:
        return
    if row.get("characters") not in (None, document.characters):
        raise _another(document)
    try:
        found = document.spans((*entities, *again))
    except InvalidInputError:
        raise _another(document) from None
    evaluator.take(document, found, text_or_none(row.get("model_version")))


def _another(document: LabelledDocument) -> InvalidInputError:
    return InvalidInputError(
        f"What was found in document {document.id!r:.60} does not fit the sample's text: another text was "
        "analyzed under this id, or its task asked for offsets in another unit than code points."
    )


def write_evaluation(evaluation: Evaluation, location: str) -> None:
    """Write all of an evaluation, its misses among it, as JSON; no text of a document is in it."""
    replace_file(location, json.dumps(evaluation.told(), indent=1).encode())
    log.info("The evaluation is at %s", location)


def short_form(evaluation: Evaluation) -> dict[str, Any]:
    """What an XCom tells of an evaluation: per category, over all languages, what a redaction hides."""
    figures = [one for one in evaluation.figures if one.language == ANY]
    return {
        "documents": evaluation.documents,
        "without_result": len(evaluation.without_result),
        "misses": len(evaluation.misses),
        "notes": list(evaluation.notes)[:1],
        "recall": {one.category: _value(one.counts.characters.recall) for one in figures},
        "precision": {one.category: _value(one.counts.characters.precision) for one in figures},
    }


def _value(share: Share | None) -> float | None:
    return None if share is None else round(share.value, 4)
