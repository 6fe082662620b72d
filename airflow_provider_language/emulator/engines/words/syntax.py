"""English parts of speech, from TextBlob's copy of the pattern parser, with exact offsets."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from airflow_provider_language.emulator.engines.extras import load
from airflow_provider_language.emulator.engines.once import once

if TYPE_CHECKING:
    from collections.abc import Mapping

    from airflow_provider_language.emulator.engines.words.text import Sentence

# A title; a word or number with inner hyphens, dots, apostrophes and joiners; one other visible character.
_TOKEN = re.compile(
    r"\b(?:Mr|Mrs|Ms|Dr|Prof|St)\.|[^\W_]+(?:[-.'\u2019&_\u0300-\u036f]*[^\W_]+)*[\u0300-\u036f]*|\S"
)
# What the tagger expects as a word of its own: "did" + "n't", "hotel" + "'s".
_CLITIC = re.compile(r"(?<=\w)(?:n['\u2019]t|['\u2019](?:s|re|ve|ll|d|m))\Z", re.IGNORECASE)
_WORD = re.compile(r"\w")
_PUNCTUATION = {".": ".", "!": ".", "?": ".", ",": ",", ";": ":", ":": ":", "(": "(", ")": ")"}


@dataclass(frozen=True)
class Token:
    """A word or a punctuation mark.

    Attributes:
        text: As it stands in the document.
        offset: Its place in the document, in code points.
        tag: Penn Treebank part of speech, for example ``"NN"``; punctuation is its own tag.
    """

    text: str
    offset: int
    tag: str

    @property
    def end(self) -> int:
        """The place after its last code point."""
        return self.offset + len(self.text)

    @property
    def lower(self) -> str:
        """The text in lower case with plain apostrophes."""
        return self.text.lower().replace("\u2019", "'")


def tokens(sentence: Sentence) -> list[Token]:
    """Return the words and punctuation of an English sentence with their parts of speech.

    Args:
        sentence: A sentence with its offset in the document.

    Raises:
        MissingEngine: TextBlob is not installed.
    """
    words = [
        (part, sentence.offset + offset)
        for match in _TOKEN.finditer(sentence.text)
        for part, offset in _parts(match.group(), match.start())
    ]
    if not words:
        return []
    parser = _parser()
    plain = [_plain(word) for word, _ in words]
    if plain[0].lower() in parser.lexicon:
        plain[0] = plain[0].lower()  # the capital of a sentence's first word is no sign of a name
    line = " ".join(plain)
    tagged = parser.parse(line, tokenize=False, tags=True, chunks=False, relations=False, lemmata=False)
    return [
        Token(word, offset, _tag(word, annotation))
        for (word, offset), annotation in zip(words, tagged.split(" "), strict=True)
    ]


def lexicon() -> Mapping[str, str]:
    """Return the tagger's words and their most frequent part of speech.

    Raises:
        MissingEngine: TextBlob is not installed.
    """
    words: Mapping[str, str] = _parser().lexicon
    return words


def _parts(word: str, offset: int) -> list[tuple[str, int]]:
    clitic = _CLITIC.search(word)
    if clitic is None:
        return [(word, offset)]
    return [(word[: clitic.start()], offset), (clitic.group(), offset + clitic.start())]


def _plain(word: str) -> str:
    """Return what stands for a word in the parser's line format, in which "/" and blanks have a meaning."""
    if _WORD.search(word):
        return word.replace("\u2019", "'")
    return word if word in _PUNCTUATION or word.startswith("'") else ";"


def _tag(word: str, annotation: str) -> str:
    return annotation.rsplit("/", 1)[1] if _WORD.search(word) else _PUNCTUATION.get(word, ":")


@once
def _parser() -> Any:
    parser = load("textblob.en").parser
    parser.parse("Ready .", tokenize=False)  # it fills its word lists when it first needs them
    return parser
