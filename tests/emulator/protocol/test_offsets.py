from __future__ import annotations

import pytest
import regex
from hypothesis import given, settings
from hypothesis import strategies as st

from airflow_provider_language.emulator.protocol.offsets import (
    OffsetTable,
    StringIndexType,
    convert_result,
    count_text_elements,
)

# The same examples on every run, and no complaint about a busy machine.
DETERMINISTIC = settings(deadline=None, derandomize=True)
FAMILY = "\U0001f469\u200d\U0001f469\u200d\U0001f467"
PIECES = (
    "a",
    "\u00e9",
    "e\u0301",
    "\r\n",
    "\r",
    "\n",
    " ",
    "\U0001f600",
    FAMILY,
    "\U0001f1e9\U0001f1ea",
    "\u05e9\u05dc\u05d5\u05dd",
    "\u0645\u0631\u062d\u0628\u0627",
    "\u093f",
    "\u0915\u094d\u0937",
    "\u6f22",
    "\u200f",
)
TEXTS = st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=20).map("".join)


def elements(text: str) -> list[str]:
    found: list[str] = regex.findall(r"\X", text)
    return found


@DETERMINISTIC
@given(TEXTS)
def test_text_elements_are_counted_as_grapheme_clusters(text: str) -> None:
    assert count_text_elements(text) == len(elements(text))


@DETERMINISTIC
@given(TEXTS, st.data())
def test_utf16_offsets_cut_the_same_span_out_of_the_encoded_text(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    offset, length = OffsetTable(text, StringIndexType.UTF16_CODE_UNITS).convert(start, end - start)
    encoded = text.encode("utf-16-le", "surrogatepass")
    assert encoded[2 * offset : 2 * (offset + length)].decode("utf-16-le", "surrogatepass") == text[start:end]


@DETERMINISTIC
@given(TEXTS, st.data())
def test_element_offsets_cut_the_same_span_out_of_the_elements(text: str, data: st.DataObject) -> None:
    pieces = elements(text)
    first = data.draw(st.integers(0, len(pieces)))
    last = data.draw(st.integers(first, len(pieces)))
    start, span = len("".join(pieces[:first])), "".join(pieces[first:last])
    offset, length = OffsetTable(text, StringIndexType.TEXT_ELEMENTS).convert(start, len(span))
    assert (offset, length) == (first, last - first)


@DETERMINISTIC
@given(TEXTS, st.data())
def test_a_span_inside_elements_is_widened_to_whole_elements(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    offset, length = OffsetTable(text, StringIndexType.TEXT_ELEMENTS).convert(start, end - start)
    pieces = elements(text)
    assert text[start:end] in "".join(pieces[offset : offset + length])
    assert length <= end - start


@DETERMINISTIC
@given(TEXTS)
def test_code_points_stay_as_they_are(text: str) -> None:
    table = OffsetTable(text, StringIndexType.CODE_POINTS)
    assert all(table.convert(index, 1) == (index, 1) for index in range(len(text)))


@pytest.mark.parametrize(
    ("index_type", "expected"),
    [
        (StringIndexType.TEXT_ELEMENTS, (2, 3)),
        (StringIndexType.CODE_POINTS, (6, 3)),
        (StringIndexType.UTF16_CODE_UNITS, (9, 3)),
    ],
)
def test_a_family_emoji_counts_differently_in_each_type(
    index_type: StringIndexType, expected: tuple[int, int]
) -> None:
    assert OffsetTable(f"{FAMILY} Bob", index_type).convert(6, 3) == expected


@pytest.mark.parametrize(("text", "expected"), [("a\r\nb", 3), ("a\rb\n", 4), ("\r\n\r\n", 2)])
def test_a_windows_line_end_is_one_element(text: str, expected: int) -> None:
    assert count_text_elements(text) == expected
    assert OffsetTable(text, StringIndexType.TEXT_ELEMENTS).convert(0, len(text)) == (0, expected)


def test_offsets_are_converted_at_any_depth_and_nothing_else_is() -> None:
    result = {
        "redactedText": "\U0001f600 [Person] x",
        "sentences": [
            {"offset": 2, "length": 1, "targets": [{"offset": 3, "length": 0}], "text": "x", "rankScore": 1.0}
        ],
        "entities": [{"offset": 0, "length": 1, "maskOffset": 2, "maskLength": 8, "metadata": {"length": 7}}],
        "keyPhrases": ["x"],
    }
    before = repr(result)
    assert convert_result(result, "\U0001f600\U0001f600xy", StringIndexType.UTF16_CODE_UNITS) == {
        "redactedText": "\U0001f600 [Person] x",
        "sentences": [
            {"offset": 4, "length": 1, "targets": [{"offset": 5, "length": 0}], "text": "x", "rankScore": 1.0}
        ],
        "entities": [{"offset": 0, "length": 2, "maskOffset": 3, "maskLength": 8, "metadata": {"length": 7}}],
        "keyPhrases": ["x"],
    }
    assert repr(result) == before


def test_each_of_many_spans_of_a_long_text_is_converted() -> None:
    # Every four code points are three text elements: a letter with its accent, an emoji, a space.
    text = "e\u0301\U0001f600 " * 30_000
    places = range(0, len(text), 4)
    result = {"entities": [{"offset": place + shift, "length": 2} for place in places for shift in (0, 2)]}
    converted = convert_result(result, text, StringIndexType.TEXT_ELEMENTS)
    assert converted["entities"] == [
        span
        for element in range(0, 3 * len(places), 3)
        for span in ({"offset": element, "length": 1}, {"offset": element + 1, "length": 2})
    ]
