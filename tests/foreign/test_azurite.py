"""Native documents in real blobs: the emulator against Azurite, Microsoft's own emulator of storage."""

from __future__ import annotations

import json
import uuid
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

import pytest
from azure.storage.blob import BlobServiceClient, ContainerSasPermissions, generate_container_sas

from airflow_provider_language.emulator import Emulator
from tests.emulator.fakes import Client
from tests.storage.object_stores import ACCOUNT, KEY, azurite

if TYPE_CHECKING:
    from collections.abc import Iterator

TEXT = "John Miller writes to maria@example.com."


@pytest.fixture(scope="module")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The endpoint of blobs of a running Azurite."""
    with azurite(tmp_path_factory.mktemp("azurite")) as server:
        yield f"{server.endpoint}/{ACCOUNT}"


class Container:
    """A container, filled and read with the account's key, and signed for others."""

    def __init__(self, endpoint: str, name: str, permission: str) -> None:
        credential = {"account_name": ACCOUNT, "account_key": KEY}
        service = BlobServiceClient(endpoint, credential=credential)
        self.client = service.create_container(name)
        signature = generate_container_sas(
            ACCOUNT,
            name,
            KEY,
            permission=ContainerSasPermissions.from_string(permission),
            expiry=datetime.now(timezone.utc) + timedelta(hours=1),
        )
        self.url = f"{endpoint}/{name}"
        self._signature = signature

    def signed(self, path: str = "") -> str:
        return f"{self.url}{path and '/' + path}?{self._signature}"

    def texts(self) -> dict[str, str]:
        names = [blob.name for blob in self.client.list_blobs()]
        return {name: self.client.download_blob(name).readall().decode() for name in names}


@pytest.fixture
def containers(endpoint: str) -> tuple[Container, Container]:
    """A source that may be read and listed, and a target that may be written to and listed."""
    suffix = uuid.uuid4().hex
    return Container(endpoint, f"in-{suffix}", "rl"), Container(endpoint, f"out-{suffix}", "wl")


def analyzed(endpoint: str, source: dict[str, str], target: str) -> tuple[str, dict[str, object]]:
    """Return the id of a finished job, and the results of its task."""
    document = {"id": "1", "source": source, "target": {"kind": "AzureContainer", "location": target}}
    body = {"analysisInput": {"documents": [document]}, "tasks": [{"kind": "PiiEntityRecognition"}]}
    with Emulator(duration=0, blob_endpoints=[endpoint]) as emulator:
        client = Client(emulator.endpoint)
        path = "/language/analyze-documents/jobs?api-version=2026-05-01"
        url = client.send("POST", path, body).headers["operation-location"]
        state = client.state(url)
    [item] = state["tasks"]["items"]
    return state["jobId"], item["results"]


def test_a_blob_is_read_and_its_redaction_written(
    endpoint: str, containers: tuple[Container, Container]
) -> None:
    source, target = containers
    source.client.upload_blob("a folder/letter.txt", TEXT)
    location = {"kind": "AzureBlob", "location": source.signed("a%20folder/letter.txt")}
    job, found = analyzed(endpoint, location, target.signed())
    assert found["errors"] == []
    texts = target.texts()
    folder = f"{job}/PiiEntityRecognition-0001"
    assert texts[f"{folder}/letter.txt"] == "*********** writes to *****************."
    entities = json.loads(texts[f"{folder}/letter.result.json"])["entities"]
    assert [entity["category"] for entity in entities] == ["Person", "Email"]


def test_a_folder_is_listed(endpoint: str, containers: tuple[Container, Container]) -> None:
    source, target = containers
    for name in ("folder/b.txt", "folder/a.txt", "other/c.txt"):
        source.client.upload_blob(name, TEXT)
    location = {"kind": "AzureContainerFolder", "location": source.signed("folder")}
    _, found = analyzed(endpoint, location, target.signed())
    assert found["errors"] == []
    assert [name.rpartition("/")[2] for name in sorted(target.texts())] == [
        "a.result.json",
        "a.txt",
        "b.result.json",
        "b.txt",
    ]


def test_a_signature_that_does_not_allow_it_is_an_error_of_the_document(
    endpoint: str, containers: tuple[Container, Container]
) -> None:
    source, _ = containers
    source.client.upload_blob("letter.txt", TEXT)
    location = {"kind": "AzureBlob", "location": source.signed("letter.txt")}
    _, found = analyzed(endpoint, location, source.signed())
    assert found["documents"] == []
    assert "was answered with status 403" in json.dumps(found["errors"])
    assert "sig=" not in json.dumps(found["errors"])
