"""Where the sentences of a text end, as the library sentencex tells; nothing is known where it is missing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from importlib import import_module
from typing import Any, TypeAlias

SentenceEnds: TypeAlias = "Callable[[str], Sequence[int]]"
"""The code points behind which sentences of a text end, in rising order; blanks belong to the one before."""

NO_SENTENCES = "blanks"
"""The name of a splitter that knows no sentences."""


def sentence_ends(language: str | None) -> SentenceEnds:
    """What finds the ends of sentences in a language.

    Args:
        language: a code as the service knows it; one that tells nothing (``auto``, None) is read by the
            punctuation that most languages have in common.
    """
    library = _sentencex()
    if library is None:
        return lambda _: ()
    code = (language or "").replace("_", "-").partition("-")[0].lower()

    def ends(text: str) -> list[int]:
        readable = text.encode("utf-8", "replace").decode()  # half a pair of surrogates is no text to it
        return [int(one["end_index"]) for one in library.get_sentence_boundaries(code, readable)]

    return ends


def splitter() -> str:
    """The name of what finds ends of sentences here.

    Its versions differ in single sentences, which is no reason to pay again for what was cut by another one.
    """
    return NO_SENTENCES if _sentencex() is None else "sentencex"


@cache
def _sentencex() -> Any:
    try:
        return import_module("sentencex")
    except ImportError:
        return None
