"""A stub of the service, whose jobs end at once: ``python -m tests.bench.canned_service TASKS``.

It answers from memory, so that it is never the one who is waited for, and says what the service would say of
texts of one KB: some personal data, a dozen entities and key phrases, and the sentiment of each sentence.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from aiohttp import web

from tests.bench.workload import text

JOB = "00000000-0000-4000-8000-000000000001"
"""The job that every submission is answered with; a look is answered for whichever is asked for."""
DOCUMENTS = 25
PATH = "/language/analyze-text/jobs"
_JSON = {"Content-Type": "application/json; charset=utf-8"}
_TIME = "2026-11-21T12:00:00Z"
_SCORES = {"positive": 0.04, "neutral": 0.93, "negative": 0.03}
_WORD = 6
"""Characters of what is found, about."""


def _personal_data(said: str) -> dict[str, Any]:
    entities = [_found(said, place, category="Person") for place in range(0, len(said), 200)]
    return {"redactedText": said, "entities": entities}


def _entities(said: str) -> dict[str, Any]:
    tags = [{"name": "Location", "confidenceScore": 0.98}]
    found = {"category": "Location", "type": "City", "tags": tags}
    return {"entities": [_found(said, place, **found) for place in range(0, len(said), 80)]}


def _key_phrases(said: str) -> dict[str, Any]:
    return {"keyPhrases": [said[place : place + 2 * _WORD] for place in range(0, len(said), 80)]}


def _sentiment(said: str) -> dict[str, Any]:
    sentences = [
        {
            "sentiment": "neutral",
            "confidenceScores": _SCORES,
            "offset": place,
            "length": 100,
            "text": said[place : place + 100],
        }
        for place in range(0, len(said), 100)
    ]
    return {"sentiment": "neutral", "confidenceScores": _SCORES, "sentences": sentences}


def _found(said: str, place: int, **more: Any) -> dict[str, Any]:
    word = said[place : place + _WORD]
    return {"text": word, **more, "offset": place, "length": len(word), "confidenceScore": 0.98}


FINDINGS: Mapping[str, Callable[[str], dict[str, Any]]] = {
    "PiiEntityRecognition": _personal_data,
    "EntityRecognition": _entities,
    "KeyPhraseExtraction": _key_phrases,
    "SentimentAnalysis": _sentiment,
}
"""What is said of a text, by kind; a job with so many tasks has the first of them."""


def answer(job_id: str, tasks: int) -> bytes:
    """A job that ended, with the results of so many tasks, in the form of 2026-05-01."""
    items = [
        {
            "kind": f"{kind}LROResults",
            "taskName": kind,
            "lastUpdateDateTime": _TIME,
            "status": "succeeded",
            "results": {
                "statistics": {"documentsCount": DOCUMENTS, "transactionsCount": DOCUMENTS},
                "documents": [_document(number, finding) for number in range(DOCUMENTS)],
                "errors": [],
                "modelVersion": "2026-05-01",
            },
        }
        for kind, finding in list(FINDINGS.items())[:tasks]
    ]
    job = {
        "jobId": job_id,
        "createdDateTime": _TIME,
        "lastUpdatedDateTime": _TIME,
        "expirationDateTime": _TIME,
        "status": "succeeded",
        "errors": [],
        "tasks": {"completed": tasks, "failed": 0, "inProgress": 0, "total": tasks, "items": items},
    }
    return json.dumps(job, separators=(",", ":")).encode()


def _document(number: int, finding: Callable[[str], dict[str, Any]]) -> dict[str, Any]:
    said = text(number)
    statistics = {"charactersCount": len(said), "transactionsCount": 1}
    return {"id": str(number), **finding(said), "statistics": statistics, "warnings": []}


@contextmanager
def running(tasks: int) -> Iterator[str]:
    """The stub in a process of its own, for jobs of so many tasks; yields its endpoint."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.canned_service", str(tasks)], stdout=subprocess.PIPE, text=True
    )
    try:
        told = process.stdout.readline() if process.stdout else ""
        if "http://" not in told:
            raise RuntimeError("the stub did not start")
        yield told.strip()
    finally:
        process.terminate()
        process.communicate()


async def _serve(tasks: int) -> None:
    ended = answer(JOB, tasks)

    async def submit(request: web.Request) -> web.Response:
        await request.read()
        location = f"http://{request.host}{PATH}/{JOB}?api-version=2026-05-01"
        return web.Response(status=202, headers={"operation-location": location})

    async def look(request: web.Request) -> web.Response:
        asked = request.match_info["job_id"].encode()
        return web.Response(body=ended.replace(JOB.encode(), asked, 1), headers=_JSON)

    app = web.Application()
    app.add_routes([web.post(PATH, submit), web.get(f"{PATH}/{{job_id}}", look)])
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    print(f"http://{host}:{port}", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1])))
