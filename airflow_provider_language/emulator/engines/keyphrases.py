"""KeyPhraseExtraction: noun phrases in English, runs of content words (RAKE) in other languages."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any

from airflow_provider_language.emulator.engines.words.stopwords import STOPWORDS
from airflow_provider_language.emulator.engines.words.syntax import Token, tokens
from airflow_provider_language.emulator.engines.words.text import require, sentences

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

LANGUAGES = tuple(sorted(STOPWORDS))

_MAX_WORDS = 5
_EMPTY_NOUNS = frozenset(
    {"lot", "lots", "thing", "things", "way", "ways", "kind", "kinds", "sort", "bit", "something", "anything",
     "everything", "nothing", "someone", "anyone", "everyone", "nobody", "none", "one", "ones", "thanks"}
)  # fmt: skip
_WORD = re.compile(r"[^\W\d_]+(?:[-.][^\W\d_]+)*|\d+(?:[.,]\d+)*|[^\s\w]")


def analyze(text: str, language: str, parameters: Mapping[str, Any]) -> dict[str, Any]:  # noqa: ARG001 - has none
    """Return the main talking points of a document.

    They are in the order that the recorded service gives: more words first, then as in the text, each once
    (cancel_in_terminal_state_2022-05-01).

    Args:
        text: The document.
        language: One of `LANGUAGES`.
        parameters: Nothing is read.

    Returns:
        ``keyPhrases``.

    Raises:
        UnsupportedLanguage: The language is another one.
        MissingEngine: A library is not installed.
    """
    code = require(language, LANGUAGES)
    phrases = _noun_phrases(text) if code == "en" else _content_words(text, code)
    return {"keyPhrases": _ordered(phrases)}


def _ordered(phrases: Iterable[str]) -> list[str]:
    first: dict[str, str] = {}
    for phrase in phrases:
        first.setdefault(phrase.casefold(), phrase)
    return sorted(first.values(), key=lambda phrase: -len(phrase.split()))


def _noun_phrases(text: str) -> Iterator[str]:
    for sentence in sentences(text, "en"):
        for phrase in _nominal(tokens(sentence)):
            start, end = phrase[0].offset - sentence.offset, phrase[-1].end - sentence.offset
            yield " ".join(sentence.text[start:end].split())


def _nominal(words: list[Token]) -> Iterator[list[Token]]:
    """Yield the runs of modifiers and nouns that end in a noun."""
    run: list[Token] = []
    before: Token | None = None
    for word in words:
        modifies = _modifies(word, run, before)
        if modifies and run and run[-1].tag.startswith("NN"):
            yield from _trimmed(run)  # "Gates left Microsoft": no modifier follows its noun
            run = []
        if modifies or word.tag.startswith("NN") or (word.tag == "POS" and run):
            run.append(word)
        else:
            yield from _trimmed(run)
            run = []
        before = word
    yield from _trimmed(run)


def _modifies(word: Token, run: list[Token], before: Token | None) -> bool:
    if word.tag in {"VBG", "VBN"}:  # "swimming pool", "the stolen car"; not "was stolen"
        return (bool(run) and not run[-1].tag.startswith("NN")) or (
            before is not None and before.tag in {"DT", "PRP$", "IN", "CC", ","}
        )
    return word.tag.startswith(("JJ", "CD", "UH"))


def _trimmed(run: list[Token]) -> Iterator[list[Token]]:
    while run and not run[-1].tag.startswith("NN"):
        run = run[:-1]
    run = run[-_MAX_WORDS:]
    while run and run[0].tag == "POS":
        run = run[1:]
    meaningful = [word for word in run if word.tag.startswith("NN") and word.lower not in _EMPTY_NOUNS]
    if any(len(word.text) > 1 for word in meaningful):
        yield run


def _content_words(text: str, code: str) -> Iterator[str]:
    """Yield the better half of the candidate phrases of RAKE (Rose et al., 2010)."""
    candidates = [
        words for sentence in sentences(text, code) for words in _runs(sentence.text, STOPWORDS[code], code)
    ]
    frequency = Counter(word.casefold() for words in candidates for word in words)
    degree: Counter[str] = Counter()
    for words in candidates:
        for word in words:
            degree[word.casefold()] += len(words)
    scores = [sum(degree[w.casefold()] / frequency[w.casefold()] for w in words) for words in candidates]
    lowest = sorted(scores)[len(scores) // 2] if len(scores) > _MANY else 0.0
    for words, score in zip(candidates, scores, strict=True):
        if score >= lowest:
            yield " ".join(words)


# Below this number of candidates all of them are phrases.
_MANY = 12


def _runs(sentence: str, stopwords: frozenset[str], code: str) -> Iterator[list[str]]:
    run: list[str] = []
    for word in [*_WORD.findall(sentence), "."]:
        if word[0].isalpha() and word.casefold() not in stopwords:
            run.append(word)
        else:
            yield from _named(run, code)
            run = []


def _named(run: list[str], code: str) -> Iterator[list[str]]:
    if code == "de":  # German writes its nouns with a capital; what follows the last one is a verb
        while run and not run[-1][0].isupper():
            run = run[:-1]
    run = run[-_MAX_WORDS:]
    if run and (len(run) > 1 or len(run[0]) > 2):  # noqa: PLR2004 - words of two letters say little
        yield run
