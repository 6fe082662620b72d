"""What is redacted has the redacted text, and nothing of what was found."""

from __future__ import annotations

from typing import Any

import pytest

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.protocol.inputs.tasks import tasks_from
from airflow_provider_language.protocol.jobs.redaction import check_redacts, redacted
from airflow_provider_language.protocol.jobs.results import Row, RowStatus

ENTITY = {
    "text": "Anna",
    "category": "Person",
    "offset": 3,
    "length": 4,
    "confidenceScore": 0.9,
    "mask": "[PERSON-1]",
    "synonymOfTomorrow": "Anna",
}
TOLD = {"category": "Person", "offset": 3, "length": 4, "confidenceScore": 0.9, "mask": "[PERSON-1]"}


def row(result: Any) -> Row:
    status = RowStatus.ERROR if result is None else RowStatus.OK
    return Row("1", "0", "PiiEntityRecognition", status, "en", result, None, None, (), None, 1, "j")


def test_of_an_entity_its_place_and_category_stay_and_no_field_that_may_quote_it() -> None:
    told = redacted(row({"redactedText": "I, [PERSON-1]", "entities": [ENTITY]}))
    assert told == row({"redactedText": "I, [PERSON-1]", "entities": [TOLD]})


def test_items_of_a_conversation_are_redacted_one_by_one() -> None:
    item = {"id": "1", "redactedContent": {"text": "I, ****"}, "entities": [ENTITY]}
    told = redacted(row({"conversationItems": [item]})).result
    assert told == {"conversationItems": [{**item, "entities": [TOLD]}]}


def test_a_row_without_a_result_stays_as_it_is() -> None:
    assert redacted(row(None)) == row(None)


@pytest.mark.parametrize(
    ("task", "refused"),
    [
        ("SentimentAnalysis", "results of SentimentAnalysis quote the text"),
        (
            {"kind": "PiiEntityRecognition", "parameters": {"redactionPolicies": [{"policyKind": "NoMask"}]}},
            "asks for noMask",
        ),
    ],
)
def test_tasks_that_do_not_redact_are_refused(task: Any, refused: str) -> None:
    with pytest.raises(InvalidInputError, match=refused):
        check_redacts(tasks_from(["PiiEntityRecognition", task]))


def test_tasks_that_redact_are_taken() -> None:
    masked = {"redactionPolicies": [{"policyKind": "entityMask"}], "piiCategories": ["Person"]}
    check_redacts(tasks_from([{"kind": "PiiEntityRecognition", "parameters": masked}]))
