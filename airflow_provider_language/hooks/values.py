"""Values of a connection's options: a truth, a file that is there."""

from __future__ import annotations

from pathlib import Path

from airflow_provider_language.exceptions import InvalidInputError


def yes_or_no(name: str, value: object) -> bool:
    """A truth; in URI form it can only be a word, and Airflow 2 sends ``y`` for a box that is ticked.

    Raises:
        InvalidInputError: it is neither.
    """
    words = {"true": True, "y": True, "false": False, "1": True, "0": False}
    found = words.get(str(value).lower())
    if found is None:
        raise InvalidInputError(f"The connection's {name} is {value!r} instead of true or false.")
    return found


def existing(name: str, path: object) -> str:
    """The path of a file or folder of this host.

    Raises:
        InvalidInputError: there is none.
    """
    if not isinstance(path, str) or not Path(path).exists():
        raise InvalidInputError(f"The connection's {name} names {path!r}, and there is no such file here.")
    return path
