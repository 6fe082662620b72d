"""Text out of files, and files out of text."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from airflow_provider_language.emulator.blobs.document_files import UnsupportedFile, file_of, text_of
from tests.draws import draws
from tests.emulator.native_files import pdf_file, word_file


def test_text_is_read_in_utf_8_with_a_mark_or_without() -> None:
    assert text_of("a.txt", "\ufeffgr\u00fc\u00dfe".encode()) == "gr\u00fc\u00dfe"
    assert text_of("A.TXT", b"line 1\r\nline 2") == "line 1\r\nline 2"


def test_word_is_read_in_the_order_of_the_page() -> None:
    assert text_of("a.docx", word_file()) == "First paragraph.\nIn a table.\nLast\tparagraph."


def test_pdf_is_read() -> None:
    assert text_of("a.pdf", pdf_file("John Miller called.")).strip() == "John Miller called."


@pytest.mark.parametrize("name", ["a.txt", "a.docx", "a.pdf", "a.exe", "docx", "a.docx.zip"])
def test_what_is_not_such_a_file_is_unsupported(name: str) -> None:
    with pytest.raises(UnsupportedFile):
        text_of(name, b"\xff\xfe\x00nonsense")


# The first text waits for a library to load.
@pytest.mark.draws
@settings(max_examples=draws(100), deadline=None)
@given(st.text())
def test_any_text_can_be_written_as_a_word_file(text: str) -> None:
    read = text_of("a.docx", file_of(".docx", text))
    assert [c for c in read if c.isalnum()] == [c for c in text if c.isalnum()]
