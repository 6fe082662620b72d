"""The emulator against recorded traffic of the service: the same requests, the same kind of answers."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
import requests

from airflow_provider_language.emulator import Emulator
from airflow_provider_language.emulator.engines import CONVERSATION_ENGINES, ENGINES
from airflow_provider_language.emulator.protocol.json_bodies import serialize
from tests.emulator.fakes import ManualClock

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER = Path(__file__).parents[3] / "shared" / "azure-language" / "recordings"

NOT_REPLAYED = {
    "issue_quoted_errors_429_403_500": "not one exchange; test_recorded_faults orders each of them",
    "mock_action_error_no_target": "a mock, not traffic; test_recorded_faults orders it",
    "mock_action_error_no_target_language": "a mock, not traffic; test_recorded_faults orders it",
    "mock_action_error_with_targets": "a mock, not traffic; test_recorded_faults orders it",
    "mock_action_job_failure_language": "a mock, not traffic; test_recorded_faults orders it",
}
"""Recordings that the emulator has no answer to, and why."""

# The recordings run projects that their authors trained; here they run these.
CATEGORIES = {
    "CustomEntityRecognition": {
        "entities": [{"category": "agency", "regex": [r"\b[A-Z]{3,4}\b"], "phrases": ["Food Safety"]}]
    },
    "CustomSingleLabelClassification": {
        "classes": [
            {"category": "RateBook", "keywords": ["report"]},
            {"category": "BookRestaurant", "keywords": ["reservation", "restaurant"]},
        ]
    },
    "CustomMultiLabelClassification": {"classes": [{"category": "Travel", "keywords": ["flight"]}]},
}

HEALTH_PATH = "/text/analytics/v3.1/entities/health/jobs"
SERVED_PATHS = (
    "/language/analyze-text/jobs",
    "/language/analyze-conversations/jobs",
    "/language/analyze-documents/jobs",
    "/language/:analyze-conversations",
    "/text/analytics/v3.1/analyze",
    HEALTH_PATH,
)
SERVED_KINDS = {*ENGINES, *CATEGORIES, *CONVERSATION_ENGINES}
LEGACY_KINDS = {
    "entityRecognitionTasks": "EntityRecognition",
    "entityLinkingTasks": "EntityLinking",
    "entityRecognitionPiiTasks": "PiiEntityRecognition",
    "keyPhraseExtractionTasks": "KeyPhraseExtraction",
    "sentimentAnalysisTasks": "SentimentAnalysis",
}
# Headers of today's service that older recordings lack, and the emulator's own.
MAY_BE_NEW = {"x-ms-region", "x-emulator"}
# Fields that only some results of a kind have, since they depend on what the models find.
FOUND_SOMETIMES = {"subcategory"}
FOUND_SOMETIMES_IN_HEALTHCARE = {"assertion", "name", "links"}
# The emulator has no Bing ids, and invents none.
NEVER_FOUND = {"bingId"}
WRONG_KEY, RIGHT_KEY = "wrong", "right"
# The service has reworded this message since, as a later recording shows.
REWORDED = "Invalid language code"

pytestmark = pytest.mark.reference


def load(name: str) -> dict[str, Any]:
    recording: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return recording


def names() -> list[str]:
    return sorted(path.stem for path in FOLDER.glob("*.json"))


def kinds_of(body: dict[str, Any]) -> set[str]:
    tasks = body.get("tasks", [{"kind": "Healthcare"}])
    if isinstance(tasks, dict):
        return {LEGACY_KINDS[group] for group in tasks}
    return {task["kind"] for task in tasks}


def can_be_replayed(recording: dict[str, Any]) -> bool:
    """Whether the paths are served and, unless the service refused, all of the kinds are."""
    exchanges = recording.get("exchanges")
    if not exchanges:
        return False
    first = exchanges[0]
    if urlsplit(first["request"]["url"]).path not in SERVED_PATHS:
        return False
    return first["response"]["status"] >= 400 or kinds_of(first["request"]["body"]) <= SERVED_KINDS


def replayed_names() -> list[str]:
    return [name for name in names() if can_be_replayed(load(name))]


if not FOLDER.is_dir():
    pytest.skip("the recordings are not part of this repository", allow_module_level=True)


def test_every_recording_is_replayed_or_listed_with_a_reason() -> None:
    assert set(names()) - set(replayed_names()) == set(NOT_REPLAYED)


@pytest.mark.parametrize("name", replayed_names())
def test_the_emulator_answers_as_the_service_did(name: str, tmp_path: Path) -> None:
    recording = load(name)
    describe_projects(recording, tmp_path)
    clock = ManualClock()
    with Emulator(key=RIGHT_KEY, duration=60, clock=clock, projects=tmp_path) as emulator:
        Replay(emulator, clock, key=WRONG_KEY if "bad_credentials" in name else RIGHT_KEY).run(
            whole_request(recording)["exchanges"]
        )


def describe_projects(recording: dict[str, Any], folder: Path) -> None:
    """Write a project file for each custom task of a recording, under the recorded name."""
    body = recording["exchanges"][0]["request"]["body"]
    tasks = body["tasks"] if isinstance(body.get("tasks"), list) else []
    for task in tasks:
        if task["kind"] in CATEGORIES:
            parameters = task["parameters"]
            project = {"projectKind": task["kind"], **CATEGORIES[task["kind"]]}
            project |= {name: parameters[name] for name in ("projectName", "deploymentName")}
            (folder / f"{task['kind']}.json").write_text(json.dumps(project), encoding="utf-8")


def whole_request(recording: dict[str, Any]) -> dict[str, Any]:
    """Return the recording with the documents that were cut out of it for brevity."""
    if "trimmed" not in recording:
        return recording
    recording = copy.deepcopy(recording)
    analysis_input = recording["exchanges"][0]["request"]["body"]["analysisInput"]
    [document] = analysis_input["documents"]
    analysis_input["documents"] = [{**document, "id": str(index)} for index in range(500)]
    return recording


def recorded_bodies() -> Iterator[tuple[str, dict[str, Any], int]]:
    for name in names():
        for index, exchange in enumerate(load(name).get("exchanges", ())):
            response = exchange["response"]
            length = response["headers"].get("Content-Length")
            # Where the recording's host name was blotted out in the body, its length is not the wire's.
            if response["body"] and length and "nextLink" not in response["body"]:
                yield f"{name}[{index}]", response["body"], int(length)


def test_bodies_are_as_long_as_the_service_writes_them() -> None:
    lengths = {name: (len(serialize(body)), length) for name, body, length in recorded_bodies()}
    assert len(lengths) > 10
    assert {name: pair for name, pair in lengths.items() if pair[0] != pair[1]} == {}


class Replay:
    """Sends the requests of one recording and compares the answers."""

    def __init__(self, emulator: Emulator, clock: ManualClock, key: str) -> None:
        self.emulator = emulator
        self.clock = clock
        self.created = clock.now
        self.key = key
        self.recorded_job = self.job = ""

    def run(self, exchanges: list[dict[str, Any]]) -> None:
        for exchange in exchanges:
            request, recorded = exchange["request"], exchange["response"]
            self.move_clock_to(recorded)
            answered = self.send(request)
            self.compare(recorded, answered)

    def move_clock_to(self, recorded: dict[str, Any]) -> None:
        """Set the clock to where the job is in the recorded state."""
        body = recorded["body"]
        if not body or "status" not in body:
            return
        if body["status"] == "succeeded":
            self.clock.now = self.created
            self.clock.advance(seconds=60)
        elif body["status"] == "running":
            # The emulator finishes tasks evenly, one after the other, after one part of not starting.
            total = body["tasks"]["total"]
            finished = min(body["tasks"]["completed"], total - 1)
            self.clock.now = self.created
            self.clock.advance(seconds=60 / (total + 1) * (finished + 1) + 0.001)

    def send(self, request: dict[str, Any]) -> requests.Response:
        target = urlsplit(request["url"])
        path = f"{target.path}?{target.query}".rstrip("?")
        if self.recorded_job:
            path = path.replace(self.recorded_job, self.job)
        elif "/jobs/" in path:
            pytest.fail("a job is asked for before it was submitted")
        return requests.request(
            request["method"],
            self.emulator.endpoint + path,
            json=request["body"],
            headers={"Ocp-Apim-Subscription-Key": self.key},
            timeout=60,
        )

    def compare(self, recorded: dict[str, Any], answered: requests.Response) -> None:
        assert answered.status_code == recorded["status"], answered.text
        compare_headers(recorded["headers"], answered.headers)
        location = recorded["headers"].get("operation-location")
        if location is not None:
            self.compare_location(location, answered.headers["operation-location"])
        if recorded["body"] is None:
            assert answered.content == b""
        elif "error" in recorded["body"]:
            theirs = json.dumps(recorded["body"]).replace(self.recorded_job or "-", self.job or "-")
            assert answered.json() == json.loads(theirs)
        else:
            self.compare_job(recorded["body"], answered.json())

    def compare_location(self, recorded: str, answered: str) -> None:
        theirs, ours = urlsplit(recorded), urlsplit(answered)
        if not self.recorded_job:
            self.recorded_job, self.job = theirs.path.split("/")[-1], ours.path.split("/")[-1]
        assert ours.path == theirs.path.replace(self.recorded_job, self.job)
        assert ours.query == theirs.query
        assert f"{ours.scheme}://{ours.netloc}" == self.emulator.endpoint

    def compare_job(self, recorded: dict[str, Any], answered: dict[str, Any]) -> None:
        assert list(answered) == list(recorded)
        assert answered["status"] == recorded["status"]
        if "results" in recorded:
            compare_results(recorded["results"], answered["results"], FOUND_SOMETIMES_IN_HEALTHCARE)
            return
        theirs, ours = recorded["tasks"], answered["tasks"]
        for name in ("completed", "failed", "inProgress", "total"):
            assert ours[name] == theirs[name]
        if "nextLink" in recorded:
            link = urlsplit(recorded["nextLink"]), urlsplit(answered["nextLink"])
            assert link[1].query == link[0].query
            assert link[1].path == link[0].path.replace(self.recorded_job, self.job)
        if recorded["status"] == "succeeded":
            # Before, other tasks may be finished than in the recording; in the end all are.
            assert list(ours) == list(theirs)
        for theirs_item, ours_item in items_of_both(theirs, ours):
            compare_item(theirs_item, ours_item)


def items_of_both(theirs: dict[str, Any], ours: dict[str, Any]) -> Iterator[tuple[Any, Any]]:
    """Yield the items of the same task; kinds of the Language API and groups of v3.1 alike."""

    def by_task(tasks: dict[str, Any]) -> dict[tuple[str, str], Any]:
        groups = {name: value for name, value in tasks.items() if isinstance(value, list)}
        return {(name, item["taskName"]): item for name, items in groups.items() for item in items}

    recorded, answered = by_task(theirs), by_task(ours)
    for key in recorded.keys() & answered.keys():
        yield recorded[key], answered[key]


def compare_headers(recorded: dict[str, str], answered: Any) -> None:
    theirs = {name.lower() for name in recorded}
    ours = {name.lower() for name in answered}
    assert theirs <= ours
    assert ours - theirs <= MAY_BE_NEW
    for name in ("Content-Type", "Strict-Transport-Security", "X-Content-Type-Options", "Transfer-Encoding"):
        assert answered.get(name) == recorded.get(name)


def compare_item(recorded: dict[str, Any], answered: dict[str, Any]) -> None:
    assert list(answered) == list(recorded)
    for name in ("kind", "taskName", "status", "state"):
        assert answered.get(name) == recorded.get(name)
    optional = FOUND_SOMETIMES | NEVER_FOUND
    if recorded.get("kind") == "HealthcareLROResults":
        optional |= FOUND_SOMETIMES_IN_HEALTHCARE
    compare_results(recorded["results"], answered["results"], optional)


def compare_results(theirs: dict[str, Any], ours: dict[str, Any], optional: set[str]) -> None:
    assert list(ours) == list(theirs)
    if "statistics" in theirs:
        assert ours["statistics"] == theirs["statistics"]
    # Engines may know fewer or more languages than the service's models did, so a document may be a
    # result here and an error there; but every document is exactly one of them.
    assert all_ids(ours) == all_ids(theirs)
    name = "conversations" if "conversations" in theirs else "documents"
    documents = {document["id"]: document for document in theirs[name]}
    for document in ours[name]:
        if document["id"] in documents:
            compare_document(documents[document["id"]], document, optional)
    errors = {error["id"]: error for error in theirs["errors"]}
    for error in ours["errors"]:
        if error["id"] in errors:
            compare_error(errors[error["id"]]["error"], error["error"])


def all_ids(results: dict[str, Any]) -> list[str]:
    found = results["conversations" if "conversations" in results else "documents"]
    return sorted(each["id"] for each in (*found, *results["errors"]))


def compare_document(recorded: dict[str, Any], answered: dict[str, Any], optional: set[str]) -> None:
    assert list(answered) == list(recorded)
    for name in ("statistics", "isLanguageDefaulted"):
        assert answered.get(name) == recorded.get(name)
    compare_shape(recorded, answered, optional, "document")


def compare_error(recorded: dict[str, Any], answered: dict[str, Any]) -> None:
    assert list(answered) == list(recorded)
    theirs, ours = recorded["innererror"], answered["innererror"]
    assert (answered["code"], answered["message"]) == (recorded["code"], recorded["message"])
    assert ours["code"] == theirs["code"]
    assert ours["message"] == theirs["message"] or theirs["message"].startswith(REWORDED)


def compare_shape(recorded: Any, answered: Any, optional: set[str], path: str) -> None:
    """Assert that two values are built alike, in whatever the models found in the text.

    Objects have the same keys in the same order but for the optional ones, which depend on what was found;
    lists may be of different lengths, and each element is built like those that were recorded.
    """
    assert type(answered) is type(recorded), path
    if isinstance(recorded, dict):
        certain = [key for key in recorded if key not in optional]
        assert [key for key in answered if key not in optional] == certain, path
        for key in certain:
            compare_shape(recorded[key], answered[key], optional, f"{path}.{key}")
    elif isinstance(recorded, list) and recorded:
        for index, element in enumerate(answered):
            compare_shape(recorded[min(index, len(recorded) - 1)], element, optional, f"{path}[{index}]")
