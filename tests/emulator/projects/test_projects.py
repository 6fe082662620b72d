from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from airflow_provider_language.emulator import Emulator
from airflow_provider_language.emulator.__main__ import parse_arguments
from airflow_provider_language.emulator.projects.catalogue import SAMPLES, Projects
from airflow_provider_language.emulator.projects.files import InvalidProject, read_project
from tests.emulator.fakes import Client, documents, task

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from airflow_provider_language.emulator.engines import Engine

ENTITIES = {
    "projectKind": "CustomEntityRecognition",
    "projectName": "orders",
    "deploymentName": "production",
    "entities": [
        {"category": "OrderNumber", "regex": ["AB-[0-9]{4}"]},
        {"category": "Product", "phrases": ["coffee  machine"]},
    ],
}
TOPICS_TOML = """
projectKind = "CustomSingleLabelClassification"
projectName = "topics"
deploymentName = "test"

[[classes]]
category = "Billing"
keywords = ["invoice"]
examples = ["I paid twice"]

[[classes]]
category = "Shipping"
examples = ["my parcel has not arrived", "the courier lost it"]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "orders.json").write_text(json.dumps(ENTITIES), encoding="utf-8")
    (tmp_path / "topics.toml").write_text(TOPICS_TOML, encoding="utf-8")
    (tmp_path / "notes.txt").write_text("no project", encoding="utf-8")
    return tmp_path


@pytest.fixture
def client(folder: Path) -> Iterator[Client]:
    with Emulator(duration=0, projects=folder) as emulator:
        yield Client(emulator.endpoint)


def results(client: Client, text: str, kind: str, **parameters: Any) -> dict[str, Any]:
    url = client.submitted(documents(1, text), [task(kind, **parameters)])
    found: dict[str, Any] = client.state(url)["tasks"]["items"][0]["results"]
    return found


def test_a_project_finds_its_entities_and_is_named_instead_of_a_model(client: Client) -> None:
    text = "👍 My Coffee Machine of AB-1234."
    unit = {"stringIndexType": "Utf16CodeUnit"}
    found = results(
        client,
        text,
        "CustomEntityRecognition",
        projectName="orders",
        deploymentName="production",
        **unit,
    )
    assert list(found) == ["documents", "errors", "projectName", "deploymentName"]
    assert found["documents"] == [
        {
            "id": "0",
            "entities": [
                {
                    "text": "Coffee Machine",
                    "category": "Product",
                    "offset": 6,
                    "length": 14,
                    "confidenceScore": 0.8,
                },
                {
                    "text": "AB-1234",
                    "category": "OrderNumber",
                    "offset": 24,
                    "length": 7,
                    "confidenceScore": 0.9,
                },
            ],
            "warnings": [],
        }
    ]


@pytest.mark.parametrize(
    ("text", "category"),
    [("About an INVOICE", "Billing"), ("the parcel was lost by the courier", "Shipping")],
)
def test_a_single_label_is_the_surest_class(client: Client, text: str, category: str) -> None:
    kind = "CustomSingleLabelClassification"
    found = results(client, text, kind, projectName="topics", deploymentName="test")
    [label] = found["documents"][0]["class"]
    assert label["category"] == category
    assert 0.5 < label["confidenceScore"] <= 1.0


@pytest.mark.parametrize(
    ("project", "deployment", "code"),
    [
        ("orders", "staging", "NotFound"),
        ("nowhere", "production", "ProjectNotFound"),
        # A project has one kind, so this one is no project for entities.
        ("topics", "test", "ProjectNotFound"),
    ],
)
def test_an_unknown_project_or_deployment_is_refused_at_submission(
    client: Client, project: str, deployment: str, code: str
) -> None:
    response = client.submit(
        documents(1), [task("CustomEntityRecognition", projectName=project, deploymentName=deployment)]
    )
    assert (response.status_code, response.json()["error"]["code"]) == (404, code)


def test_an_engine_of_the_tests_own_needs_no_project(folder: Path) -> None:
    kind = "CustomMultiLabelClassification"
    engines: dict[str, Engine] = {kind: lambda text, language, parameters: {"class": []}}
    with Emulator(duration=0, engines=engines, projects=folder) as emulator:
        own = Client(emulator.endpoint)
        found = results(own, "x", kind, projectName="p", deploymentName="d")
    assert found["documents"] == [{"id": "0", "class": [], "warnings": []}]


def test_the_samples_are_served_unless_others_are_given(folder: Path) -> None:
    with Emulator(duration=0) as emulator:
        client = Client(emulator.endpoint)
        concerns = results(
            client,
            "This is unacceptable, please cancel my order!",
            "CustomMultiLabelClassification",
            projectName="support-concerns",
            deploymentName="production",
        )
        topic = results(
            client,
            "The invoice of order AB-12345 is wrong.",
            "CustomSingleLabelClassification",
            projectName="support-topic",
            deploymentName="production",
        )
    assert {label["category"] for label in concerns["documents"][0]["class"]} == {"Complaint", "Cancellation"}
    assert topic["documents"][0]["class"][0]["category"] == "Billing"


def test_the_command_line_takes_a_folder_and_says_what_is_wrong_with_one(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert isinstance(parse_arguments([]).projects, Projects)
    parameters = {"projectName": "orders", "deploymentName": "production"}
    given = parse_arguments(["--projects", str(folder)]).projects
    assert given.find("CustomEntityRecognition", parameters).name == "orders"
    with pytest.raises(SystemExit):
        parse_arguments(["--projects", str(folder / "nowhere")])
    assert "is no folder" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"projectKind": "CustomHealthcare"}, "projectKind must be one of"),
        ({"projectName": " "}, "projectName must be a text"),
        ({"entities": []}, "needs at least one category"),
        ({"entities": {}}, "entities must be a list of objects"),
        ({"entities": [{"category": "A", "regex": ["("]}]}, "missing \\)"),
        ({"entities": [{"category": "A", "phrases": "b"}]}, "phrases must be a list of texts"),
        ({"entities": [{"category": "A", "pattern": "b"}]}, "unknown in entities: pattern"),
        ({"language": "en"}, "unknown: language"),
        ({"projectKind": "CustomConversationSummarization"}, "has nothing but its names"),
    ],
)
def test_a_bad_file_is_named_with_the_reason(tmp_path: Path, changes: dict[str, Any], reason: str) -> None:
    path = tmp_path / "bad.json"
    path.write_text(json.dumps({**ENTITIES, **changes}), encoding="utf-8")
    with pytest.raises(InvalidProject, match=f"bad.json: .*{reason}"):
        read_project(path)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.json", "{"),
        ("a.toml", "="),
        ("b.json", "[]"),
        pytest.param("deep.json", "[" * 100_000 + "]" * 100_000, id="deep.json"),
        pytest.param("deep.toml", "a = " + "[" * 100_000 + "]" * 100_000, id="deep.toml"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, name: str, content: str) -> None:
    (tmp_path / name).write_text(content, encoding="utf-8")
    with pytest.raises(InvalidProject, match=name):
        Projects.load(tmp_path)


def test_two_files_for_one_deployment_are_refused(folder: Path) -> None:
    (folder / "zweite.json").write_text(json.dumps(ENTITIES), encoding="utf-8")
    with pytest.raises(InvalidProject, match=r"zweite\.json: orders\.json describes the same deployment"):
        Projects.load(folder)


@pytest.mark.parametrize("path", sorted(SAMPLES.iterdir()), ids=lambda path: path.stem)
def test_each_sample_can_be_read(path: Path) -> None:
    assert read_project(path).deployment == "production"
