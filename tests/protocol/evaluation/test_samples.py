"""A labelled sample is believed where its places fit its texts, and refused where they do not."""

from __future__ import annotations

from typing import Any

import pytest

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.protocol.evaluation.samples import labelled_from
from airflow_provider_language.protocol.redaction.spans import Span

ANNA: dict[str, Any] = {"category": "Person", "offset": 2, "length": 4}
LINE: dict[str, Any] = {"id": "a", "text": "👩 Anna", "language": "en", "entities": [ANNA]}
WITHOUT_TEXT = {**LINE, "text": None, "characters": 6}


def test_a_document_has_its_labels_where_they_stand() -> None:
    document = labelled_from({**LINE, "entities": [{**ANNA, "text": "Anna"}], "note": "invented"}, "Line 1")
    assert (document.id, document.language, document.note) == ("a", "en", "invented")
    assert document.labels == (Span(2, 6, "Person"),)


def test_a_sample_may_do_without_texts() -> None:
    document = labelled_from({**WITHOUT_TEXT, "language": None}, "Line 1")
    assert (document.characters, document.text, document.language) == (6, None, "und")
    assert document.spans([{**ANNA, "text": "Anna"}]) == document.labels


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({}, "Line 3 is no labelled document"),
        ({**LINE, "id": ""}, "no labelled document"),
        ({**LINE, "id": 7}, "no labelled document"),
        ({**LINE, "text": None}, "no labelled document"),
        ({**WITHOUT_TEXT, "characters": True}, "no labelled document"),
        ({**WITHOUT_TEXT, "characters": -1}, "no labelled document"),
        ({**LINE, "entities": None}, "no list of entities"),
        ({**LINE, "entities": [ANNA, 7]}, "no list of entities"),
        ({**LINE, "entities": [{**ANNA, "category": "Persn"}]}, "did you mean Person"),
        ({**LINE, "entities": [{**ANNA, "category": "All"}]}, "'All'"),
        ({**LINE, "entities": [{**ANNA, "category": None}]}, "None"),
        ({**LINE, "entities": [{**ANNA, "length": 5}]}, "Line 3: An entity has no place"),
        ({**WITHOUT_TEXT, "entities": [{**ANNA, "length": 5}]}, "Line 3: An entity has no place"),
        ({**LINE, "entities": [{**ANNA, "text": "Otto"}]}, "Line 3: .* another text"),
    ],
)
def test_what_is_no_labelled_document_is_refused_without_its_text(said: dict[str, Any], told: str) -> None:
    with pytest.raises(InvalidInputError, match=told) as caught:
        labelled_from(said, "Line 3")
    assert "Anna" not in str(caught.value)
