"""What becomes of a stretch of text that is hidden: the ways of redacting, as a policy names them."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias, get_args

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.protocol.inputs.near_misses import meant

Kind: TypeAlias = Literal["mask", "category", "remove", "keep_last", "pseudonym", "leave"]
KINDS: tuple[Kind, ...] = get_args(Kind)
MASK = "*"
_OPTIONS: Mapping[str, tuple[str, ...]] = {"mask": ("character",), "keep_last": ("character", "characters")}


@dataclass(frozen=True)
class Way:
    """A way of redacting.

    Args:
        kind: ``mask`` puts a character in the place of each code point; ``category`` the category in
            brackets, and ``pseudonym`` what stands for this surface form everywhere, in the place of the
            whole; ``remove`` nothing; ``keep_last`` masks all but the last characters; ``leave`` leaves it.
        character: of a mask.
        kept: characters that ``keep_last`` shows at most.
    """

    kind: Kind
    character: str = MASK
    kept: int = 0

    def told(self) -> str | dict[str, str | int]:
        """The way as a policy tells it, in the one form that its digest is of."""
        if self.kind not in _OPTIONS:
            return self.kind
        kept: dict[str, str | int] = {"characters": self.kept} if self.kind == "keep_last" else {}
        return {"way": self.kind, "character": self.character, **kept}

    def masked(self, hidden: str) -> str:
        """The text in the place of a hidden one, of the ways that mask.

        ``keep_last`` hides half of the characters at least: four of ``1234`` would be all of them.
        """
        shown = min(self.kept, len(hidden) // 2)
        return self.character * (len(hidden) - shown) + hidden[len(hidden) - shown :]


def way_from(said: Any, where: str) -> Way:
    """The way that a policy names.

    Args:
        said: the name of a way, or an object with ``way`` and its options.
        where: it stands in the policy, for messages.

    Raises:
        InvalidInputError: it is none.
    """
    options = dict(said) if isinstance(said, Mapping) else {"way": said}
    kind = options.pop("way", None)
    if kind not in KINDS:
        raise InvalidInputError(
            f"{where} is {kind!r:.60}, which is no way of redacting ({', '.join(KINDS)})"
            f"{meant(str(kind), KINDS) or '.'}"
        )
    known = _OPTIONS.get(kind, ())
    for name in options:
        if name not in known:
            takes = f"takes {', '.join(known)}" if known else "takes no option"
            raise InvalidInputError(
                f"{where} has {name!r:.60}; {kind} {takes}{meant(str(name), known) or '.'}"
            )
    kept = options.get("characters", 0)
    if kind == "keep_last" and (type(kept) is not int or kept < 1):
        raise InvalidInputError(f"{where}.characters is {kept!r:.60} instead of a number of at least 1.")
    return Way(kind, _character(options.get("character", MASK), where), kept)


def _character(said: Any, where: str) -> str:
    """A character that no text is made of: letters would read as one, blanks vanish in some formats."""
    if not isinstance(said, str) or len(said) != 1 or unicodedata.category(said)[0] not in "PS":
        raise InvalidInputError(
            f"{where}.character is {said!r:.60} instead of one punctuation mark or symbol."
        )
    return said
