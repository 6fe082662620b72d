"""What is said of a file is checked before it is read, and carried along with its batches."""

from __future__ import annotations

import json
from typing import Any

import pytest

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.protocol.corpus.batches import Batch, batch_from
from airflow_provider_language.protocol.corpus.layouts import AS_USUAL, Layout, layout_from


@pytest.mark.parametrize("nothing", [None, "", "  ", "None", "null"])
def test_an_option_that_says_nothing_is_as_if_it_was_not_given(nothing: str | None) -> None:
    names: Any = ("text_column", "id_column", "language_column", "speaker_column", "encoding")

    assert Layout(delimiter=nothing and None, **dict.fromkeys(names, nothing)) == AS_USUAL


@pytest.mark.parametrize("nothing", ["", "None", "null", "  "])
def test_what_a_template_makes_of_no_delimiter_is_none(nothing: str) -> None:
    assert Layout(delimiter=nothing) == AS_USUAL


@pytest.mark.parametrize(("said", "meant"), [(";", ";"), ("\t", "\t"), ("\\t", "\t"), (" ", " "), ("|", "|")])
def test_a_delimiter_is_one_character_and_a_tab_may_be_typed(said: str, meant: str) -> None:
    assert Layout(delimiter=said).delimiter == meant


@pytest.mark.parametrize("said", [";;", '"', "\n", "\r", "\0", "semicolon"])
def test_a_delimiter_that_parts_no_cells_is_refused(said: str) -> None:
    with pytest.raises(InvalidInputError, match="instead of one character"):
        Layout(delimiter=said)


@pytest.mark.parametrize(
    ("said", "meant"),
    [("cp1252", "cp1252"), ("windows-1252", "cp1252"), ("UTF8", "utf-8"), ("utf-8-sig", "utf-8")],
)
def test_an_encoding_may_have_any_of_its_names(said: str, meant: str) -> None:
    assert Layout(encoding=said).encoding == meant


@pytest.mark.parametrize("said", ["klingon", "base64", "undefined", "a\0b", "utf-16", "utf-32-le", "cp037"])
def test_an_encoding_in_which_no_lines_are_found_is_refused(said: str) -> None:
    with pytest.raises(InvalidInputError, match=r"no encoding of texts|not read; convert"):
        Layout(encoding=said)


def test_a_number_that_a_template_made_is_the_name_of_a_column() -> None:
    assert Layout(text_column=7).text_column == "7"  # type: ignore[arg-type]


def test_what_is_no_name_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="id_column is a list"):
        Layout(id_column=["id"])  # type: ignore[arg-type]


def test_a_batch_carries_along_how_its_file_is_read() -> None:
    layout = Layout(text_column="review_text", delimiter=";", encoding="cp1252")
    batch = Batch(0, 0, 1, "digest", offset=5, layout=layout)

    told = json.loads(json.dumps(batch.to_dict()))

    assert told["layout"] == {"text_column": "review_text", "delimiter": ";", "encoding": "cp1252"}
    assert batch_from(told) == batch
    assert "layout" not in Batch(0, 0, 1, "digest").to_dict()


@pytest.mark.parametrize("value", [None, 7, {}, {"of_a_later_release": "x"}])
def test_a_batch_of_which_nothing_known_is_said_is_read_as_usual(value: object) -> None:
    assert layout_from(value) == AS_USUAL


def test_a_task_need_not_repeat_how_a_file_is_read_and_must_not_contradict() -> None:
    layout = Layout(text_column="review_text")
    batch = Batch(0, 0, 1, "digest", offset=5, layout=layout)

    assert batch.read_as(AS_USUAL) == batch.read_as(layout) == layout
    with pytest.raises(InvalidInputError, match="need not be said again"):
        batch.read_as(Layout(text_column="other"))


def test_rows_that_are_no_file_have_no_layout() -> None:
    AS_USUAL.refuse_rows()
    with pytest.raises(InvalidInputError, match="delimiter: these say how a file is read"):
        Layout(delimiter=";").refuse_rows()
