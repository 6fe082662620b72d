"""The shipped lists of names; the file `NOTICE` of the distribution tells where they come from."""

from __future__ import annotations

import gzip
import re
import unicodedata
from collections import defaultdict
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

from airflow_provider_language.emulator.engines.once import once

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_ENGINES = "airflow_provider_language.emulator.engines"
_FIRST_WORD = re.compile(r"\w+")
_SECTION = re.compile(r"\[(\w+)\]")
_FIRST_NAMES = "FirstName"


@lru_cache(maxsize=16_384)
def folded(name: str) -> str:
    """Return a name without accents and apostrophes and with one capital: ``"Obrien"`` for ``"O'BRIEN"``."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", name) if c.isalpha())
    return plain.capitalize()


@once
def first_names() -> frozenset[str]:
    """Return the first names, folded."""
    names = [*_lines("first_names.txt.gz"), *_known()[_FIRST_NAMES]]
    return frozenset(folded.__wrapped__(name) for name in names)


@once
def last_names() -> frozenset[str]:
    """Return the surnames, folded."""
    return frozenset(folded.__wrapped__(name) for name in _lines("last_names.txt.gz"))


@once
def common_words() -> frozenset[str]:
    """Return the names that are ordinary English words too, in lower case."""
    return frozenset(_lines("common_words.txt.gz"))


@once
def phrases() -> Mapping[str, tuple[tuple[str, str], ...]]:
    """Return the names of places, organisations, products and events by their first word.

    Returns:
        First word -> (name, entity type) pairs, the longest name first. A name that is in several lists has
        the type of this project's own list, or else is a country rather than a city.
    """
    types: dict[str, str] = {}
    for name in _spellings(_lines("cities.txt.gz")):
        types[name] = "City"
    for name in _spellings(_lines("countries.txt.gz")):
        types[name] = "CountryRegion"
    for kind, names in _known().items():
        if kind != _FIRST_NAMES:
            types.update(dict.fromkeys(_spellings(names), kind))
    by_word: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for name, kind in types.items():
        first = _FIRST_WORD.search(name)
        if first is not None and first.start() == 0:
            by_word[first.group()].append((name, kind))
    return {
        word: tuple(sorted(pairs, key=lambda pair: (-len(pair[0]), pair))) for word, pairs in by_word.items()
    }


def _spellings(names: list[str]) -> Iterator[str]:
    """Yield each name and how it is written without accents."""
    for name in names:
        yield "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
        yield name


@once
def _known() -> dict[str, list[str]]:
    sections: defaultdict[str, list[str]] = defaultdict(list)
    kind = ""
    for line in (files(_ENGINES) / "data" / "known_names.txt").read_text("utf-8").splitlines():
        section = _SECTION.fullmatch(line)
        if section is not None:
            kind = section.group(1)
        elif line and not line.startswith("#"):
            sections[kind].append(line)
    return dict(sections)


def _lines(file: str) -> list[str]:
    return gzip.decompress((files(_ENGINES) / "data" / file).read_bytes()).decode("utf-8").splitlines()
