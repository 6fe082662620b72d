"""Whatever the service answers, a flow ends: with rows that reconcile, or with an error that has a name."""

from __future__ import annotations

import copy
import json
import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn, TypeAlias

import pytest

from airflow_provider_language.exceptions import LanguageError
from airflow_provider_language.protocol import flows, result_pages
from airflow_provider_language.protocol.jobs.counts import Tally
from airflow_provider_language.protocol.jobs.outcomes import Outcome, event_error, event_of
from airflow_provider_language.protocol.jobs.results import Row, RowStatus
from airflow_provider_language.protocol.wire import Flow, Request, Response
from airflow_provider_language.storage.rows import write_rows
from airflow_provider_language.transports import blocking
from tests.draws import draws
from tests.fuzz.answers import Answered, answered_jobs
from tests.fuzz.mutations import mutate
from tests.protocol.playing import START, STEADY

MUTANTS = draws(2000)
CHUNKS = 4
MOST_REQUESTS = 2000
DEADLINE = START + 3600
WITH_RESULTS = frozenset({"succeeded", "partiallycompleted", "partiallysucceeded"})
SETTINGS = replace(STEADY, retries=replace(STEADY.retries, tolerance=60.0))

Found: TypeAlias = "set[tuple[str, str]]"


class Service:
    """Answers looks with pages in their order, the last one again and again, in a time of its own."""

    def __init__(self, pages: Sequence[Mapping[str, Any]]) -> None:
        self._bodies = [json.dumps(page).encode() for page in pages]
        self._now = START
        self.requests = 0

    def play(self, flow: Flow[Any]) -> Any:
        return blocking.play(flow, self._send, clock=lambda: self._now, sleep=self._sleep)

    def _send(self, _: Request) -> Response:
        self.requests += 1
        assert self.requests < MOST_REQUESTS, "it asks for ever"
        body = self._bodies.pop(0) if len(self._bodies) > 1 else self._bodies[0]
        return Response(200, {}, body, self._now)

    def _sleep(self, seconds: float) -> None:
        self._now += seconds


def found_in(pages: Sequence[Mapping[str, Any]]) -> Found:
    """Task and document of each result that an answer tells of, read without any code of ours."""
    return {(name, str(document.get("id"))) for page in pages for name, document in _documents(page)}


def _documents(page: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    tasks = page.get("tasks")
    arrays = [one for one in tasks.values() if isinstance(one, list)] if isinstance(tasks, dict) else []
    items = [item for array in arrays for item in array if isinstance(item, dict)]
    for item in [*items, {"taskName": "Healthcare", "results": page.get("results")}]:
        results: Any = item.get("results")
        for part in ("documents", "conversations") if isinstance(results, dict) else ():
            documents = results.get(part)
            for document in documents if isinstance(documents, list) else ():
                if isinstance(document, dict):
                    name = item.get("taskName")
                    yield name if isinstance(name, str) else "", document


def reconcile(rows: Sequence[Row], job: Answered, pages: Sequence[Mapping[str, Any]]) -> None:
    """Each document is there once for each task, and is a result just where the service told one."""
    assert {str(page["jobId"]).lower() for page in pages} == {job.handle.job_id.lower()}
    found = found_in(pages)
    wanted = [(name, one.id) for _, name in job.expected.tasks for one in job.expected.documents]
    assert [(row.task, row.document_id) for row in rows] == wanted
    unnamed = {id_ for name, id_ in found if not name}
    for row in rows:
        told = (row.task, row.document_id) in found
        if row.status is RowStatus.OK:
            assert told or row.document_id in unnamed, f"{row} was invented"
        elif row.status is RowStatus.MISSING:
            assert not told, f"{row} was lost"
    tally = Tally()
    tally.add_job(rows)
    assert tally.counts.rows == len(wanted)


def results(job: Answered, pages: Sequence[Mapping[str, Any]], folder: Path) -> None:
    """Rows with what went in known, and as they are written."""
    service = Service(pages)
    rows = service.play(result_pages.results(job.handle, SETTINGS, job.expected))
    reconcile(rows, job, pages[: service.requests])
    _written(rows, folder)


def collect(job: Answered, pages: Sequence[Mapping[str, Any]], folder: Path) -> None:
    """Waiting and rows, without what went in at every other time."""
    known = bool(len(pages) % 2)
    flow = flows.collect(job.handle, SETTINGS, job.expected if known else None, deadline=DEADLINE)
    service = Service(pages)
    rows = service.play(flow)
    if known:
        looks = pages[: service.requests]
        began = next(place for place, page in enumerate(looks) if str(page["status"]).lower() in WITH_RESULTS)
        reconcile(rows, job, looks[began:])
    assert max(Counter((row.kind, row.task, row.document_id) for row in rows).values(), default=1) == 1
    _written(rows, folder)


def watch(job: Answered, pages: Sequence[Mapping[str, Any]], _: Path) -> None:
    """Waiting, and what is told of its end: in an event of less than 2 KB."""
    seen = Service(pages).play(flows.watch(job.handle, SETTINGS, deadline=DEADLINE))
    event = json.dumps(event_of(Outcome.of([seen])), allow_nan=False)
    assert len(event) < 2048
    error = event_error(json.loads(event), allow_partial=False)
    assert error is None or str(error).isprintable()


def _written(rows: Sequence[Row], folder: Path) -> None:
    write_rows(rows, str(folder / "rows.jsonl"))
    lines = (folder / "rows.jsonl").read_text(encoding="utf-8").splitlines()
    assert len([json.loads(line, parse_constant=_refuse) for line in lines if line]) == len(rows)


def _refuse(constant: str) -> NoReturn:
    raise AssertionError(f"{constant} is no JSON")


def mutant(seed: str) -> tuple[Answered, list[dict[str, Any]]]:
    """A job, and its pages with one of them changed; the same seed gives the same ones."""
    chance = random.Random(seed)  # noqa: S311 - repeatable, no secret
    job = chance.choice(answered_jobs())
    pages = copy.deepcopy(list(job.pages))
    if chance.random() < 0.2:
        pages.insert(0, {**copy.deepcopy(pages[0]), "status": "running"})
    mutate(chance.choice(pages), chance)
    return job, pages


@pytest.mark.draws
@pytest.mark.parametrize("chunk", range(CHUNKS))
@pytest.mark.parametrize("play", [results, collect, watch], ids=lambda play: play.__name__)
def test_no_answer_hangs_a_flow_nor_fails_it_without_a_name_nor_loses_or_invents_a_row(
    play: Callable[[Answered, Sequence[Mapping[str, Any]], Path], None], chunk: int, tmp_path: Path
) -> None:
    refusals: Counter[type[LanguageError]] = Counter()
    for number in range(chunk, MUTANTS, CHUNKS):
        seed = f"{play.__name__} {number}"
        job, pages = mutant(seed)
        try:
            play(job, pages, tmp_path)
        except LanguageError as error:
            refusals[type(error)] += 1
        except Exception as error:
            raise AssertionError(f"mutant {seed!r} of {job.name}: {error!r}") from error
    assert 0 < refusals.total() < MUTANTS / CHUNKS


def test_answers_as_they_are_become_rows(tmp_path: Path) -> None:
    for job in answered_jobs():
        results(job, job.pages, tmp_path)
        watch(job, job.pages, tmp_path)
