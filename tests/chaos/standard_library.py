"""A corpus that every Python has: docstrings and texts of the modules of its standard library."""

from __future__ import annotations

import ast
import hashlib
import sysconfig
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

NO_LIBRARY = frozenset({"site-packages", "test", "tests", "lib2to3", "idlelib"})
"""Folders beside the library, or with files that are no Python."""
NUMBER = 11_000
"""Documents that are read of it: more than one segment has."""
LONGEST = 3000
"""Characters that are taken of a text."""
_DOCUMENTED = (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


@cache
def library() -> tuple[Mapping[str, str], ...]:
    """The first documents by the names of their modules; their ids are made of module and name."""
    found: dict[str, str] = {}
    root = Path(sysconfig.get_path("stdlib"))
    for path in sorted(root.rglob("*.py")):
        place = path.relative_to(root)
        if NO_LIBRARY.isdisjoint(place.parts):
            module = ".".join(place.with_suffix("").parts)
            for name, text in _texts(module, path.read_text(encoding="utf-8", errors="replace")):
                found.setdefault(name, text[:LONGEST])
        if len(found) >= NUMBER:
            break
    return tuple({"id": name, "text": text, "language": "en"} for name, text in found.items())[:NUMBER]


def _texts(module: str, source: str) -> Iterator[tuple[str, str]]:
    if source.strip():
        yield module, source
    lines = source.splitlines(keepends=True)
    for name, node in _within(module, ast.parse(source)):
        docstring = ast.get_docstring(node)
        if docstring and docstring.strip():
            yield name, docstring
        yield f"{name}#text", "".join(lines[node.lineno - 1 : node.end_lineno])


def _within(name: str, node: ast.AST) -> Iterator[tuple[str, Any]]:
    """What may have a docstring, by its name."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, _DOCUMENTED):
            yield f"{name}:{child.name}", child
            yield from _within(f"{name}:{child.name}", child)


def engines() -> Mapping[str, Any]:
    """Engines whose answers tell which text they were asked about, and take no time."""
    return {"KeyPhraseExtraction": _phrases, "SentimentAnalysis": _sentiment}


def _phrases(text: str, *_: Any) -> dict[str, Any]:
    return {"keyPhrases": [_digest(text)]}


def _sentiment(text: str, *_: Any) -> dict[str, Any]:
    share = int(_digest(text)[:2], 16) / 255
    scores = {"positive": round(share, 2), "neutral": 0.0, "negative": round(1 - share, 2)}
    return {"sentiment": "mixed", "confidenceScores": scores, "sentences": []}


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode(errors="surrogatepass"), digest_size=8).hexdigest()
