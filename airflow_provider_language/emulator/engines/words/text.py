"""Language codes, encodable text, and sentences with exact offsets: what several engines share."""

from __future__ import annotations

from dataclasses import dataclass

from airflow_provider_language.emulator.engines.contract import UnsupportedLanguage
from airflow_provider_language.emulator.engines.extras import load


@dataclass(frozen=True)
class Sentence:
    """A part of a document.

    Attributes:
        offset: Code points before it.
        text: The part as it stands in the document.
    """

    offset: int
    text: str

    def stripped(self) -> Sentence:
        """Return the sentence without the white space around it."""
        left = len(self.text) - len(self.text.lstrip())
        return Sentence(self.offset + left, self.text.strip())


def primary(language: str) -> str:
    """Return the primary subtag of a language code: ``"zh"`` for ``"zh_chs"`` and ``"zh-Hans"``."""
    return language.replace("_", "-").split("-", 1)[0].lower()


def require(language: str, supported: tuple[str, ...]) -> str:
    """Return the primary subtag of a language that an engine knows.

    Args:
        language: The code that the engine got.
        supported: The primary subtags that it knows, in alphabetical order.

    Raises:
        UnsupportedLanguage: It is none of them.
    """
    code = primary(language)
    if code not in supported:
        raise UnsupportedLanguage(language, supported)
    return code


def encodable(text: str) -> str:
    """Return a text of the same length that UTF-8 can encode.

    JSON and ``str`` can hold half a surrogate pair; the compiled libraries refuse it.
    """
    return text.encode("utf-8", "replace").decode("utf-8")


def sentences(text: str, language: str) -> list[Sentence]:
    """Split a text into sentences that together are the text.

    White space belongs to the sentence before it, as in the service's SentimentAnalysis (the official
    sample's first sentence ends with its blank, model version 2022-11-01); at the start of the text, to the
    first one. A text of nothing but white space is one sentence.

    Args:
        text: Any text.
        language: A language code; of an unknown one only the common punctuation is used.

    Returns:
        At least one sentence, unless the text is empty.

    Raises:
        MissingEngine: sentencex is not installed.
    """
    starts = [0]
    seen_words = False
    boundaries = load("sentencex").get_sentence_boundaries(primary(language), encodable(text))
    for boundary in boundaries:
        start, end = boundary["start_index"], boundary["end_index"]
        if not text[start:end].strip():
            continue
        if seen_words and start > starts[-1]:
            starts.append(start)
        seen_words = True
    ends = [*starts[1:], len(text)]
    return [Sentence(start, text[start:end]) for start, end in zip(starts, ends, strict=True) if start < end]
