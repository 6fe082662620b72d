"""How jobs are submitted, judged and read by those who have but the HTTP provider and requests."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from requests import Response, Session

KEY_HEADER = "Ocp-Apim-Subscription-Key"
TEXTS = ("The coffee was great.", "The grinder is loud.", "The courier was late.")
"""The documents of each job."""
ENDED = frozenset({"succeeded", "partiallyCompleted", "failed", "cancelled"})
"""The statuses of a job that runs no more, as the REST API of 2026-05-01 names them."""

PATIENT: dict[str, Any] = {"retries": 3, "retry_delay": timedelta(seconds=5)}
"""Arguments of each task that waits."""

_SUBMIT = "/language/analyze-text/jobs?api-version=2026-05-01"
_BODY = {
    "analysisInput": {
        "documents": [
            {"id": str(number), "language": "en", "text": text} for number, text in enumerate(TEXTS)
        ]
    },
    "tasks": [{"kind": "KeyPhraseExtraction"}],
}
_SECONDS = 60


def session(key: str) -> Session:
    """A session that repeats what is refused for too many requests, when the service says."""
    from requests import Session
    from requests.adapters import HTTPAdapter
    from urllib3.util import Retry

    patient = Session()
    patient.headers[KEY_HEADER] = key
    patient.mount("http://", HTTPAdapter(max_retries=Retry(10, status_forcelist=[429], allowed_methods=None)))
    return patient


def submit(client: Session, endpoint: str) -> str:
    """Submit a job, and return its operation-location."""
    answer = client.post(endpoint + _SUBMIT, json=_BODY, timeout=_SECONDS)
    answer.raise_for_status()
    return answer.headers["operation-location"]


def path_of(location: str) -> str:
    """Return the path and the query of an operation-location."""
    return urlsplit(location)._replace(scheme="", netloc="").geturl()


def has_ended(answer: Response) -> bool:
    """Say whether the job runs no more, as a sensor's response_check."""
    return answer.json()["status"] in ENDED


def has_results(client: Session, url: str) -> bool:
    """Read a job, and say whether it has a result for each of its documents."""
    state = client.get(url, timeout=_SECONDS).json()
    return state["status"] == "succeeded" and (
        len(state["tasks"]["items"][0]["results"]["documents"]) == len(TEXTS)
    )
