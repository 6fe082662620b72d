"""Documents of texts and rows, and what is refused before anything is sent."""

from __future__ import annotations

from typing import Any

import pytest

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.protocol.inputs.documents import Document, check_documents, documents_from


def test_texts_get_their_position_as_id() -> None:
    assert documents_from(["a", "b"]) == (Document("0", "a"), Document("1", "b"))


def test_rows_keep_their_id_and_language_and_lose_other_fields() -> None:
    rows: list[dict[str, Any]] = [
        {"id": 7, "text": "a", "language": "es", "author": "x"},
        {"text": "b"},
        {"id": 0, "text": "c"},
    ]
    assert documents_from(rows) == (Document("7", "a", "es"), Document("1", "b"), Document("0", "c"))


def test_documents_pass_as_they_are() -> None:
    document = Document("x", "a", "fr")
    assert documents_from([document])[0] is document


def test_a_common_language_is_for_those_that_name_none() -> None:
    values: list[Any] = [
        "a",
        {"text": "b"},
        Document("2", "c"),
        {"text": "d", "language": "es"},
        Document("4", "e", "fr"),
    ]
    assert [document.language for document in documents_from(values, "de")] == ["de", "de", "de", "es", "fr"]


def test_any_iterable_of_texts_will_do() -> None:
    assert documents_from(text for text in ("a", "b")) == documents_from(["a", "b"])


@pytest.mark.parametrize("value", [{"id": "1"}, {"text": None}, {"text": float("nan")}])
def test_a_row_without_text_is_refused_and_its_fields_are_counted(value: dict[str, Any]) -> None:
    with pytest.raises(InvalidInputError, match="Document 1 has no text among its 1 fields"):
        documents_from(["fine", value])


def test_neither_a_text_nor_a_row_is_refused() -> None:
    values: Any = [["a"]]
    with pytest.raises(InvalidInputError, match="Document 0 is a list"):
        documents_from(values)


@pytest.mark.parametrize("values", ["a rendered template", {"id": "1", "text": "a"}])
def test_a_single_text_or_row_is_not_taken_for_a_list(values: Any) -> None:
    with pytest.raises(InvalidInputError, match="single"):
        documents_from(values)


def test_a_language_goes_on_the_wire_only_if_there_is_one() -> None:
    assert Document("1", "a").to_wire() == {"id": "1", "text": "a"}
    assert Document("1", "a", "auto").to_wire() == {"id": "1", "text": "a", "language": "auto"}


def test_the_text_stays_out_of_repr() -> None:
    assert "secret" not in repr(Document("1", "secret", "en"))


@pytest.mark.parametrize(
    ("documents", "why"),
    [
        ([], "no documents"),
        ([Document("", "a")], "empty id"),
        ([Document(" ", "a")], "empty id"),
        ([Document("1", "a"), Document("2", "b"), Document("1", "c")], "1 document ids are not unique.*'1'"),
        ([Document("1", "\ud800 a")], "text of document '1' is not valid Unicode at character 0"),
        ([Document("x\udfff", "a")], "id 'x.udfff' is not valid Unicode at character 1"),
        ([Document("1", ""), Document("2", " \n")], "text is empty"),
    ],
)
def test_what_the_service_would_refuse_is_refused(documents: list[Document], why: str) -> None:
    with pytest.raises(InvalidInputError, match=why):
        check_documents(documents)


def test_an_error_does_not_quote_the_text() -> None:
    with pytest.raises(InvalidInputError) as error:
        check_documents([Document("1", "secret \ud800")])
    assert "secret" not in str(error.value)


def test_some_empty_texts_are_for_the_service_to_report() -> None:
    check_documents([Document("1", ""), Document("2", "a")])
