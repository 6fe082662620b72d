"""What a location is: an absolute path or a URL of a storage. All else is none, and no message shows it."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias
from urllib.parse import unquote

from airflow_provider_language.exceptions import InvalidInputError

if TYPE_CHECKING:
    from airflow_provider_language._compat import ObjectStoragePath

Location: TypeAlias = "str | os.PathLike[str] | ObjectStoragePath"
LOCAL = frozenset({"", "file", "local"})
"""The schemes of this machine's own files."""
SUFFIX = re.compile(r"\.(jsonl|ndjson|csv|parquet|txt)(\.gz)?$", re.IGNORECASE)
"""Of the files that are read."""

_URL = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]{0,19}):(?=/)(?P<rest>.*)", re.DOTALL)
_CHAIN = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*::")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_TEMPLATE = re.compile(r"\{[{%]")
_WEB = frozenset({"http", "https", "ftp", "ftps"})
_LONGEST = 4096
"""Characters of a path, as operating systems take it."""
_WHAT_IT_IS = "an absolute path (/data/reviews.csv) or a URL of a storage (s3://conn@bucket/reviews.csv)"


def given_location(value: Any, name: str) -> Any:
    """A location as a DAG or a template gives it, as text; anything else is left as it is.

    What has templates in it is checked when they are rendered.

    Args:
        value: may be a text, a path object, or something else than a location.
        name: of the parameter.

    Raises:
        InvalidInputError: a text that is no location.
    """
    if is_template(value):
        return value
    if not isinstance(value, str) and not _is_path(value):
        return value
    location_of(value, name)
    return str(value)


def rendered_location(value: Any, name: str) -> Any:
    """A location after its templates were rendered, as text; what is neither text nor path is left as it is.

    What looks like a template then is a text of somebody else, which Airflow would store and show.

    Args:
        value: as it was rendered.
        name: of the parameter.

    Raises:
        InvalidInputError: a text that is no location.
    """
    if isinstance(value, str) or _is_path(value):
        location_of(value, name)
        return str(value)
    return value


def is_template(value: object) -> bool:
    """Whether a value is a text that Airflow has yet to render."""
    return isinstance(value, str) and _TEMPLATE.search(value) is not None


def location_of(value: object, name: str = "The location") -> str:
    """The location that a value is: a local one as a path, another one as its URL.

    A local URL is read as URLs are: ``file:///my%20docs`` is the folder ``/my docs``.

    Args:
        value: a text or a path object.
        name: of the parameter, for messages.

    Raises:
        InvalidInputError: it is none.
    """
    if not isinstance(value, str) and not _is_path(value):
        raise InvalidInputError(f"{name} is a {type(value).__name__} instead of a location.")
    text = str(value)
    if not text.strip():
        raise InvalidInputError(f"{name} is empty instead of {_WHAT_IT_IS}.")
    if len(text) > _LONGEST or _CONTROL.search(text):
        raise _no_location(name, text)
    if _CHAIN.match(text):
        raise InvalidInputError(f"{name} is a chain of storages, with '::', and none is read or written.")
    url = _URL.match(text)
    if url is not None:
        return _of_url(url, name)
    if text.startswith("/"):
        return text
    raise _no_location(name, text)


def as_told(location: object) -> str:
    """A location as a later task is told of it: as it was given, if ``ObjectStoragePath`` takes it so."""
    given = str(location)
    found = location_of(location)
    return given if unquote(given) == given else found


def _is_path(value: object) -> bool:
    """Whether it is of pathlib or its kin; Airflow's own is not always an ``os.PathLike``."""
    return isinstance(value, os.PathLike) or hasattr(type(value), "joinpath")


def _of_url(url: re.Match[str], name: str) -> str:
    scheme, rest = url["scheme"].lower(), url["rest"]
    if scheme in _WEB:
        raise InvalidInputError(f"{name} has the scheme {scheme}, which is no storage that Airflow knows.")
    if scheme in LOCAL:
        return _of_local(rest, name)
    if not rest.strip("/ "):
        raise InvalidInputError(f"{name} names a storage and no place on it; it is to be {_WHAT_IT_IS}.")
    return url.string


def _of_local(rest: str, name: str) -> str:
    host, _, below = rest[2:].partition("/") if rest.startswith("//") else ("", "", rest[1:])
    if host not in ("", "localhost"):
        raise InvalidInputError(f"{name} is on another host; a URL of this one's files begins with file:///.")
    path = f"/{os.fsdecode(unquote(below, errors='surrogateescape').encode(errors='surrogateescape'))}"
    if _CONTROL.search(path):
        raise InvalidInputError(f"{name} has control characters in it.")
    return path


def _no_location(name: str, text: str) -> InvalidInputError:
    """Texts are given by mistake where a location is expected: only what ends as a file does is repeated."""
    is_like_one = name == OUTPUT or (SUFFIX.search(text) and not re.search(r"\s", text))
    if is_like_one and len(text) <= _LONGEST and not _CONTROL.search(text):
        return InvalidInputError(
            f"{name} is {text!r}, which each worker would look for in a folder of its own; "
            f"say where it is: {_absolute(text)}"
        )
    return InvalidInputError(
        f"{name} is a text of {len(text)} characters and no location, which is {_WHAT_IT_IS}. Texts are "
        "given as a list of them, or as rows with the field text."
    )


OUTPUT = "output_path"


def _absolute(text: str) -> Path:
    return Path(os.path.normpath(Path(os.path.expanduser(text)).absolute()))  # noqa: PTH111 - which may raise
