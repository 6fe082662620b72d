"""What a job may be given: its type decides on the family, and one job has one family."""

from __future__ import annotations

from typing import Any

import pytest

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.protocol.inputs.conversations import Conversation, ConversationItem
from airflow_provider_language.protocol.inputs.documents import Document
from airflow_provider_language.protocol.inputs.families import check_inputs, family_of, inputs_from
from airflow_provider_language.protocol.inputs.native_documents import (
    AzureBlob,
    NativeDocument,
    TargetUrl,
)
from airflow_provider_language.protocol.surfaces import (
    ANALYZE_CONVERSATIONS,
    ANALYZE_DOCUMENTS,
    ANALYZE_TEXT,
    Surface,
)

TEXT = Document("0", "A text.")
TALK = Conversation(id="c", items=(ConversationItem(id="0", participant_id="a", text="Hi."),))
FILE = NativeDocument(id="0", source=AzureBlob("https://host/a"), target=TargetUrl("https://host/b"))
TALK_ROW = {"id": "c", "conversationItems": [{"id": "0", "participantId": "a", "text": "Hi."}]}
FILE_ROW = {"source": "https://host/a", "target": "https://host/b"}
TURN = {"conversation_id": "c", "speaker": "a", "text": "Hi."}


@pytest.mark.parametrize(
    ("values", "inputs", "family"),
    [
        (["A text."], (TEXT,), ANALYZE_TEXT),
        ([{"text": "A text."}], (TEXT,), ANALYZE_TEXT),
        ([{"text": "A text.", "source": "a book", "target": "a shelf"}], (TEXT,), ANALYZE_TEXT),
        ([TURN], (Document("0", "Hi."),), ANALYZE_TEXT),
        ([TALK], (TALK,), ANALYZE_CONVERSATIONS),
        ([TALK_ROW], (TALK,), ANALYZE_CONVERSATIONS),
        ([FILE], (FILE,), ANALYZE_DOCUMENTS),
        ([FILE_ROW], (FILE,), ANALYZE_DOCUMENTS),
        ((value for value in [FILE_ROW]), (FILE,), ANALYZE_DOCUMENTS),
        ([], (), ANALYZE_TEXT),
    ],
)
def test_what_the_values_are_decides_on_the_family(
    values: Any, inputs: tuple[Any, ...], family: Surface
) -> None:
    found = inputs_from(values)

    assert found == inputs
    assert family_of(found) is family


def test_a_language_is_for_those_that_name_none_themselves() -> None:
    for value in (TEXT, TALK, FILE):
        assert inputs_from([value], "de")[0].language == "de"


@pytest.mark.parametrize("values", [["A text.", TALK], [TALK, FILE], [FILE_ROW, "A text."]])
def test_values_of_several_families_are_refused(values: Any) -> None:
    with pytest.raises(InvalidInputError, match="documents of one kind"):
        inputs_from(values)


@pytest.mark.parametrize("values", ["A text.", TALK_ROW])
def test_a_single_one_is_refused_where_a_list_is_expected(values: Any) -> None:
    with pytest.raises(InvalidInputError, match="single"):
        inputs_from(values)


@pytest.mark.parametrize("one", [TEXT, TALK, FILE], ids=["text", "conversation", "native document"])
def test_each_family_is_checked_by_its_own_rules(one: Any) -> None:
    check_inputs([one])
    with pytest.raises(InvalidInputError, match="not unique"):
        check_inputs([one, one])


def test_inputs_of_several_families_are_refused() -> None:
    with pytest.raises(InvalidInputError, match="documents of one kind"):
        check_inputs([TEXT, TALK])
