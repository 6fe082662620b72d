"""How English writes dates, times, quantities and roles."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from airflow_provider_language.emulator.engines.spans.hits import HEURISTIC, PATTERN, Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

_MONTH = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec)\b\.?)"
)
_DAY = r"(?:Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)"
_DAY_NUMBER = r"(?:3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?"
_MONTH_NUMBER = r"(?:1[0-2]|0?[1-9])"
_CENTURY = r"(?:1[5-9]|20)"
_YEAR = rf"{_CENTURY}\d\d"
_ONES = (
    r"(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen"
    r"|seventeen|eighteen|nineteen)"
)
_TENS = r"(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)"
_MAGNITUDE = r"(?:hundred|thousand|million|billion|trillion)"
_SPELLED = (
    rf"(?:(?:{_TENS}(?:[- ](?:one|{_ONES}))?|{_ONES}|(?:one|a)(?= {_MAGNITUDE}\b))"
    rf"(?:(?: and)? (?:{_MAGNITUDE}|{_TENS}|{_ONES}|dozen)\b){{0,6}})"
)
_DIGITS = r"(?:\d{1,3}(?:,\d{3}){1,6}|\d{1,40})(?:\.\d{1,20})?"
_NUMBER = rf"(?:{_DIGITS}(?: {_MAGNITUDE})?|{_SPELLED})"
_PERIOD = r"(?:second|minute|hour|day|night|week|weekend|month|quarter|year|decade)"
_COUNTED = rf"(?:{_NUMBER}|one|an?|several|a few|a couple of|half an?)"
_NUMERIC_DATE = (
    rf"(?:{_YEAR}-\d\d-\d\d|{_DAY_NUMBER}[./]{_MONTH_NUMBER}[./](?:{_YEAR}|\d\d)\b"
    rf"|{_MONTH_NUMBER}/{_DAY_NUMBER}/(?:{_YEAR}|\d\d)\b)"
)
_DATE = (
    rf"(?:(?:{_DAY},? )?(?:{_DAY_NUMBER} (?:of )?{_MONTH}|{_MONTH} {_DAY_NUMBER}(?!\d))(?:,? {_YEAR}\b)?"
    rf"|{_NUMERIC_DATE}|(?:(?:last|next|this) )?{_DAY}\b|today\b|tomorrow\b|yesterday\b)"
)
_CLOCK = (
    r"(?:(?:2[0-3]|[01]?\d):[0-5]\d(?::[0-5]\d)?(?: ?[ap]\.?m\b\.?)?|(?:1[0-2]|0?[1-9]) ?[ap]\.?m\b\.?"
    r"|noon\b|midnight\b|\d{1,2} o['\u2019]clock\b)"
)
_PREPOSITION = r"(?:in|since|until|during|of|by|before|after|for)"
_CURRENCY_CODE = r"(?:USD|EUR|GBP|CHF|JPY|CAD|AUD|INR|CNY)"
_CURRENCY_WORD = r"(?:dollars?|euros?|pounds? sterling|pounds|cents?|yen|rupees?|francs?|yuan|pesos?)"
_UNITS = {
    "Length": (r"(?:(?:kilo|centi|milli)?met(?:er|re)s?|miles?|yards?|feet|foot|inch(?:es)?|km|cm|mm|ft|m)"),
    "Weight": r"(?:(?:kilo|milli)?grams?|kilos?|ounces?|tons?|tonnes?|kg|mg|lbs?|oz|g)",
    "Speed": r"(?:(?:kilomet(?:er|re)s|miles) (?:per|an) hour|met(?:er|re)s per second|km/h|mph|m/s|knots)",
    "Area": r"(?:square (?:(?:kilo)?met(?:er|re)s|miles|feet|yards|inches)|acres?|hectares?|km²|m²|sq ft)",
    "Volume": r"(?:cubic (?:met(?:er|re)s|feet)|(?:milli)?lit(?:er|re)s?|gallons?|pints?|ml|m³)",
    "Information": r"(?:(?:kilo|mega|giga|tera|peta)?bytes?|(?:kilo|mega|giga)bits?|[KMGTP]i?B)",
}
_ROLES = (
    "accountant actor actress administrator ambassador analyst architect artist attorney author "
    "biologist captain carpenter cashier CEO CFO chairman chairwoman chancellor chef chemist coach "
    "co-founder concierge consultant CTO dentist designer developer director doctor driver economist "
    "editor electrician engineer farmer firefighter founder governor guard journalist judge lawyer "
    "librarian manager mayor mechanic minister musician nurse officer painter pharmacist photographer "
    "physician physicist pilot plumber president professor programmer psychologist receptionist "
    "reporter representative researcher scientist secretary senator singer soldier spokesman "
    "spokesperson spokeswoman student surgeon teacher technician therapist waiter waitress writer"
)
_RANKS = (
    "senior assistant deputy executive chief vice general managing prime medical software police civil data "
    "project product sales customer"
)

_SOURCES = {
    "Date": rf"\b{_DATE}",
    "Time": rf"\b{_CLOCK}|\bthis (?:morning|afternoon|evening)\b|\btonight\b",
    "DateTime": (
        rf"\b{_DATE}(?:,? at|,)? {_CLOCK}"
        rf"|\b{_YEAR}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d{{1,9}})?)?(?:Z|[+-]\d\d:\d\d)?"
    ),
    "DateRange": (
        r"\b(?:last|next|past|this|coming|previous|current)(?: few| several| couple of"
        rf"| {_NUMBER})? (?:{_PERIOD}s?|spring|summer|autumn|winter)\b"
        rf"|\b{_MONTH},? {_YEAR}\b|\b(?:from |between )?{_YEAR}(?: to | and |[\u2013-]){_YEAR}\b"
        rf"|\b(?:the )?{_CENTURY}\d0s\b|\bQ[1-4](?: {_YEAR})?\b"
        rf"|\b{_PREPOSITION} (?P<entity>(?:(?:early|late|mid) )?(?:{_YEAR}|{_MONTH}(?! \d))\b(?![-\u2013/]))"
        rf"|\b(?:from )?{_DATE} (?:to|until|through|[\u2013-]) {_DATE}"
    ),
    "TimeRange": rf"\b(?:from |between )?(?:{_CLOCK}|\d{{1,2}})(?: (?:to|and|until) | ?[\u2013-] ?){_CLOCK}",
    "Duration": rf"\b{_COUNTED}[ -]{_PERIOD}s?\b(?![ -]olds?\b)",
    "SetTemporal": (
        rf"\b(?:every|each)(?: other| second| {_NUMBER})? (?:{_PERIOD}s?|{_DAY}|morning|evening|night)\b"
        r"|\b(?:daily|weekly|monthly|yearly|annually|hourly)\b"
        rf"|\b(?:once|twice|{_NUMBER} times) (?:an?|per|every|each) {_PERIOD}\b"
    ),
    "Age": (
        rf"\b{_NUMBER}[- ](?:year|month|week|day)s?[- ]olds?\b|\b(?:aged|age of) (?:\d{{1,3}}|{_SPELLED})\b"
    ),
    "Percentage": rf"(?<![\w.]){_DIGITS} ?%|\b{_NUMBER} (?:per ?cent|percentage points)\b",
    "Currency": (
        rf"(?:US|A|C)?[$€£¥₹]\s?{_DIGITS}(?:\s?{_MAGNITUDE}\b|[kKmMbB]\b)?|\b{_CURRENCY_CODE} ?{_DIGITS}"
        rf"|(?<![\w.]){_DIGITS}(?: {_MAGNITUDE})? ?(?:[€£$]|{_CURRENCY_CODE}\b)"
        rf"|\b{_NUMBER} {_CURRENCY_WORD}\b"
    ),
    "Temperature": (
        rf"(?<![\w.])[-\u2212]?{_DIGITS} ?[°º](?: ?[CF]\b)?"
        rf"|\b(?:minus )?{_NUMBER} degrees(?: Celsius| Fahrenheit)?\b"
    ),
    "NumberRange": (
        rf"\b(?:between {_NUMBER} and|from {_NUMBER} to|(?:more|less|fewer) than|at (?:least|most))"
        rf" {_NUMBER}\b"
    ),
    "Ordinal": (
        r"\b(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|twentieth"
        r"|\d{0,6}(?:1[1-3]th|1st|2nd|3rd|[04-9]th))\b"
    ),
    "Number": (
        rf"(?<![\w.,:/$€£#-]){_DIGITS}(?: {_MAGNITUDE}\b)?(?![\w:/%-]|[.,]\d)"
        rf"|(?<![\w-]){_SPELLED}(?![\w-])"
    ),
    "PersonType": rf"\b(?:(?:{'|'.join(_RANKS.split())}) ){{0,4}}(?:{'|'.join(_ROLES.split())})(?:e?s)?\b",
}

_DIMENSIONS = "|".join(f"(?P<{kind}>{unit})" for kind, unit in _UNITS.items())

PATTERNS = {kind: re.compile(source) for kind, source in _SOURCES.items()}
"""What is looked for, by the type of entity; beside measures."""

_OF_CLOCKS = (":", "noon", "midnight", "clock", "am", "a.m", "pm", "p.m")
SIGNS = {
    "Time": (*_OF_CLOCKS, "this ", "tonight"),
    "DateTime": _OF_CLOCKS,
    "TimeRange": _OF_CLOCKS,
    "Duration": ("second", "minute", "hour", "day", "night", "week", "month", "quarter", "year", "decade"),
    "SetTemporal": ("every", "each", "ly", "once", "twice", "times"),
    "Age": ("old", "aged", "age of"),
    "Percentage": ("%", "percent", "per cent"),
    "Currency": (
        *("$", "€", "£", "¥", "₹", "USD", "EUR", "GBP", "CHF", "JPY", "CAD", "AUD", "INR", "CNY"),
        *("dollar", "euro", "pound", "cent", "yen", "rupee", "franc", "yuan", "peso"),
    ),
    "Temperature": ("\u00b0", "\u00ba", "degrees"),
    "NumberRange": ("between", "from", "than", "at least", "at most"),
}
"""Of these one stands in all that a pattern finds: to look for them is much faster than to search."""

_DIMENSION = re.compile(rf"(?<![\w.])(?:{_DIGITS} ?|{_SPELLED}[ -])(?:{_DIMENSIONS})(?![\w/])")
# Types whose words often mean something else.
_UNSURE = frozenset({"PersonType", "Ordinal", "Number"})


def find(text: str) -> Iterator[Hit]:
    """Yield dates, times, quantities and roles; hits may overlap.

    Args:
        text: The document.
    """
    for kind, pattern in PATTERNS.items():
        if not any(sign in text for sign in SIGNS.get(kind, ("",))):
            continue
        confidence = HEURISTIC if kind in _UNSURE else PATTERN
        for match in pattern.finditer(text):
            start, end = match.span("entity") if match.lastgroup == "entity" else match.span()
            yield Hit(start, end, kind, confidence).within(text)
    for match in _DIMENSION.finditer(text):
        yield Hit(match.start(), match.end(), str(match.lastgroup), PATTERN)
