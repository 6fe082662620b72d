"""Refuses what an argument can never be, when a DAG is parsed or its templates are rendered."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, get_args

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.protocol.defaults import Rows, SecondPassMode
from airflow_provider_language.storage.locations import given_location

if TYPE_CHECKING:
    from airflow_provider_language.protocol.tables.kept import KeepColumns


def check_choice(name: str, said: object, known: Collection[str]) -> None:
    """Refuse a word that is none of those that an argument takes.

    Args:
        name: of the argument.
        said: as it was given.
        known: the words that it takes.

    Raises:
        InvalidInputError: with those.
    """
    if said not in known:
        raise InvalidInputError(f"{name} is {said!r} instead of {' or '.join(known)}.")


def check_policy(said: object, *, copies: bool) -> None:
    """Refuse a redaction policy that is none, or that nothing would be redacted by.

    Args:
        said: a policy, or the location of its file, which is read by the task; None for none.
        copies: whether there is a redacted copy.

    Raises:
        InvalidInputError: it is refused.
    """
    if said is None:
        return
    if not copies:
        raise InvalidInputError("redaction_policy is for a redacted copy: say redacted_copy=True, too.")
    if isinstance(said, Mapping):
        from airflow_provider_language.protocol.redaction.policies import policy_from

        policy_from(said)
    else:
        given_location(said, "redaction_policy")


def check_second_pass(said: object, *, has_policy: bool) -> None:
    """Refuse a second pass that is none, or that nothing would be looked for in.

    Args:
        said: what becomes of what it finds; None for no such pass.
        has_policy: whether there is a redaction policy.

    Raises:
        InvalidInputError: it is refused.
    """
    if said is None:
        return
    check_choice("second_pass", said, get_args(SecondPassMode))
    if not has_policy:
        raise InvalidInputError(
            "second_pass looks for what a policy pseudonymises: say redaction_policy, too."
        )


def check_count(name: str, said: int | None) -> None:
    """Refuse a number below 1; None is none.

    Args:
        name: of the argument.
        said: as it was given.

    Raises:
        InvalidInputError: it is too small.
    """
    if said is not None and said < 1:
        raise InvalidInputError(f"{name} is {said} instead of at least 1.")


def check_flags(**said: object) -> None:
    """Refuse arguments that are neither True nor False, and would be taken for one of them.

    Args:
        said: as they were given, by name.

    Raises:
        InvalidInputError: one of them is something else.
    """
    for name, value in said.items():
        if not isinstance(value, bool):
            raise InvalidInputError(f"{name} is a {type(value).__name__} instead of True or False.")


def has_complete_rows(rows: Rows | None, *, replaces: bool, copies: bool) -> bool:
    """Whether a run has rows of documents, too, that earlier runs have.

    Args:
        rows: as it was given; None for what fits the rest.
        replaces: whether it removes what other runs have.
        copies: whether it makes a redacted copy of all documents.

    Raises:
        InvalidInputError: it is to have none of them, and the rest needs them.
    """
    if rows == "new" and (replaces or copies):
        which = 'if_exists="replace" removes them' if replaces else "redacted_copy=True needs all"
        raise InvalidInputError(
            f'rows is "new", so that rows of earlier runs stay where they are, and {which}: say '
            'rows="complete", or leave it out.'
        )
    return rows == "complete" or replaces or copies


def flag_in(said: object, name: str) -> bool:
    """A truth, perhaps as a template gives it: ``true``, ``1``, ``false`` or ``0``.

    Args:
        said: as it was given or rendered; nothing is neither.
        name: of the argument.

    Raises:
        InvalidInputError: it is something else.
    """
    words = {"true": True, "1": True, "false": False, "0": False}
    found = words.get(str(said).strip().lower())
    if found is None:
        raise InvalidInputError(f"{name} is {said!r:.60} instead of True or False.")
    return found


def text_columns_in(said: object, one: object = None) -> tuple[str, ...]:
    """Several columns that have texts; none where none were named.

    Args:
        said: their names, as they were given or rendered.
        one: the column that was named as the only one with texts.

    Raises:
        InvalidInputError: they are no names, one stands there twice or is called as another field of a
            document, or there is an only one beside them.
    """
    if said is None:
        return ()
    if isinstance(said, str) or not isinstance(said, Sequence) or not said:
        raise InvalidInputError("text_columns is no list of names of columns; one alone is text_column.")
    if one is not None:
        raise InvalidInputError("text_column and text_columns are both set; name all in text_columns.")
    for name in said:
        if not isinstance(name, str) or not name.strip() or name in _FIELDS:
            raise InvalidInputError(f"text_columns has {name!r:.60} instead of the name of a column.")
        if said.count(name) > 1:
            raise InvalidInputError(f"text_columns has {name!r:.60} twice.")
    return tuple(said)


_FIELDS = frozenset({"id", "language"})
"""What rows are read under, whatever their columns are called."""


def checked_columns(said: KeepColumns) -> KeepColumns:
    """Columns to carry over, as they were given.

    Raises:
        InvalidInputError: one of them can be none.
    """
    if said:
        from airflow_provider_language.protocol.tables.kept import kept_columns

        kept_columns(said)
    return said
