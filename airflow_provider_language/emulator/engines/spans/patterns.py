"""Entities that a pattern tells in every language: e-mail, web and IP addresses, streets, telephones."""

from __future__ import annotations

import ipaddress
import re
from typing import TYPE_CHECKING

from airflow_provider_language.emulator.engines.extras import load
from airflow_provider_language.emulator.engines.spans import english
from airflow_provider_language.emulator.engines.spans.hits import PATTERN, Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

# Every repetition has a bound, so that no text makes a search quadratic.
_CAPITALIZED = r"[A-ZÀ-ÖØ-Þ][\w'\u2019.-]{0,40}"
PATTERNS = {
    "Email": re.compile(
        r"(?<![\w.+-])[\w+-]{1,64}(?:\.[\w+-]{1,64}){0,8}@"
        r"[^\W_](?:[\w-]{0,61}[^\W_])?(?:\.[^\W_](?:[\w-]{0,61}[^\W_])?){1,8}"
    ),
    "URL": re.compile(
        r"(?<!\w)(?:https?|ftp)://[^\s<>\"'(){}|\\^`\[\]]{0,2000}[^\s<>\"'(){}|\\^`\[\].,;:!?]"
        r"|(?<![\w@.-])www\.[\w.-]{1,200}\.[a-z]{2,10}\b(?:/[^\s<>\"',;]{0,200}[\w/])?"
    ),
    "Address": re.compile(
        rf"(?<![\w.,-])\d{{1,5}}[A-Za-z]? (?:[NSEW]\.? )?(?:{_CAPITALIZED} ){{1,4}}"
        r"(?:Street|St|Avenue|Ave|Road|Rd|Boulevard|Blvd|Lane|Ln|Drive|Dr|Way|Court|Ct|Square|Place|Terrace"
        r"|Parkway|Highway)\b\.?"
        r"(?:,? (?:Apt|Suite|Unit|Floor)\.? ?\w{1,6})?"
        rf"(?:, {_CAPITALIZED}(?: {_CAPITALIZED}){{0,2}})?(?:,? [A-Z]{{2}}(?: \d{{5}}(?:-\d{{4}})?)?(?!\w))?"
        rf"|(?<![\w-])(?:{_CAPITALIZED} ){{0,2}}[\w-]{{0,40}}"
        r"(?:[Ss]tra(?:ß|ss)e|str\.|weg|[Pp]latz|[Aa]llee|gasse) \d{1,4}[a-z]?\b"
        rf"(?:, \d{{5}} {_CAPITALIZED})?"
    ),
}
"""What is looked for, by the type of entity."""

SIGNS = {
    "Email": ("@",),
    "URL": ("://", "www."),
    "Address": (
        *("Street", "St", "Avenue", "Ave", "Road", "Rd", "Boulevard", "Blvd", "Lane", "Ln", "Drive", "Dr"),
        *("Way", "Court", "Ct", "Square", "Place", "Terrace", "Parkway", "Highway"),
        *("traße", "trasse", "str.", "weg", "latz", "llee", "gasse"),
    ),
}
"""Of these one stands in all that a pattern finds: to look for them is much faster than to search."""

_IP = re.compile(
    r"(?<![\w.:])(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7})(?![\w:]|\.\d)"
)
_PHONE = re.compile(r"(?<![\w.+])(?:\+|\(\+?)?\d[\d\s().\u2010-\u2013/-]{5,20}\d(?![\w-])")
_NORTH_AMERICAN = re.compile(r"(?:\+?1[ .-]?)?(?:\([2-9]\d\d\) ?|[2-9]\d\d[ .-])\d{3}[ .-]\d{4}")
_DATE_LIKE = re.compile(r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}|\d{4}-\d{4}")
# The region whose way of writing numbers without a country code a language suggests.
_REGIONS = {"de": "DE", "en": "US", "es": "ES", "fr": "FR", "it": "IT", "nl": "NL", "pt": "BR"}


def find(text: str, language: str) -> Iterator[Hit]:
    """Yield what patterns tell; hits may overlap.

    Args:
        text: The document.
        language: A primary subtag; dates, quantities and roles are looked for in ``"en"`` only.

    Raises:
        MissingEngine: phonenumberslite is not installed.
    """
    for kind, pattern in PATTERNS.items():
        if not any(sign in text for sign in SIGNS.get(kind, ("",))):
            continue
        for match in pattern.finditer(text):
            yield Hit(match.start(), match.start() + len(match.group().rstrip(" .,'-")), kind, PATTERN)
    for match in _IP.finditer(text):
        if _is_ip_address(match.group()):
            yield Hit(match.start(), match.end(), "IP", PATTERN)
    for match in _PHONE.finditer(text):
        if _is_phone_number(match.group(), _REGIONS.get(language, "US")):
            yield Hit(match.start(), match.end(), "PhoneNumber", PATTERN)
    if language == "en":
        yield from english.find(text)


def _is_ip_address(candidate: str) -> bool:
    try:
        ipaddress.ip_address(candidate)
    except ValueError:
        return False
    return candidate.strip(":") != ""


def _is_phone_number(candidate: str, region: str) -> bool:
    if _DATE_LIKE.fullmatch(candidate) or "\n" in candidate:
        return False
    if _NORTH_AMERICAN.fullmatch(candidate):
        return True  # whether or not the area code is in use
    phonenumbers = load("phonenumbers")
    try:
        number = phonenumbers.parse(candidate, region)
    except phonenumbers.NumberParseException:
        return False
    return bool(phonenumbers.is_valid_number(number))
