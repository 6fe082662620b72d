"""Texts that are hard on offsets: what the property tests of all engines draw from."""

from __future__ import annotations

import regex
from hypothesis import strategies as st

# Pieces that engines react to, in several languages, next to what shifts naive offsets.
PIECES = (
    "Maria Garcia", "John Smith's", "Microsoft", "in Berlin", "New York", "Reading", "May", "Dr. Will Mark",
    "Call +1 (425) 555-0137.", "john.smith@example.com", "https://example.com/a?b=c", "192.168.0.1",
    "4111 1111 1111 1111", "DE89 3704 0044 0532 0130 00", "219-09-9999", "3 May 2024", "12.5%", "$1,200",
    "yesterday at 5 p.m.", "25 years old", "ten kilometres", "The food wasn't good, but the staff was great!",
    "don\u2019t", "and/or", "e\u0301te\u0301", "\u05e9\u05dc\u05d5\u05dd \u05e2\u05d5\u05dc\u05dd",
    "\u0645\u0631\u062d\u0628\u0627",
    "\u4f60\u597d\u3002", "\u3053\u3093\u306b\u3061\u306f", "\U0001f469\u200d\U0001f469\u200d\U0001f467",
    "\U0001f44d\U0001f3fd", "\r\n", "\r", "\n\n", "\u2028", "\x1c", "\t", "\u00a0",
    "\u0130", "\u00df", "\ufb01n",
    "\ud800", "\x00", "...", "?!", "()", "''", "//", "&slash;", "\\", "*", "1", "a",
)  # fmt: skip

TEXTS = st.one_of(
    st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=8)), min_size=1, max_size=12)
    .map(" ".join)
    .filter(bool),
    st.lists(st.sampled_from(PIECES), min_size=1, max_size=12).map("".join),
    st.text(st.characters(exclude_categories=()), min_size=1, max_size=60),
)


def cut(text: str, offset: int, length: int, unit: str) -> str:
    """Return the span of a text whose offset and length count a stringIndexType."""
    if unit == "UnicodeCodePoint":
        return text[offset : offset + length]
    if unit == "Utf16CodeUnit":
        encoded = text.encode("utf-16-le", "surrogatepass")
        return encoded[2 * offset : 2 * (offset + length)].decode("utf-16-le", "surrogatepass")
    return "".join(regex.findall(r"\X", text)[offset : offset + length])
