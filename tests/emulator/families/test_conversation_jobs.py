from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from airflow_provider_language.emulator import Emulator
from airflow_provider_language.emulator.families.conversation_versions import CONVERSATION_VERSIONS
from airflow_provider_language.emulator.instruments.faults import Fault
from tests.emulator.conversations import (
    CHAT,
    NEWEST,
    conversation,
    custom_summaries,
    pii,
    results,
    sentiments,
    submit,
    submitted,
    summaries,
    transcript,
)
from tests.emulator.fakes import Client

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.emulator.fakes import ManualClock


@pytest.fixture(scope="module")
def instant() -> Iterator[Client]:
    with Emulator(duration=0) as emulator:
        yield Client(emulator.endpoint)


def test_items_appear_when_their_tasks_are_finished(client: Client, clock: ManualClock) -> None:
    url = submitted(client, [CHAT], pii(), summaries("issue"), displayName="calls")
    body = client.state(url)
    assert list(body) == [
        "jobId",
        "lastUpdatedDateTime",
        "createdDateTime",
        "expirationDateTime",
        "status",
        "errors",
        "displayName",
        "tasks",
    ]
    assert body["tasks"] == {"completed": 0, "failed": 0, "inProgress": 2, "total": 2, "items": []}
    clock.advance(seconds=8)
    body = client.state(url)
    assert (body["status"], [item["kind"] for item in body["tasks"]["items"]]) == (
        "running",
        ["conversationalPIIResults"],
    )
    clock.advance(seconds=4)
    body = client.state(url)
    kinds = [item["kind"] for item in body["tasks"]["items"]]
    assert (body["status"], kinds) == (
        "succeeded",
        ["conversationalPIIResults", "conversationalSummarizationResults"],
    )
    assert list(body["tasks"]["items"][0]) == ["kind", "taskName", "lastUpdateDateTime", "status", "results"]


def test_a_cancelled_job_has_empty_results_and_cannot_be_cancelled_again(
    client: Client, clock: ManualClock
) -> None:
    url = submitted(client, [CHAT], pii())
    cancel = url.replace("?", ":cancel?")
    response = client.send("POST", cancel)
    assert (response.status_code, response.headers["operation-location"]) == (202, url)
    body = client.state(url)
    [item] = body["tasks"]["items"]
    assert (body["status"], item["status"]) == ("cancelled", "cancelled")
    assert item["results"] == {"conversations": [], "errors": [], "modelVersion": "latest"}
    assert client.send("POST", cancel).status_code == 400


@pytest.mark.parametrize(("version", "status"), [("2024-11-01", "succeeded"), (NEWEST, "cancelled")])
def test_cancel_after_cancels_where_the_version_has_it(
    client: Client, clock: ManualClock, version: str, status: str
) -> None:
    url = submitted(client, [CHAT], pii(), version=version, cancelAfter=5)
    clock.advance(seconds=12)
    assert client.state(url)["status"] == status


def test_a_task_that_fails_leaves_the_others_and_has_no_results() -> None:
    with Emulator(duration=0) as emulator:
        emulator.faults.add(Fault("fail-tasks", tasks=(1,)))
        client = Client(emulator.endpoint)
        body = client.state(submitted(client, [CHAT], pii(), summaries("issue")))
    assert body["status"] == "partiallyCompleted"
    assert [(item["status"], "results" in item) for item in body["tasks"]["items"]] == [
        ("succeeded", True),
        ("failed", False),
    ]
    assert body["errors"][0]["target"] == "#/tasks/items/1"


def test_statistics_are_told_if_asked(instant: Client) -> None:
    url = submitted(instant, [conversation("a" * 1500)], pii())
    [item] = instant.state(url, "&showStats=true")["tasks"]["items"]
    assert list(item["results"]) == ["statistics", "conversations", "errors", "modelVersion"]
    assert item["results"]["statistics"] == {
        "documentsCount": 1,
        "validDocumentsCount": 1,
        "erroneousDocumentsCount": 0,
        "transactionsCount": 2,
    }
    [found] = item["results"]["conversations"]
    assert list(found) == ["id", "conversationItems", "warnings", "statistics"]
    assert found["statistics"] == {"transactionsCount": 2}


def test_there_are_no_pages(instant: Client) -> None:
    sent = [{**CHAT, "id": str(place)} for place in range(25)]
    body = instant.state(submitted(instant, sent, summaries("recap")), "&top=0&skip=7")
    assert "nextLink" not in body
    assert len(body["tasks"]["items"][0]["results"]["conversations"]) == 25


def test_a_language_that_the_engine_does_not_know_is_an_error_of_the_conversation(instant: Client) -> None:
    body = instant.state(submitted(instant, [{**CHAT, "language": "xx"}], pii()))
    results = body["tasks"]["items"][0]["results"]
    assert (body["status"], results["conversations"]) == ("succeeded", [])
    assert results["errors"][0]["error"]["innererror"]["code"] == "UnsupportedLanguageCode"


@pytest.mark.parametrize("version", sorted(CONVERSATION_VERSIONS))
def test_each_version_has_its_kinds_and_aspects(instant: Client, version: str) -> None:
    preview = version.endswith("-preview")
    has_pii = preview or version >= "2024"
    assert submit(instant, [CHAT], pii(), version=version).status_code == (202 if has_pii else 400)
    has_sentiment = version in {"2022-10-01-preview", "2023-04-15-preview", "2023-11-15-preview"}
    assert submit(instant, [CHAT], sentiments(), version=version).status_code == (
        202 if has_sentiment else 400
    )
    has_custom = preview and version >= "2023"
    assert submit(instant, [CHAT], custom_summaries("issue"), version=version).status_code == (
        202 if has_custom else 400
    )
    answers = {
        aspect: submit(instant, [CHAT], summaries(aspect), version=version).status_code
        for aspect in ("issue", "resolution", "chapterTitle", "narrative", "recap", "follow-up tasks")
    }
    assert (answers["issue"], answers["resolution"]) == (202, 202)
    assert answers["narrative"] == (202 if version >= "2022-10-01" else 400)
    assert answers["recap"] == (202 if version >= "2023-11-15" else 400)
    assert answers["follow-up tasks"] == (202 if preview and version >= "2023-11-15" else 400)


@pytest.mark.parametrize("version", ["2022-05-01", "2026-05-01", "2024-05-15"])
def test_versions_without_jobs_of_conversations_are_unknown(instant: Client, version: str) -> None:
    assert submit(instant, [CHAT], pii(), version=version).status_code == 404


@pytest.mark.parametrize("version", ["2022-10-01-preview", "2023-04-15-preview", "2023-11-15-preview"])
def test_the_mood_of_each_item_is_told_as_the_documents_of_the_previews_have_it(
    instant: Client, version: str
) -> None:
    said = conversation("I like the service. I do not like the food.", "See you.")
    url = submitted(instant, [said, {**CHAT, "language": "xx"}], sentiments(), version=version)
    [item] = instant.state(url, "&showStats=true")["tasks"]["items"]
    assert item["kind"] == "conversationalSentimentResults"
    assert list(item["results"]) == ["statistics", "conversations", "errors", "modelVersion"]
    [found] = item["results"]["conversations"]
    assert list(found) == ["id", "conversationItems", "warnings", "statistics"]
    items = found["conversationItems"]
    assert [list(each) for each in items] == [["id", "participantId", "sentiment", "confidenceScores"]] * 2
    assert [each["sentiment"] for each in items] == ["mixed", "neutral"]
    assert [(each["id"], each["participantId"]) for each in items] == [("0", "p"), ("1", "p")]
    assert found["warnings"] == []
    assert [error["id"] for error in item["results"]["errors"]] == ["call"]


@pytest.mark.parametrize(
    ("version", "most"), [("2023-04-15-preview", 1), ("2023-11-15-preview", 2), (NEWEST, 2)]
)
def test_a_custom_summary_names_its_project_and_says_that_it_is_approximated(
    instant: Client, version: str, most: int
) -> None:
    # The first preview that has the kind does not have summaryLength yet, so it has no effect there.
    task = custom_summaries("narrative", summaryLength="medium", sentenceCount=1)
    [item] = instant.state(submitted(instant, [CHAT], task, version=version))["tasks"]["items"]
    assert item["kind"] == "customConversationalSummarizationResults"
    results = item["results"]
    assert list(results) == ["conversations", "errors", "projectName", "deploymentName"]
    assert (results["projectName"], results["deploymentName"]) == ("support-summaries", "production")
    [found] = results["conversations"]
    assert list(found) == ["summaries", "id", "warnings"]
    [summary] = found["summaries"]
    assert (summary["aspect"], len(summary["contexts"])) == ("narrative", most)
    assert [warning["code"] for warning in found["warnings"]] == ["EmulatorApproximation"]


def test_a_cancelled_custom_task_names_its_project(client: Client, clock: ManualClock) -> None:
    url = submitted(client, [CHAT], custom_summaries("recap"))
    client.send("POST", url.replace("?", ":cancel?"))
    [item] = client.state(url)["tasks"]["items"]
    assert item["results"] == {
        "conversations": [],
        "errors": [],
        "projectName": "support-summaries",
        "deploymentName": "production",
    }


def test_custom_summaries_of_an_unknown_project_are_refused(instant: Client) -> None:
    unknown = submit(instant, [CHAT], custom_summaries("issue", projectName="nowhere"))
    assert instant.refusal(unknown)[:2] == (404, "ProjectNotFound")
    not_deployed = submit(instant, [CHAT], custom_summaries("issue", deploymentName="testing"))
    assert not_deployed.status_code == 404
    # A project of another kind is none.
    other = submit(instant, [CHAT], custom_summaries("issue", projectName="support-topic"))
    assert instant.refusal(other)[:2] == (404, "ProjectNotFound")


@pytest.mark.parametrize(
    ("version", "names"),
    [
        ("2022-05-15-preview", ["Name", "CreditCard", "Phone"]),
        ("2022-10-01-preview", ["Name", "CreditCardNumber", "PhoneNumber"]),
        ("2024-05-01", ["Person", "CreditCardNumber", "PhoneNumber"]),
        ("2025-05-15-preview", ["Person", "CreditCard", "Phone"]),
        (NEWEST, ["Person", "CreditCard", "Phone"]),
    ],
)
@pytest.mark.parametrize("asks", [False, True], ids=["default", "asked"])
def test_categories_have_the_names_of_the_version(
    instant: Client, version: str, names: list[str], *, asks: bool
) -> None:
    text = "I am John Doe, card 4111 1111 1111 1111, phone +1 425 555 0123."
    task = pii(piiCategories=names) if asks else pii()
    found = results(instant, conversation(text), task, version)
    assert [entity["category"] for entity in found["conversationItems"][0]["entities"]] == names


@pytest.mark.parametrize("name", ["CreditCardNumber", "PhoneNumber", "Name", "Miscellaneous"])
@pytest.mark.parametrize("version", ["2024-11-01", "2025-05-15-preview", NEWEST])
def test_a_category_of_another_version_is_refused_where_the_list_is_published(
    instant: Client, version: str, name: str
) -> None:
    response = submit(instant, [conversation("a")], pii(piiCategories=[name]), version=version)
    assert instant.refusal(response)[:3] == (400, "InvalidRequest", "InvalidParameterValue")


@pytest.mark.parametrize("name", ["CreditCard", "CreditCardNumber", "Phone", "PhoneNumber"])
def test_of_2024_05_01_both_names_are_taken_that_are_published(instant: Client, name: str) -> None:
    text = "Card 4111 1111 1111 1111, phone +1 425 555 0123."
    found = results(instant, conversation(text), pii(piiCategories=[name]), "2024-05-01")
    [entity] = found["conversationItems"][0]["entities"]
    assert entity["category"] == f"{name.removesuffix('Number')}Number"


@pytest.mark.parametrize(
    ("version", "name"),
    [
        ("2022-05-15-preview", "audioTimings"),
        ("2022-07-01-preview", "audioTimings"),
        ("2022-10-01-preview", "wordLevelTimings"),
    ],
)
@pytest.mark.parametrize("sent", ["audioTimings", "wordLevelTimings"])
def test_the_times_of_words_have_the_name_of_the_version(
    instant: Client, version: str, name: str, sent: str
) -> None:
    words = [{"word": word, "offset": 10 * place, "duration": 9} for place, word in enumerate(["hi", "john"])]
    spoken = transcript(
        text="Hi John.", lexical="hi john", itn="hi john", maskedItn="hi john", **{sent: words}
    )
    found = results(instant, spoken, pii(includeAudioRedaction=True), version)
    assert bool(found["conversationItems"][0]["redactedContent"]["audioTimings"]) == (sent == name)


@pytest.mark.parametrize(
    ("version", "parameter", "has_timings"),
    [
        ("2022-10-01-preview", "includeAudioRedaction", True),
        ("2022-10-01-preview", "redactAudioTiming", False),
        ("2024-11-01", "redactAudioTiming", True),
        ("2024-11-01", "includeAudioRedaction", False),
    ],
)
def test_the_switch_for_audio_timings_has_the_name_of_the_version(
    instant: Client, version: str, parameter: str, has_timings: bool
) -> None:
    sent = transcript(text="Hi John Doe.", lexical="hi john doe", itn="", maskedItn="")
    found = results(instant, sent, pii(**{parameter: True}), version)
    assert ("audioTimings" in found["conversationItems"][0]["redactedContent"]) == has_timings


@pytest.mark.parametrize(
    ("version", "redacted"),
    [
        ("2022-10-01-preview", "I am ********."),
        ("2023-04-15-preview", "I am ########."),
        ("2024-11-01", "I am ########."),
    ],
)
def test_a_parameter_that_the_version_does_not_have_has_no_effect(
    instant: Client, version: str, redacted: str
) -> None:
    found = results(instant, conversation("I am John Doe."), pii(redactionCharacter="#"), version)
    assert found["conversationItems"][0]["redactedContent"] == {"text": redacted}


@pytest.mark.parametrize(
    ("task", "message"),
    [
        (pii(piiCategories=["Shoe"]), "Parameter 'piiCategories' must be one of: ABARoutingNumber"),
        (pii(excludePiiCategories=["All"]), "Parameter 'excludePiiCategories' must be one of"),
        (pii(piiCategories="All"), "must be an array"),
        (pii(redactionSource="audio"), "must be one of: lexical, itn, maskedItn, text"),
        (pii(redactionCharacter="x"), "must be one of"),
        (pii(redactAudioTiming="yes"), "must be a boolean"),
        (pii(redactionPolicy={"policyKind": "syntheticReplacement"}), "redactionPolicy.policyKind"),
        (pii(modelVersion="bad"), "bad is not supported for model-version"),
        (summaries("plot"), "Parameter 'summaryAspects' must be one of: issue"),
        (summaries(), "'summaryAspects' is required"),
        (summaries("issue", summaryLength="huge"), "must be one of: short, medium, long"),
        (summaries("issue", sentenceCount=0), "must be an integer"),
        (summaries("issue", stringIndexType="bytes"), "must be one of: TextElements_v8"),
        (custom_summaries(), "'summaryAspects' is required"),
        (custom_summaries("plot"), "Parameter 'summaryAspects' must be one of: issue"),
        (custom_summaries("issue", deploymentName=""), "'deploymentName' is required"),
        (custom_summaries("issue", sentenceCount=21), "must be an integer from 1 to 20"),
    ],
)
def test_bad_parameters_are_refused(instant: Client, task: dict[str, Any], message: str) -> None:
    status, _, inner, found = instant.refusal(submit(instant, [CHAT], task))
    assert (status, inner) == (400, "InvalidParameterValue")
    assert message in found


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"predictionSource": "audio"}, "must be one of: lexical, itn, maskedItn, text"),
        ({"loggingOptOut": 1}, "must be a boolean"),
        ({"modelVersion": "bad"}, "bad is not supported for model-version"),
    ],
)
def test_bad_parameters_of_sentiment_are_refused(
    instant: Client, parameters: dict[str, Any], message: str
) -> None:
    response = submit(instant, [CHAT], sentiments(**parameters), version="2022-10-01-preview")
    status, _, inner, found = instant.refusal(response)
    assert (status, inner) == (400, "InvalidParameterValue")
    assert message in found


@pytest.mark.parametrize(
    ("sent", "inner", "message"),
    [
        ([], "MissingInputDocuments", "no input documents"),
        ([{**CHAT, "modality": "video"}], "InvalidRequestBodyFormat", "'modality' must be one of"),
        ([{**CHAT, "domain": "sports"}], "InvalidRequestBodyFormat", "'domain' must be one of"),
        ([{**CHAT, "language": ""}], "InvalidDocument", "Conversation call must have 'language'"),
        ([{**CHAT, "id": None}], "InvalidDocument", "Each conversation must have 'id'"),
        ([{**CHAT, "conversationItems": []}], "InvalidDocument", "has no conversationItems"),
        ([conversation("")], "InvalidDocumentBatch", "Document text is empty."),
        ([transcript(wordLevelTimings=[])], "InvalidDocument", "Conversation item 1 has no text."),
        (
            [transcript(text="a", wordLevelTimings=[{"word": "a", "offset": "1"}])],
            "InvalidRequestBodyFormat",
            "must be integers",
        ),
        (
            [{**CHAT, "conversationItems": [{"id": "1", "text": "a"}]}],
            "InvalidDocument",
            "must have 'participantId'",
        ),
    ],
)
def test_bad_conversations_are_refused(instant: Client, sent: Any, inner: str, message: str) -> None:
    status, _, code, found = instant.refusal(submit(instant, sent, summaries("issue")))
    assert (status, code) == (400, inner)
    assert message in found


def test_personal_data_are_looked_for_in_one_conversation_of_40000_characters(instant: Client) -> None:
    two = [CHAT, {**CHAT, "id": "other"}]
    assert instant.refusal(submit(instant, two, pii()))[2:] == (
        "InvalidDocumentBatch",
        "Batch request contains too many records. Max 1 records are permitted.",
    )
    assert submit(instant, two, summaries("issue")).status_code == 202
    assert instant.refusal(submit(instant, [CHAT, CHAT], summaries("issue")))[2] == "InvalidDocument"
    fits, too_long = conversation("é" * 20_000, "a" * 20_000), conversation("a" * 40_000, "a")
    assert submit(instant, [fits], pii()).status_code == 202
    response = submit(instant, [too_long], pii())
    assert (response.status_code, instant.refusal(response)[3]) == (
        413,
        "Request Payload sent is too large to be processed. Limit request size to: 40000",
    )


def test_a_job_of_conversations_is_no_job_of_documents(instant: Client) -> None:
    url = submitted(instant, [CHAT], pii())
    path = url.replace("analyze-conversations", "analyze-text")
    assert instant.send("GET", path.replace(NEWEST, "2026-05-01")).status_code == 404
