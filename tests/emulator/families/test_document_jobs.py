"""Jobs of native documents: bodies per version, what is written where, and what becomes of bad documents."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from airflow_provider_language.emulator import Emulator
from airflow_provider_language.emulator.blobs.document_files import file_of, text_of
from tests.emulator.fakes import Client, ManualClock, broken_engine, fake_engines
from tests.emulator.native_files import pdf_file

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PATH = "/language/analyze-documents/jobs?api-version="
VERSIONS = ("2023-11-15-preview", "2024-11-15-preview", "2026-05-01", "2026-05-15-preview")
SOURCE = "https://acme.blob.core.windows.net/in"
TARGET = "https://acme.blob.core.windows.net/out"
TEXT = "John Miller writes to maria@example.com."


@pytest.fixture
def storage(tmp_path: Path) -> Path:
    """The account ``acme`` with the containers ``in`` and ``out``."""
    account = tmp_path / "acme"
    (account / "in").mkdir(parents=True)
    (account / "out").mkdir()
    (account / "in" / "letter.txt").write_text(TEXT, encoding="utf-8")
    return account


@pytest.fixture
def real(tmp_path: Path, storage: Path) -> Iterator[Client]:
    """An emulator with its own engines whose jobs are finished at once."""
    with Emulator(duration=0, blobs=tmp_path) as emulator:
        yield Client(emulator.endpoint)


def document(name: str = "letter.txt", identifier: str = "1", **fields: Any) -> dict[str, Any]:
    source = {"kind": "AzureBlob", "location": f"{SOURCE}/{name}?sig=secret"}
    return {"id": identifier, "source": source, "target": {"location": f"{TARGET}?sig=secret"}, **fields}


def task(kind: str = "PiiEntityRecognition", **parameters: Any) -> dict[str, Any]:
    return {"kind": kind, "parameters": parameters}


def submit(
    client: Client, documents: list[Any], *tasks: dict[str, Any], version: str = "2026-05-01", **fields: Any
) -> Any:
    body = {"analysisInput": {"documents": documents}, "tasks": [*tasks] or [task()], **fields}
    return client.send("POST", PATH + version, body)


def finished(client: Client, documents: list[Any], *tasks: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """Return the state of a job that has ended."""
    response = submit(client, documents, *tasks, **fields)
    assert response.status_code == 202, response.text
    state = client.state(response.headers["operation-location"], "&showStats=true")
    assert state["status"] == "succeeded"
    return state


def results(client: Client, documents: list[Any], *tasks: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """Return the results of the only task of a job."""
    [item] = finished(client, documents, *tasks, **fields)["tasks"]["items"]
    found: dict[str, Any] = item["results"]
    return found


def written(storage: Path) -> dict[str, bytes]:
    """Return what is in the target container, without the job's folder."""
    out = storage / "out"
    files = (path for path in out.rglob("*") if path.is_file())
    return {"/".join(path.relative_to(out).parts[1:]): path.read_bytes() for path in files}


@pytest.mark.parametrize("version", VERSIONS)
def test_a_text_is_redacted_into_the_folder_of_the_job(real: Client, storage: Path, version: str) -> None:
    state = finished(real, [document()], version=version)
    [item] = state["tasks"]["items"]
    assert item["kind"] == "PiiEntityRecognitionLROResults"
    [found] = item["results"]["documents"]
    assert list(found) == ["id", "statistics", "source", "target", "warnings"]
    assert found["source"] == {"kind": "AzureBlob", "location": f"{SOURCE}/letter.txt"}
    folder = f"{TARGET}/{state['jobId']}/PiiEntityRecognition-0001"
    assert found["target"] == [
        {"kind": "AzureBlob", "location": f"{folder}/letter.result.json"},
        {"kind": "AzureBlob", "location": f"{folder}/letter.txt"},
    ]
    assert found["statistics"] == {"charactersCount": len(TEXT), "transactionsCount": 1}
    files = written(storage)
    assert sorted(files) == [
        "PiiEntityRecognition-0001/letter.result.json",
        "PiiEntityRecognition-0001/letter.txt",
    ]
    redacted = files["PiiEntityRecognition-0001/letter.txt"].decode()
    assert redacted == "*********** writes to *****************."
    result = json.loads(files["PiiEntityRecognition-0001/letter.result.json"])
    assert (result["id"], result["redactedText"]) == ("1", redacted)
    assert ("type" in result["entities"][0]) == (version >= "2024-11-01")


def test_nothing_that_is_told_or_written_has_a_signature(real: Client, storage: Path) -> None:
    state = finished(real, [document(), document("none.txt", "2")])
    assert "secret" not in json.dumps(state)
    assert not any(b"secret" in content for content in written(storage).values())


def test_a_word_document_is_redacted_as_one(real: Client, storage: Path) -> None:
    (storage / "in" / "letter.docx").write_bytes(file_of(".docx", f"Hello.\n{TEXT}"))
    policy = {"policyKind": "EntityMask"}
    found = results(real, [document("letter.docx")], task(redactionPolicies=[policy]))
    assert [warning["code"] for warning in found["documents"][0]["warnings"]] == ["EmulatorApproximation"]
    redacted = written(storage)["PiiEntityRecognition-0001/letter.docx"]
    assert text_of("letter.docx", redacted) == "Hello.\n[PERSON_1] writes to [EMAIL_1]."


def test_a_pdf_comes_back_as_a_word_document_of_its_text(real: Client, storage: Path) -> None:
    (storage / "in" / "letter.pdf").write_bytes(pdf_file(TEXT))
    found = results(real, [document("letter.pdf")])["documents"][0]
    assert [place["location"].rpartition("/")[2] for place in found["target"]] == [
        "letter.result.json",
        "letter.docx",
    ]
    redacted = written(storage)["PiiEntityRecognition-0001/letter.docx"]
    assert text_of("letter.docx", redacted).strip() == "*********** writes to *****************."


def test_no_mask_leaves_only_the_result(real: Client, storage: Path) -> None:
    results(real, [document()], task(redactionPolicies=[{"policyKind": "noMask"}]))
    assert list(written(storage)) == ["PiiEntityRecognition-0001/letter.result.json"]


def test_extraction_data_are_left_out_where_that_is_asked(real: Client, storage: Path) -> None:
    results(real, [document()], task(excludeExtractionData=True), version="2024-11-15-preview")
    assert list(written(storage)) == ["PiiEntityRecognition-0001/letter.txt"]


@pytest.mark.parametrize("kind", ["ExtractiveSummarization", "AbstractiveSummarization"])
def test_summaries_are_written_in_the_versions_that_have_them(real: Client, storage: Path, kind: str) -> None:
    found = results(real, [document()], task(kind, sentenceCount=1), version="2024-11-15-preview")
    assert len(found["documents"][0]["target"]) == 1
    [(name, content)] = written(storage).items()
    assert name == f"{kind}-0001/letter.result.json"
    assert json.loads(content)["sentences" if kind == "ExtractiveSummarization" else "summaries"]
    refused = submit(real, [document()], task(kind), version="2026-05-01")
    assert real.refusal(refused)[2] == "InvalidParameterValue"


@pytest.mark.parametrize("version", ["2023-11-15-preview", "2024-11-15-preview"])
def test_the_job_says_what_is_said_of_a_result_in_a_blob(real: Client, storage: Path, version: str) -> None:
    kinds = ("AbstractiveSummarization", "ExtractiveSummarization")
    state = finished(real, [document()], *(task(kind) for kind in kinds), version=version)
    abstractive, extractive = (item["results"]["documents"][0] for item in state["tasks"]["items"])
    in_blob = json.loads(written(storage)["AbstractiveSummarization-0001/letter.result.json"])["warnings"]
    assert [warning["code"] for warning in in_blob] == ["EmulatorApproximation"]
    assert (abstractive["warnings"], extractive["warnings"]) == (in_blob, [])


def test_what_is_said_of_all_files_of_a_container_is_said_once(real: Client, storage: Path) -> None:
    for name in ("a.docx", "b.docx"):
        (storage / "in" / name).write_bytes(file_of(".docx", "Frau Angela Merkel wohnt in Berlin."))
    source = {"kind": "AzureContainer", "location": SOURCE}
    [found] = results(real, [document(source=source, language="de")])["documents"]
    messages = [warning["message"] for warning in found["warnings"]]
    assert len(messages) == len(set(messages)) == 2
    assert {warning["code"] for warning in found["warnings"]} == {"EmulatorApproximation"}


@pytest.mark.parametrize(
    ("kind", "location"), [("AzureContainer", SOURCE), ("AzureContainerFolder", f"{SOURCE}/folder")]
)
def test_all_documents_of_a_container_or_folder_are_read(
    real: Client, storage: Path, kind: str, location: str
) -> None:
    (storage / "in" / "letter.txt").unlink()
    for name in ("folder/b.txt", "folder/deep/c.txt", "folder/picture.png"):
        (storage / "in" / name).parent.mkdir(parents=True, exist_ok=True)
        (storage / "in" / name).write_text(TEXT, encoding="utf-8")
    source = {"kind": kind, "location": location}
    found = results(real, [document(source=source)])["documents"][0]
    assert found["source"] == source
    assert [place["location"].split("/", 5)[-1] for place in found["target"]] == [
        "PiiEntityRecognition-0001/b.result.json",
        "PiiEntityRecognition-0001/b.txt",
        "PiiEntityRecognition-0002/c.result.json",
        "PiiEntityRecognition-0002/c.txt",
    ]
    assert found["statistics"]["charactersCount"] == 2 * len(TEXT)


def test_no_two_results_of_a_job_have_one_name(real: Client, storage: Path) -> None:
    finished(real, [document(), document(identifier="2")], task(), task(domain="phi"))
    assert sorted({name.partition("/")[0] for name in written(storage)}) == [
        f"PiiEntityRecognition-000{number}" for number in (1, 2, 3, 4)
    ]


def test_a_target_may_be_a_folder(real: Client, storage: Path) -> None:
    target = {"kind": "AzureContainerFolder", "location": f"{TARGET}/redacted"}
    [found] = results(real, [document(target=target)])["documents"]
    assert found["target"][0]["location"].startswith(f"{TARGET}/redacted/")
    assert (storage / "out" / "redacted").is_dir()


def test_a_document_that_cannot_be_had_is_an_error_of_its_own(real: Client, storage: Path) -> None:
    (storage / "in" / "empty.txt").touch()
    (storage / "in" / "broken.docx").write_bytes(b"no archive")
    (storage / "in" / "program.exe").write_bytes(b"MZ")
    foreign = {"location": "https://elsewhere.example.com/account/in/a.txt"}
    nowhere = {"location": "https://acme.blob.core.windows.net/nowhere"}
    found = results(
        real,
        [
            document(identifier="good"),
            document("none.txt", "missing"),
            document("empty.txt", "empty"),
            document("broken.docx", "broken"),
            document("program.exe", "type"),
            document(identifier="foreign", source=foreign),
            document(identifier="target", target=nowhere),
            document(identifier="language", language="xx"),
        ],
    )
    assert [each["id"] for each in found["documents"]] == ["good"]
    told = {each["id"]: each["error"]["innererror"] for each in found["errors"]}
    assert {identifier: error["code"] for identifier, error in told.items()} == {
        **dict.fromkeys(["missing", "empty", "broken", "type", "foreign", "target"], "InvalidDocument"),
        "language": "UnsupportedLanguageCode",
    }
    assert "cannot be read" in told["missing"]["message"]
    assert "Supported types: .docx, .pdf, .txt" in told["type"]["message"]
    assert "--blob-endpoint" in told["foreign"]["message"]
    assert "There is no container" in told["target"]["message"]
    assert found["statistics"]["erroneousDocumentsCount"] == 7


def test_a_language_is_detected_or_defaulted(real: Client, storage: Path) -> None:
    (storage / "in" / "digits.txt").write_text("12345 67890", encoding="utf-8")
    documents = [document(language="auto"), document("digits.txt", "2", language="auto")]
    found = results(real, documents, defaultLanguage="xx")
    assert [each["id"] for each in found["documents"]] == ["1"]
    assert found["errors"][0]["error"]["innererror"]["code"] == "UnsupportedLanguageCode"
    assert found["errors"][0]["error"]["innererror"]["message"].startswith("the emulator: ")


@pytest.mark.parametrize(
    ("documents", "code"),
    [
        ([], "MissingInputDocuments"),
        ([document(identifier=str(index)) for index in range(41)], "InvalidDocumentBatch"),
        ([document(), document()], "InvalidDocument"),
        ([document(identifier="")], "InvalidDocument"),
        ([document(source={"kind": "AzureBlob", "location": SOURCE})], "InvalidDocument"),
        ([document(source={"kind": "AzureBlob"})], "InvalidDocument"),
        ([document(target={"location": f"{TARGET}/../in"})], "InvalidDocument"),
        ([document(source={"kind": "Disk", "location": SOURCE})], "InvalidParameterValue"),
        ([document(source="letter.txt")], "InvalidRequestBodyFormat"),
    ],
)
def test_a_bad_request_is_refused_whole(real: Client, documents: list[Any], code: str) -> None:
    assert real.refusal(submit(real, documents))[:3] == (400, "InvalidRequest", code)


def test_containers_are_unknown_to_the_first_versions(real: Client) -> None:
    source = {"kind": "AzureContainer", "location": SOURCE}
    response = submit(real, [document(source=source)], version="2024-11-15-preview")
    assert real.refusal(response)[2:] == (
        "InvalidParameterValue",
        "Location kind 'AzureContainer' is not supported in api-version 2024-11-15-preview. "
        "Supported kinds: AzureBlob.",
    )


def test_parameters_that_only_texts_have_do_nothing_in_the_stable_version(
    real: Client, storage: Path
) -> None:
    kept = {"caseSensitive": False, "excludedValues": ["john miller"]}
    results(real, [document()], task(valueExclusionPolicy=kept))
    assert b"John Miller" not in written(storage)["PiiEntityRecognition-0001/letter.txt"]
    synthetic = task(redactionPolicies=[{"policyKind": "syntheticReplacement"}])
    assert real.refusal(submit(real, [document()], synthetic))[2] == "InvalidParameterValue"


def test_without_storage_each_document_says_how_to_give_it() -> None:
    with Emulator(duration=0) as emulator:
        found = results(Client(emulator.endpoint), [document()])
    assert "start it with --blobs FOLDER" in found["errors"][0]["error"]["innererror"]["message"]


def test_a_broken_engine_fails_its_task_alone(tmp_path: Path, storage: Path) -> None:
    engines: dict[str, Any] = {**fake_engines(), "ExtractiveSummarization": broken_engine}
    with Emulator(duration=0, engines=engines, blobs=tmp_path) as emulator:
        client = Client(emulator.endpoint)
        tasks = (task(), task("ExtractiveSummarization"))
        response = submit(client, [document()], *tasks, version="2023-11-15-preview")
        state = client.state(response.headers["operation-location"])
    assert state["status"] == "partiallyCompleted"
    assert [item["status"] for item in state["tasks"]["items"]] == ["succeeded", "failed"]


def test_a_kind_without_an_engine_is_refused(tmp_path: Path, storage: Path) -> None:
    with Emulator(engines={}, blobs=tmp_path) as emulator:
        client = Client(emulator.endpoint)
        message = client.refusal(submit(client, [document()]))[3]
    assert message.startswith("the emulator: It does not serve task kind 'PiiEntityRecognition'.")


def test_a_cancelled_job_tells_no_model() -> None:
    clock = ManualClock()
    with Emulator(duration=60, clock=clock, engines=fake_engines()) as emulator:
        client = Client(emulator.endpoint)
        url = submit(client, [document()]).headers["operation-location"]
        assert url.endswith("?api-version=2026-05-01")
        assert client.send("POST", url.replace("?", ":cancel?")).status_code == 202
        state = client.state(url)
    assert state["status"] == "cancelled"
    [item] = state["tasks"]["items"]
    assert item["results"] == {"documents": [], "errors": [], "modelVersion": ""}


def test_pages_count_documents(real: Client, storage: Path) -> None:
    response = submit(real, [document(identifier=str(index)) for index in range(25)])
    first = real.state(response.headers["operation-location"])
    assert len(first["tasks"]["items"][0]["results"]["documents"]) == 20
    second = real.state(first["nextLink"])
    assert [each["id"] for each in second["tasks"]["items"][0]["results"]["documents"]] == [
        str(index) for index in range(20, 25)
    ]


def test_a_job_of_another_family_is_not_found(real: Client) -> None:
    url = submit(real, [document()]).headers["operation-location"]
    assert real.send("GET", url.replace("analyze-documents", "analyze-text")).status_code == 404
