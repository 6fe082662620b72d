"""EntityLinking, approximated: names of the shipped lists, linked to the article of the same name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from airflow_provider_language.emulator.engines.entities import LANGUAGES
from airflow_provider_language.emulator.engines.spans import names
from airflow_provider_language.emulator.engines.spans.hits import longest
from airflow_provider_language.emulator.engines.words.text import require

if TYPE_CHECKING:
    from collections.abc import Mapping

# Short forms and the titles of their articles.
_TITLES = {
    "AWS": "Amazon Web Services",
    "Amazon": "Amazon (company)",
    "Apple": "Apple Inc.",
    "BLM": "Bureau of Land Management",
    "CDC": "Centers for Disease Control and Prevention",
    "CIA": "Central Intelligence Agency",
    "ECB": "European Central Bank",
    "EU": "European Union",
    "Excel": "Microsoft Excel",
    "FBI": "Federal Bureau of Investigation",
    "FDA": "Food and Drug Administration",
    "GAO": "Government Accountability Office",
    "IMF": "International Monetary Fund",
    "IRS": "Internal Revenue Service",
    "Java": "Java (programming language)",
    "Köln": "Cologne",
    "MIT": "Massachusetts Institute of Technology",
    "München": "Munich",
    "NYC": "New York City",
    "New York": "New York City",
    "NHS": "National Health Service",
    "NIH": "National Institutes of Health",
    "Oracle": "Oracle Corporation",
    "U.K.": "United Kingdom",
    "U.S.": "United States",
    "U.S.A.": "United States",
    "UK": "United Kingdom",
    "UN": "United Nations",
    "US": "United States",
    "USA": "United States",
    "United States of America": "United States",
    "WHO": "World Health Organization",
    "WTO": "World Trade Organization",
    "Washington D.C.": "Washington, D.C.",
    "Washington DC": "Washington, D.C.",
    "Wien": "Vienna",
}
_WARNING = {
    "code": "EmulatorApproximation",
    "message": "The emulator links names of its own lists to the article of the same name; it does not tell "
    "apart what shares a name, and has no Bing ids.",
}


def analyze(text: str, language: str, parameters: Mapping[str, Any]) -> dict[str, Any]:  # noqa: ARG001 - has none
    """Link the known names of a document to the English Wikipedia.

    Args:
        text: The document.
        language: One of `entities.LANGUAGES`.
        parameters: Nothing is read.

    Returns:
        ``entities``, each with its ``matches`` and without ``bingId``, and ``warnings``.

    Raises:
        UnsupportedLanguage: The language is another one.
    """
    require(language, LANGUAGES)
    matches: dict[str, list[dict[str, Any]]] = {}
    for hit in longest(names.listed(text)):
        found = text[hit.start : hit.end]
        match = {
            "text": found,
            "offset": hit.start,
            "length": hit.end - hit.start,
            "confidenceScore": hit.confidence,
        }
        matches.setdefault(_TITLES.get(found, found), []).append(match)
    entities = [
        {
            "name": title,
            "matches": group,
            "language": "en",
            "id": title,
            "url": f"https://en.wikipedia.org/wiki/{quote(title.replace(' ', '_'), safe='(),.')}",
            "dataSource": "Wikipedia",
        }
        for title, group in matches.items()
    ]
    return {"entities": entities, "warnings": [dict(_WARNING)]}
