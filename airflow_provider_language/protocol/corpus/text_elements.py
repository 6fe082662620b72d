"""Where a text may be parted: not within what is shown as one, by whichever rules that is told.

Unicode's rules for text elements grow, and which of them the service runs is unknown (docs/service.md,
offsets). So a place is a boundary here only where all of them see one; some that all see are passed over.
"""

from __future__ import annotations

import unicodedata

from airflow_provider_language.protocol.jobs.string_units import FLAGS, SKIN_TONES

_VIRAMA = 9
"""The combining class of what joins the consonants of Indic scripts."""
_JAMO = (range(0x1100, 0x1200), range(0xA960, 0xA980), range(0xAC00, 0xD7A4), range(0xD7B0, 0xD800))
"""Parts of Korean syllables, and syllables."""
_EXTENDING = frozenset("\u0e33\u0eb3\uff9e\uff9f")
"""Letters that are shown with what is before them: Thai and Lao am, half-wide marks of Japanese."""
_PREPENDED = frozenset(
    "\u0d4e\U000111c2\U000111c3\U0001193f\U00011941\U00011a3a\U00011f02\U00011d46"
) | frozenset(map(chr, range(0x11A84, 0x11A8A)))
"""Letters that are shown with what is behind them."""


def is_boundary(text: str, place: int) -> bool:
    """Whether a text may be parted before the code point at a place, or at its end."""
    if place in (0, len(text)):
        return True
    before, one = text[place - 1], text[place]
    if before.isascii() and one.isascii():
        return before + one != "\r\n"
    return not (_is_joined(before, one) or (_is_flag(before) and _is_flag(one) and _is_second(text, place)))


def last_boundary(text: str, low: int, high: int) -> int | None:
    """The last boundary behind a place, and not behind another one; None if there is none."""
    return next((place for place in range(high, low, -1) if is_boundary(text, place)), None)


def _is_joined(before: str, one: str) -> bool:
    """Whether two neighbours may be shown as one; format characters go with both sides."""
    kinds = unicodedata.category(before), unicodedata.category(one)
    return (
        kinds[1][0] == "M"
        or "Cf" in kinds
        or ord(one) in SKIN_TONES
        or one in _EXTENDING
        or before in _PREPENDED
        or unicodedata.combining(before) == _VIRAMA
        or (_is_jamo(before) and _is_jamo(one) and not _are_syllables(before, one))
    )


def _is_jamo(one: str) -> bool:
    return any(ord(one) in parts for parts in _JAMO)


def _are_syllables(before: str, one: str) -> bool:
    """Whether the second begins a syllable of its own, being one."""
    syllables = _JAMO[2]
    return ord(before) in syllables and ord(one) in syllables


def _is_flag(one: str) -> bool:
    return ord(one) in FLAGS


def _is_second(text: str, place: int) -> bool:
    """Whether the letter at a place is the second one of a flag: an odd number of them comes before."""
    first = place
    while first and _is_flag(text[first - 1]):
        first -= 1
    return (place - first) % 2 == 1
