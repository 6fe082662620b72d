"""What could be meant by a name that nobody knows."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


def meant(word: str, known: Iterable[str]) -> str:
    """The end of a sentence with the names that are like a word, or have it for initials; empty for none.

    ``SSN`` is not like ``USSocialSecurityNumber``, and is in its capitals.
    """
    small = {one.lower(): one for one in sorted(known)}
    near = [small[one] for one in get_close_matches(word[:99].lower(), small, 3)]
    if word.isupper() and len(word) > 1:
        near += [
            one for one in small.values() if one not in near and word in "".join(filter(str.isupper, one))
        ]
    return f"; did you mean {', '.join(near)}?" if near else ""
