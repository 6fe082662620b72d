"""When two surface forms are one: the normal form whose pseudonym they share."""

from __future__ import annotations

import unicodedata


def normalised(surface: str) -> str:
    """A surface form without what differs between two spellings of it.

    Compatible characters are one (``NFKC``), case is folded, and each stretch of whitespace is one blank,
    with none at the ends. A form that is normal stays as it is. Accents and punctuation stay: who writes
    ``Müller`` and ``Mueller`` has two forms.
    """
    folded = surface.casefold() if surface.isascii() else _folded(surface)
    return " ".join(folded.split())


def _folded(surface: str) -> str:
    """Unicode's compatibility caseless form (definition 146), composed.

    Folding breaks compatibility forms, and resolving these makes letters that are to be folded: twice is
    enough, and begins with the decomposed form for the sake of a Greek iota that is written below others.
    """
    once = unicodedata.normalize("NFKD", unicodedata.normalize("NFD", surface).casefold())
    return unicodedata.normalize("NFKC", once.casefold())
