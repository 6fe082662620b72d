"""What somebody else wrote, as it is fit for a message, a log and a row: cut, in one line, without a SAS."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import unescape
from urllib.parse import unquote

from airflow_provider_language.protocol.json_values import JsonValue

MESSAGE = 2000
"""Characters of a message that are read at the most, whatever is made of it."""
CODE = 100
"""Characters of a code, or of another name of the service's."""

_HARMLESS = re.compile(r"[^=:%&\\]*")
"""What neither names a signature nor is written so that it might, as nearly all words are."""
_ROUNDS = 8  # How often something is written in a script within a script; nobody means more than two.
_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\x([0-9A-Fa-f]{2})")
_GAP = r"(?:\s|\\[rnt]){0,4}"
_SIGNATURE = re.compile(
    rf"""(sig[\\"']*\s{{0,3}}[=:]\s{{0,3}}[\\"']*)  # In whatever letters, as a parameter or as a field.
        (?:(?:[a-z0-9+/]{_GAP}){{24,43}}=  # As it is meant: a plus may be read as a blank, a line broken;
        |(?:[a-z0-9+/]{_GAP}){{1,43}}\Z    # or cut;
        |[^\s&"'<>\\]+)                   # or as far as a parameter goes.
    """,
    re.IGNORECASE | re.VERBOSE,
)


def quotation(value: JsonValue, longest: int = MESSAGE) -> str:
    """Somebody else's words, for a message or a log.

    Args:
        value: a string, or a number; anything else says nothing.
        longest: characters that are kept, up to :data:`MESSAGE`; one that is escaped counts once.

    Returns:
        One line, with no character that a terminal obeys, and no signature of a SAS.
    """
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return ""
    return in_one_line(without_signatures(str(value)[:MESSAGE])[:longest])


def in_one_line(text: str) -> str:
    """A text whose line ends, control characters and the like are told as Python escapes them."""
    if text.isprintable():
        return text
    return "".join(one if one.isprintable() else one.encode("unicode_escape").decode("ascii") for one in text)


def without_signatures(text: str) -> str:
    """A text in which the signature of a SAS, however it is written, is three stars.

    Where there is one, the whole text is told as it is meant: there are too many ways to write it.
    """
    if _HARMLESS.fullmatch(text):
        return text
    plain = _plain(text)
    if plain is None:
        return "***"
    return _SIGNATURE.sub(r"\1***", plain) if _SIGNATURE.search(plain) else text


def _plain(text: str) -> str | None:
    """A text without percent-encoding, entities and escapes; None if no end of them is to be seen."""
    for _ in range(_ROUNDS):
        before, text = text, _ESCAPE.sub(_meant, unescape(unquote(text)))
        if text == before:
            return text
    return None


def _meant(escape: re.Match[str]) -> str:
    return chr(int(escape[1] or escape[2], 16))


def unsigned(value: JsonValue) -> JsonValue:
    """What the service says, without signatures, however deep; None if it is too deep to be followed."""
    try:
        return _unsigned(value)
    except RecursionError:
        return None


def _unsigned(value: JsonValue) -> JsonValue:
    if isinstance(value, str):
        return without_signatures(value)
    if isinstance(value, list):
        return [_unsigned(one) for one in value]
    if isinstance(value, Mapping):
        return {without_signatures(name): _unsigned(one) for name, one in value.items()}
    return value
