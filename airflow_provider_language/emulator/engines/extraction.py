"""ExtractiveSummarization: the most central sentences of a document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from airflow_provider_language.emulator.engines import parameter_values as wire
from airflow_provider_language.emulator.engines.words import lexrank
from airflow_provider_language.emulator.engines.words.text import require

if TYPE_CHECKING:
    from collections.abc import Mapping

_DEFAULT_COUNT = 3
_MAX_COUNT = 20


def analyze(text: str, language: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Return the sentences that say most of a document.

    Args:
        text: The document.
        language: One of `lexrank.LANGUAGES`.
        parameters: ``sentenceCount`` (1 to 20, default 3) and ``sortBy`` (``Offset``, the default, or
            ``Rank``).

    Returns:
        ``sentences``.

    Raises:
        UnsupportedLanguage: The language is another one.
        MissingEngine: A library is not installed.
    """
    code = require(language, lexrank.LANGUAGES)
    best = lexrank.rank(text, code)[: wire.count(parameters, "sentenceCount", _DEFAULT_COUNT, _MAX_COUNT)]
    if str(parameters.get("sortBy", "")).lower() != "rank":
        best.sort(key=lambda item: item.sentence.offset)
    return {
        "sentences": [
            {
                "text": item.sentence.text,
                "rankScore": item.score,
                "offset": item.sentence.offset,
                "length": len(item.sentence.text),
            }
            for item in best
        ]
    }
