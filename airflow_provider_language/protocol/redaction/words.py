"""Cuts a text into words, and tells each in its normal form, so that spellings of one name are equal."""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

from airflow_provider_language.protocol.redaction.spelling import normalised

_JOINERS = "\u00ad\u200c\u200d\u2060"
"""Characters within words that are not seen: a word does not end before them."""
_ALONE = (
    "\u0e00-\u0eff"  # Thai and Lao
    "\u1000-\u109f\ua9e0-\ua9ff\uaa60-\uaa7f"  # Myanmar
    "\u1780-\u17ff"  # Khmer
    "\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3038-\u303a\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"  # Han
    "\u3041-\u309f\U0001b001-\U0001b11f\U0001b132\U0001b150-\U0001b152"  # Hiragana
    "\U00020000-\U0003ffff"  # more of Han
)
"""Letters that are words of their own, since nothing between them tells where a word ends."""
_REMEMBERED, _LONGEST = 50_000, 50


_PLAIN = re.compile(r"\w+|\s+|(?s:.)")
"""What a text is cut into that has none of these, nor a mark; other texts take five times as long."""


class _Odd(NamedTuple):
    """What cuts the texts that have some of these.

    Args:
        some: of them, anywhere.
        word: as :data:`_PLAIN`.
    """

    some: re.Pattern[str]
    word: re.Pattern[str]


@lru_cache(maxsize=1)
def _odd() -> _Odd:
    """All characters of Unicode are asked once, a fifth of a second: ``re`` has no class for marks."""
    joined = f"{_ranges(filter(_joins, range(sys.maxunicode + 1)))}{_JOINERS}"
    letter = rf"[^\W{joined}{_ALONE}]"
    word = rf"{letter}+(?:[{joined}]+{letter}*)*|\s+|(?s:.)[{joined}]*"
    return _Odd(re.compile(f"[{joined}{_ALONE}]"), re.compile(word))


def _joins(code_point: int) -> bool:
    """Whether a character belongs to the one before it: a mark, or what Unicode resolves into one."""
    return unicodedata.category(unicodedata.normalize("NFKD", chr(code_point))[0])[0] == "M"


def _ranges(code_points: Iterable[int]) -> str:
    """They come in their order."""
    told = []
    for _, of_range in groupby(enumerate(code_points), key=lambda one: one[1] - one[0]):
        found = [code_point for _, code_point in of_range]
        told.append(f"{chr(found[0])}-{chr(found[-1])}")
    return "".join(told)


def words_in(text: str) -> list[str]:
    """The words of a text, one after another, which together are the text.

    A word is a run of letters, digits and underscores with the marks on them; a run of whitespace; or any
    other character with its marks. Ideographs, and letters of languages that put nothing between words, are
    words of their own.
    """
    if text.isascii():
        return _PLAIN.findall(text)
    odd = _odd()
    return (odd.word if odd.some.search("".join(set(text))) else _PLAIN).findall(text)


class NormalForms(dict[str, str]):
    """The normal form of each word, of which no more than some are remembered."""

    def __missing__(self, word: str) -> str:
        """That of a word; one blank for whitespace."""
        normal = normalised(word) or " "
        if len(word) <= _LONGEST:
            if len(self) >= _REMEMBERED:
                self.clear()
            self[word] = normal
        return normal
