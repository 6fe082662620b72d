"""AbstractiveSummarization, approximated: the most central sentences stand for a model's own words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from airflow_provider_language.emulator.engines import parameter_values as wire
from airflow_provider_language.emulator.engines.words import lexrank
from airflow_provider_language.emulator.engines.words.text import require

if TYPE_CHECKING:
    from collections.abc import Mapping

# Sentences per summaryLength; the service's own lengths in sentences are not documented as numbers.
_LENGTHS = {"short": 1, "medium": 3, "long": 5}
_DEFAULT_LENGTH = "medium"
_MAX_COUNT = 20
_WARNING = {
    "code": "EmulatorApproximation",
    "message": "The emulator has no language model: this summary is made of sentences of the document.",
}


def analyze(text: str, language: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Return a summary that is made of sentences of the document.

    Args:
        text: The document.
        language: One of `lexrank.LANGUAGES`.
        parameters: ``summaryLength`` (``short``, ``medium`` or ``long``), or else ``sentenceCount``
            (1 to 20).

    Returns:
        ``summaries`` and ``warnings``; a context is the sentence that was taken.

    Raises:
        UnsupportedLanguage: The language is another one.
        MissingEngine: A library is not installed.
    """
    code = require(language, lexrank.LANGUAGES)
    length = str(parameters.get("summaryLength", "")).lower()
    count = _LENGTHS.get(length) or wire.count(
        parameters, "sentenceCount", _LENGTHS[_DEFAULT_LENGTH], _MAX_COUNT
    )
    best = sorted(lexrank.rank(text, code)[:count], key=lambda item: item.sentence.offset)
    summary = {
        "text": " ".join(" ".join(item.sentence.text.split()) for item in best),
        "contexts": [{"offset": item.sentence.offset, "length": len(item.sentence.text)} for item in best],
    }
    return {"summaries": [summary] if best else [], "warnings": [dict(_WARNING)]}
