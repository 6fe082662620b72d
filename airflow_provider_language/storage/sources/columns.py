"""Which column, or field of a JSON line, is meant by which name, and which by one that is missing."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.protocol.corpus.layouts import Layout


@dataclass(frozen=True)
class Wanted:
    """The fields that rows of one kind have.

    Args:
        options: by the usual name of each field, the option of :class:`Layout` that names it otherwise; None
            where there is none.
        required: of them, the fields that a row cannot be without.
        each: whether each row is held to them; else the first one of a file alone is, and who reads the rows
            judges the others.
        texts: the columns that have texts, where these are several; who reads the rows judges these, too.
    """

    options: Mapping[str, str | None]
    required: frozenset[str]
    each: bool = True
    texts: tuple[str, ...] = ()


DOCUMENTS = Wanted(
    {"text": "text_column", "id": "id_column", "language": "language_column"}, frozenset({"text"})
)
CONVERSATIONS = Wanted(
    {
        "text": "text_column",
        "conversation_id": "id_column",
        "speaker": "speaker_column",
        "language": "language_column",
    },
    frozenset({"text", "conversation_id", "speaker"}),
)
TURNS = replace(CONVERSATIONS, each=False)
"""One that is malformed is to be told with the conversation that it is of."""

BLOBS = Wanted(
    {"source": None, "target": None, "id": "id_column", "language": "language_column"},
    frozenset({"source", "target"}),
    each=False,
)


class MissingColumnError(InvalidInputError):
    """Names among which one that is needed is missing: perhaps it is called otherwise."""


class Columns:
    """Gives the fields of a file's rows their usual names.

    Args:
        layout: what they are called in the file.
        wanted: what they are called here.
        left_out: whether a row may leave out the language, as JSON lines do.

    Raises:
        InvalidInputError: the layout names a field that such rows do not have.
    """

    def __init__(self, layout: Layout, wanted: Wanted, *, left_out: bool = False) -> None:
        if layout.speaker_column and "speaker" not in wanted.options:
            raise InvalidInputError("speaker_column is for conversations; documents have no speaker.")
        if layout.text_column and "text" not in wanted.options:
            raise InvalidInputError(
                "text_column is for texts and turns; a row that names a blob has no text."
            )
        self._wanted = wanted
        self._named = {
            field: None if option is None else getattr(layout, option)
            for field, option in wanted.options.items()
        } | dict.fromkeys(wanted.texts)
        self._left_out = left_out
        self._is_usual = not any(self._named.values())
        self._text = self._named.get("text") or "text"
        self._checked: set[tuple[str, ...]] = set()
        self._have_fit = False

    @property
    def have_fit(self) -> bool:
        """Whether any names have passed the check yet."""
        return self._have_fit

    def check(self, names: Collection[str], where: str, hint: str = "") -> None:
        """Refuse names among which a field is missing, or stands in another spelling.

        Args:
            names: of a header, or of a JSON line's fields.
            where: they are, in words.
            hint: what else could be wrong with them.

        Raises:
            MissingColumnError: with names that could be meant; all others are just counted, since a file
                without a header begins with a text.
        """
        if (found := tuple(names)) in self._checked or (self.have_fit and not self._wanted.each):
            return
        for field, named in self._named.items():
            if (named or field) not in found and self._is_missed(field, named, found):
                raise MissingColumnError(f"{where} {self._missing(field, named, found)}{hint}")
        self._have_fit = True
        if len(self._checked) < _MOST_CHECKED and sum(map(len, found)) <= _LONGEST_CHECKED:
            self._checked.add(found)

    def quick_row(self, fields: dict[str, Any]) -> dict[str, Any] | None:
        """The row that :meth:`check` and :meth:`row` let pass, in fewer steps.

        Args:
            fields: which the row may be made of.

        Returns:
            None where it takes these two to tell.
        """
        if tuple(fields) not in self._checked or type(fields.get(self._text)) is not str:
            return None
        return fields if self._is_usual else self.row(fields, "")

    def row(self, fields: Mapping[str, Any], where: str) -> dict[str, Any]:
        """A row under the usual names.

        Raises:
            InvalidInputError: its text is none.
        """
        row = dict(fields)
        for field, named in self._named.items():
            if named is not None:
                row[field] = fields.get(named)
        judges = self._wanted.each and not self._wanted.texts
        if judges and not isinstance(row["text"], (str, int, float)):
            name = self._named["text"] or "text"
            raise InvalidInputError(f"{where}: its {name} is a {type(row['text']).__name__} and no text.")
        return row

    def _is_missed(self, field: str, named: str | None, names: Sequence[str]) -> bool:
        if field in self._wanted.texts:
            return not (self._left_out and self.have_fit)
        if named is not None:
            return not (self._left_out and field == "language")
        return field in self._wanted.required or any(_plain(name) == _plain(field) for name in names)

    def _missing(self, field: str, named: str | None, names: Sequence[str]) -> str:
        missing = {one for one, said in self._named.items() if (said or one) not in names}
        meant = [
            f"{option}={name!r}"
            for one, option in self._wanted.options.items()
            if one in missing and option is not None
            for name in _meant(one, names)[:1]
        ]
        perhaps = f" Perhaps {', '.join(meant)} is meant." if meant else ""
        if field == "text" and BLOBS.required.issubset(names):
            perhaps = " Rows that name blobs are a corpus with native_documents=True."
        options = ", ".join(filter(None, self._wanted.options.values()))
        return (
            f"has no {named or field!r} among its {len(names)} columns or fields.{perhaps} "
            f"Expected are {', '.join(self._named)}; {options} name others."
        )


_WORDS: Mapping[str, str] = {
    "text": "text texts body content message comment comments review reviews feedback description note notes",
    "id": "id ids key uuid guid identifier",
    "conversation_id": "id ids conversation call chat session",
    "speaker": "speaker participant author role",
    "language": "language lang locale",
}
"""What the last word of a column's name may be, where it is another name for a field."""
_BESIDE = "customer document doc product user item row code full raw original ticket"
_KNOWN = frozenset(" ".join([_BESIDE, *_WORDS.values()]).split())
_MOST_CHECKED = 100
"""Lists of names that are remembered: objects leave out one field or another."""
_LONGEST_CHECKED = 10_000
"""Characters of all names of a list that is remembered."""
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_MOST_WORDS = 3
_LONGEST_NAME = 40


def _meant(field: str, names: Sequence[str]) -> list[str]:
    """Names that could mean a field; of these words alone, so that no text is among them."""
    alike = [name for name in names if _plain(name) == _plain(field) and len(name) <= _LONGEST_NAME]
    return alike + [name for name in names if name not in alike and _is_other_name(field, name)]


def _is_other_name(field: str, name: str) -> bool:
    words = [word.lower() for word in _WORD.findall(name)]
    return (
        0 < len(words) <= _MOST_WORDS
        and len(name) <= _LONGEST_NAME
        and re.fullmatch(r"[A-Za-z _-]*", name) is not None
        and words[-1] in _WORDS[field].split()
        and _KNOWN.issuperset(words)
    )


def _plain(name: str) -> str:
    return re.sub(r"[\W_]+", "", name).casefold()
