"""What a job costs in text records."""

from __future__ import annotations

from dataclasses import replace

import pytest

from airflow_provider_language.protocol.inputs.charges import text_records
from airflow_provider_language.protocol.inputs.conversations import Conversation, ConversationItem
from airflow_provider_language.protocol.inputs.documents import Document
from airflow_provider_language.protocol.inputs.native_documents import AzureBlob, NativeDocument


@pytest.mark.parametrize(("length", "records"), [(0, 0), (1, 1), (1000, 1), (1001, 2), (125_000, 125)])
def test_a_record_is_a_thousand_characters_rounded_up(length: int, records: int) -> None:
    assert text_records([Document("1", "x" * length)], tasks=1) == records


def test_each_document_is_rounded_up_by_itself_and_each_task_counts() -> None:
    assert text_records([Document("1", "x" * 1001), Document("2", "x")], tasks=3) == 9


def test_no_documents_cost_nothing() -> None:
    assert text_records(iter([]), tasks=5) == 0


def test_conversations_are_counted_over_their_items_and_native_documents_not_at_all() -> None:
    item = ConversationItem(id="0", participant_id="a", text="x" * 600)
    talk = Conversation(id="c", items=(item, replace(item, id="1")))
    file = NativeDocument(id="1", source=AzureBlob("https://host/a"), target=AzureBlob("https://host/b"))
    assert text_records([talk], 3) == 6
    assert text_records([file], 3) is None
