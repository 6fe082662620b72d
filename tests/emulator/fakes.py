"""Stand-ins for the emulator's engines and clock, and the smallest client that shows everything."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import requests

from airflow_provider_language.emulator.engines import DetectedLanguage, UnsupportedLanguage

if TYPE_CHECKING:
    from collections.abc import Mapping

START = datetime(2026, 11, 21, 12, 0, tzinfo=timezone.utc)
LANGUAGES = ("de", "en", "es")


class ManualClock:
    """A clock that a test moves."""

    def __init__(self, now: datetime = START) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **amount: float) -> None:
        self.now += timedelta(**amount)


class CountingEngine:
    """Returns fixed fields for any text in a known language, and counts its calls."""

    def __init__(self, fields: Mapping[str, Any]) -> None:
        self.fields = fields
        self.calls: list[tuple[str, str, dict[str, Any]]] = []
        self._lock = threading.Lock()

    def __call__(self, text: str, language: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
        with self._lock:
            self.calls.append((text, language, dict(parameters)))
        if language not in LANGUAGES:
            raise UnsupportedLanguage(language, LANGUAGES)
        return dict(self.fields)


class WholeTextEngine(CountingEngine):
    """Finds one entity: the whole text."""

    def __init__(self) -> None:
        super().__init__({})

    def __call__(self, text: str, language: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
        super().__call__(text, language, parameters)
        entity = {
            "text": text,
            "category": "Person",
            "offset": 0,
            "length": len(text),
            "confidenceScore": 1.0,
        }
        return {"entities": [entity]}


def broken_engine(text: str, language: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
    raise ZeroDivisionError


def fake_engines() -> dict[str, CountingEngine]:
    """Return one engine for each kind that the tests of the protocol use."""
    return {
        "KeyPhraseExtraction": CountingEngine({"keyPhrases": ["phrase"]}),
        "EntityRecognition": WholeTextEngine(),
        "PiiEntityRecognition": CountingEngine({"redactedText": "***", "entities": []}),
        "SentimentAnalysis": CountingEngine(
            {
                "sentiment": "neutral",
                "confidenceScores": {"positive": 0.0, "neutral": 1.0, "negative": 0.0},
                "sentences": [],
            }
        ),
        "CustomSingleLabelClassification": CountingEngine(
            {"class": [{"category": "a", "confidenceScore": 1.0}]}
        ),
        "ExtractiveSummarization": CountingEngine({"sentences": []}),
        "Healthcare": CountingEngine({"entities": [], "relations": []}),
    }


def fake_detect(text: str) -> DetectedLanguage:
    """Return Spanish for a text with an inverted question mark, unknown for digits, else English."""
    if text.isdigit():
        return DetectedLanguage("(Unknown)", "(Unknown)", 0.0)
    if "¿" in text:
        return DetectedLanguage("Spanish", "es", 0.97)
    return DetectedLanguage("English", "en", 0.94)


def documents(count: int, text: str = "hello world") -> list[dict[str, str]]:
    return [{"id": str(index), "text": text, "language": "en"} for index in range(count)]


def task(kind: str = "KeyPhraseExtraction", name: str | None = None, **parameters: Any) -> dict[str, Any]:
    return {"kind": kind, "parameters": parameters, **({} if name is None else {"taskName": name})}


@dataclass
class Client:
    """Sends JSON to one emulator and keeps nothing from the test."""

    endpoint: str
    api_version: str = "2023-04-01"
    headers: dict[str, str] = field(default_factory=lambda: {"Ocp-Apim-Subscription-Key": "any"})

    def send(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        data: bytes | None = None,
        headers: dict[str, str] | None = None,
    ) -> requests.Response:
        url = path if path.startswith("http") else self.endpoint + path
        chosen = self.headers if headers is None else headers
        return requests.request(method, url, json=body, data=data, headers=chosen, timeout=30)

    def submit(
        self, texts: list[dict[str, str]], tasks: list[dict[str, Any]], **fields: Any
    ) -> requests.Response:
        body = {"analysisInput": {"documents": texts}, "tasks": tasks, **fields}
        return self.send("POST", f"/language/analyze-text/jobs?api-version={self.api_version}", body)

    def submitted(self, texts: list[dict[str, str]], tasks: list[dict[str, Any]], **fields: Any) -> str:
        """Return the URL of a new job."""
        response = self.submit(texts, tasks, **fields)
        assert response.status_code == 202, response.text
        return response.headers["operation-location"]

    def state(self, url: str, query: str = "") -> dict[str, Any]:
        """Return the body of a job."""
        response = self.send("GET", url + query)
        assert response.status_code == 200, response.text
        body: dict[str, Any] = response.json()
        return body

    def refusal(self, response: requests.Response) -> tuple[int, str, str | None, str]:
        """Return status, code, inner code and innermost message of an error response."""
        error = response.json()["error"]
        inner = error.get("innererror")
        return response.status_code, error["code"], inner and inner["code"], (inner or error)["message"]
