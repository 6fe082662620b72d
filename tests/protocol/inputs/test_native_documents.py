"""Native documents: where they are, what version knows which place, and that no SAS is shown anywhere."""

from __future__ import annotations

from typing import Any

import pytest

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.protocol.inputs.native_documents import (
    AzureBlob,
    AzureContainer,
    AzureContainerFolder,
    NativeDocument,
    TargetUrl,
    bare,
    check_locations,
    check_native_documents,
    native_documents_from,
    settled,
    told,
)
from airflow_provider_language.protocol.json_values import JsonObject

SAS = "sv=2026-01-01&sp=rl&sig=s%2FeCret%3D"
BLOB = "https://name.blob.core.windows.net/input/a.docx"
FOLDER = "https://name.blob.core.windows.net/output/redacted"


def document(id_: str = "1", source: str = BLOB, target: str = FOLDER, **fields: Any) -> NativeDocument:
    return NativeDocument(id=id_, source=AzureBlob(source), target=AzureContainerFolder(target), **fields)


@pytest.mark.parametrize(
    ("location", "told_as"),
    [
        (f"{BLOB}?{SAS}", BLOB),
        (BLOB, BLOB),
        (f"{BLOB}#{SAS}", BLOB),
        ("https://user:word@host/a", "https://host/a"),
        ("no url", "no url"),
    ],
)
def test_a_location_is_told_without_its_query(location: str, told_as: str) -> None:
    assert bare(location) == told_as


def test_no_repr_has_a_sas() -> None:
    shown = repr(document(source=f"{BLOB}?{SAS}", target=f"{FOLDER}?{SAS}"))

    assert f"AzureBlob('{BLOB}')" in shown
    assert "sig" not in shown


def test_the_secrets_of_a_document_are_both_queries_and_their_signatures_as_written_and_as_meant() -> None:
    secrets = document(source=f"{BLOB}?{SAS}", target=f"{FOLDER}?sig=other").secrets

    assert secrets == (SAS, "s%2FeCret%3D", "s/eCret=", "sig=other", "other", "other")
    assert document(source=f"{BLOB}?Sig=a%2Fb").secrets[:3] == ("Sig=a%2Fb", "a%2Fb", "a/b")
    assert document().secrets == ()


def test_the_request_has_the_locations_whole() -> None:
    wire = document(source=f"{BLOB}?{SAS}", language="de").to_wire()

    assert wire == {
        "id": "1",
        "source": {"kind": "AzureBlob", "location": f"{BLOB}?{SAS}"},
        "target": {"kind": "AzureContainerFolder", "location": FOLDER},
        "language": "de",
    }
    assert "language" not in document().to_wire()


@pytest.mark.parametrize(
    "row",
    [
        {
            "id": 1,
            "source": {"location": BLOB},
            "target": {"kind": "AzureContainerFolder", "location": FOLDER},
        },
        {"id": "1", "source": AzureBlob(BLOB), "target": AzureContainerFolder(FOLDER)},
        document(),
    ],
    ids=["the service's own words", "typed locations", "typed"],
)
def test_rows_and_documents_are_native_documents(row: Any) -> None:
    assert native_documents_from([row], "en") == (document(language="en"),)


@pytest.mark.parametrize("target", [FOLDER, {"location": FOLDER}, TargetUrl(FOLDER)], ids=["a", "b", "c"])
@pytest.mark.parametrize(
    ("version", "kind"),
    [
        ("2023-11-15-preview", "AzureBlob"),
        ("2024-11-15-preview", "AzureBlob"),
        ("2026-05-01", "AzureContainerFolder"),
        ("2026-05-15-preview", "AzureContainerFolder"),
    ],
)
def test_a_target_that_is_a_url_alone_is_what_its_version_has(target: Any, version: str, kind: str) -> None:
    (read,) = native_documents_from([{"source": BLOB, "target": target}])
    one = settled(read, version)

    check_locations([one], version)
    assert one.to_wire()["target"] == {"kind": kind, "location": FOLDER}
    assert settled(document(), version) == document()


def test_a_document_without_an_id_has_its_position() -> None:
    rows = [{"source": BLOB, "target": FOLDER, "language": "de"}] * 2
    assert [(one.id, one.language) for one in native_documents_from(rows, "en")] == [("0", "de"), ("1", "de")]


def test_an_identity_of_the_service_takes_the_place_of_a_sas() -> None:
    target = {"kind": "AzureContainer", "location": FOLDER, "managedIdentityClientId": "the-identity"}

    (found,) = native_documents_from([{"source": BLOB, "target": target}])

    assert found.target == AzureContainer(FOLDER, managed_identity_client_id="the-identity")
    assert found.to_wire()["target"] == target


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ({"source": BLOB}, "has no source and target"),
        ("a", "has no source and target"),
        ({"source": BLOB, "target": 5}, "A location is a URL"),
        ({"source": {"kind": "S3", "location": BLOB}, "target": FOLDER}, "the kinds are AzureBlob"),
    ],
)
def test_what_is_no_native_document_is_refused(row: Any, why: str) -> None:
    with pytest.raises(InvalidInputError, match=why):
        native_documents_from([row])


@pytest.mark.parametrize(
    ("documents", "why"),
    [
        ([], "no documents"),
        ([document(), document()], "not unique"),
        ([document(source=f"ftp://name/a?{SAS}")], "document '1' is no http"),
        ([document(target=f"https://[::1/a?{SAS}")], "document '1' is no http"),
        ([document(target=f"https://user@name/a?{SAS}")], "document '1' is no http"),
    ],
)
def test_what_the_service_would_refuse_is_refused_without_telling_a_sas(
    documents: list[NativeDocument], why: str
) -> None:
    with pytest.raises(InvalidInputError, match=why) as refused:
        check_native_documents(documents)
    assert "sig" not in str(refused.value)


def test_a_good_document_passes() -> None:
    check_native_documents([document(source=f"{BLOB}?{SAS}")])


def test_containers_and_folders_are_known_from_2026_05_01_on() -> None:
    check_locations([document()], "2026-05-01")
    with pytest.raises(InvalidInputError, match=r"2024-11-15-preview does not know .* AzureContainerFolder"):
        check_locations([document()], "2024-11-15-preview")
    blobs = NativeDocument(id="1", source=AzureBlob(BLOB), target=AzureBlob(FOLDER))
    check_locations([blobs], "2023-11-15-preview")


@pytest.mark.parametrize("name", ["target", "targets"])
def test_a_result_names_its_targets_without_any_query(name: str) -> None:
    said: JsonObject = {
        "id": "1",
        "source": {"kind": "AzureBlob", "location": f"{BLOB}?{SAS}"},
        name: [{"kind": "AzureBlob", "location": f"{FOLDER}/a.docx?{SAS}"}],
        "warnings": [],
    }

    assert told(said) == {
        "id": "1",
        "source": {"kind": "AzureBlob", "location": BLOB},
        "target": [{"kind": "AzureBlob", "location": f"{FOLDER}/a.docx"}],
        "warnings": [],
    }
