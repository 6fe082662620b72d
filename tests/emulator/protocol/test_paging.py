from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from airflow_provider_language.emulator.protocol.errors import ServiceError
from airflow_provider_language.emulator.protocol.paging import Page, PagingNames
from tests.emulator.fakes import documents, task

if TYPE_CHECKING:
    from airflow_provider_language.emulator import Emulator
    from tests.emulator.fakes import Client, ManualClock

LEGACY = PagingNames("$top", "$skip", "@nextLink")


def ids(body: dict[str, Any], item: int = 0) -> list[str]:
    return [document["id"] for document in body["tasks"]["items"][item]["results"]["documents"]]


def finished_job(client: Client, clock: ManualClock, count: int, **fields: Any) -> str:
    url = client.submitted(documents(count), [task(name="a"), task("EntityRecognition", "b")], **fields)
    clock.advance(seconds=12)
    return url


@pytest.mark.parametrize(
    ("page", "total", "expected"),
    [
        (Page(), 20, None),
        (Page(), 21, Page(1, 20)),
        (Page(), 25, Page(5, 20)),
        (Page(10), 25, Page(10, 10)),
        (Page(10, 10), 25, Page(5, 20)),
        (Page(10, 20), 25, None),
        (Page(25), 25, None),
        (Page(5, 30), 25, None),
        (Page(show_stats="True"), 25, Page(5, 20, "True")),
    ],
)
def test_the_next_page_has_what_remains_but_no_more_than_the_page_size(
    page: Page, total: int, expected: Page | None
) -> None:
    assert page.after(total) == expected


@pytest.mark.parametrize("names", [PagingNames(), LEGACY])
@pytest.mark.parametrize(
    ("top", "skip"),
    [("0", "0"), ("-1", "0"), ("x", "0"), ("", "0"), ("1", "-1"), ("1", "²"), ("9" * 5000, "0")],
)
def test_a_page_that_is_none_is_refused(names: PagingNames, top: str, skip: str) -> None:
    with pytest.raises(ServiceError) as refused:
        names.read({names.top: top, names.skip: skip})
    assert refused.value.error["innererror"]["code"] == "InvalidParameterValue"


@pytest.mark.parametrize(
    ("value", "expected"),
    [(None, False), ("True", True), ("true", True), ("TRUE", True), ("false", False), ("1", False)],
)
def test_statistics_are_asked_for_in_any_case(value: str | None, *, expected: bool) -> None:
    assert Page(show_stats=value).with_statistics is expected


def test_twenty_five_documents_come_in_two_pages_and_the_link_is_as_recorded(
    client: Client, clock: ManualClock, emulator: Emulator
) -> None:
    url = finished_job(client, clock, 25)
    first = client.state(url, "&showStats=True")
    assert [ids(first, item) for item in (0, 1)] == [[str(index) for index in range(20)]] * 2
    job = f"{emulator.endpoint}/language/analyze-text/jobs/{first['jobId']}"
    assert first["nextLink"] == f"{job}?showStats=True&top=5&skip=20&api-version=2023-04-01"
    assert list(first)[-1] == "nextLink"
    second = client.state(first["nextLink"])
    assert [ids(second, item) for item in (0, 1)] == [["20", "21", "22", "23", "24"]] * 2
    assert "nextLink" not in second
    counts = [
        page["tasks"]["items"][0]["results"]["statistics"]["documentsCount"] for page in (first, second)
    ]
    assert counts == [20, 5]


def test_without_statistics_the_link_does_not_ask_for_them(client: Client, clock: ManualClock) -> None:
    link = client.state(finished_job(client, clock, 25))["nextLink"]
    assert link.endswith("?top=5&skip=20&api-version=2023-04-01")


def test_twenty_documents_are_one_page(client: Client, clock: ManualClock) -> None:
    assert "nextLink" not in client.state(finished_job(client, clock, 20))


def test_skip_is_applied_before_top(client: Client, clock: ManualClock) -> None:
    body = client.state(finished_job(client, clock, 25), "&top=3&skip=10")
    assert ids(body) == ["10", "11", "12"]


def test_pages_of_ten_lead_through_all_documents(client: Client, clock: ManualClock) -> None:
    body = client.state(finished_job(client, clock, 25), "&top=10")
    seen = [ids(body)]
    while "nextLink" in body:
        body = client.state(body["nextLink"])
        seen.append(ids(body))
    assert [len(page) for page in seen] == [10, 10, 5]
    assert [identifier for page in seen for identifier in page] == [str(index) for index in range(25)]


def test_skipping_everything_leaves_empty_pages(client: Client, clock: ManualClock) -> None:
    body = client.state(finished_job(client, clock, 3), "&skip=99")
    assert ids(body) == []
    assert "nextLink" not in body


def test_the_link_is_there_as_soon_as_one_task_is_finished(client: Client, clock: ManualClock) -> None:
    url = client.submitted(documents(21), [task(name="a"), task("EntityRecognition", "b")])
    clock.advance(seconds=4)
    running = client.state(url)
    assert (running["status"], "nextLink" in running) == ("running", False)
    clock.advance(seconds=4)
    running = client.state(url)
    assert (running["status"], "nextLink" in running) == ("running", True)


def test_a_document_in_error_takes_a_place_on_its_page(client: Client, clock: ManualClock) -> None:
    texts = documents(25)
    texts[1]["text"] = texts[22]["text"] = ""
    url = client.submitted(texts, [task()])
    clock.advance(seconds=12)
    pages = [client.state(url, "&showStats=true")]
    pages.append(client.state(pages[0]["nextLink"]))
    results = [page["tasks"]["items"][0]["results"] for page in pages]
    assert [[error["id"] for error in page["errors"]] for page in results] == [["1"], ["22"]]
    assert [len(page["documents"]) for page in results] == [19, 4]
    assert [page["statistics"]["erroneousDocumentsCount"] for page in results] == [1, 1]


def test_the_legacy_link_has_dollar_signs(client: Client, clock: ManualClock, emulator: Emulator) -> None:
    response = client.send(
        "POST",
        "/text/analytics/v3.1/analyze",
        {
            "analysisInput": {"documents": documents(25)},
            "tasks": {"keyPhraseExtractionTasks": [{"parameters": {}}]},
        },
    )
    clock.advance(seconds=12)
    first = client.state(response.headers["operation-location"], "?showStats=true&$top=15")
    job = f"{emulator.endpoint}/text/analytics/v3.1/analyze/jobs/{first['jobId']}"
    assert first["@nextLink"] == f"{job}?showStats=true&$top=10&$skip=15"
    second = client.state(first["@nextLink"])
    [item] = second["tasks"]["keyPhraseExtractionTasks"]
    assert [document["id"] for document in item["results"]["documents"]] == [str(i) for i in range(15, 25)]
    assert "@nextLink" not in second
