"""Which file systems there are: those of Airflow, by its connections; without Airflow, those of fsspec."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeAlias

from airflow_provider_language.exceptions import InvalidInputError

Found: TypeAlias = "tuple[str, Any, str]"
"""The scheme of a storage, its file system, and the path as that takes it."""

_UNKNOWN = ("No filesystem registered", "Unsupported filesystem", "Protocol not known")
"""How Airflow, and the packages below it, begin to say that they do not know a scheme."""
_OF_CONNECTION = re.compile(r"[a-z0-9+.-]+://[^/@]+@[^/.]*(/|\Z)", re.IGNORECASE)
"""``s3://conn@bucket``; in ``abfs://container@account.dfs.core.windows.net`` no connection is named."""


def found_by_airflow(url: str) -> Found:
    """A place on a storage, as Airflow's ``ObjectStoragePath`` finds it.

    Raises:
        InvalidInputError: no provider has the scheme.
    """
    from airflow_provider_language._compat import ObjectStoragePath

    try:
        path = ObjectStoragePath(url)
        return str(path.protocol or ""), path.fs, path.path
    except ValueError as error:
        if not str(error).startswith(_UNKNOWN):
            raise  # such as a connection that a provider does not understand
        raise InvalidInputError(
            f"Airflow knows no storage of the scheme {_scheme(url)}; a provider that has it may not be "
            "installed."
        ) from None


def found_by_fsspec(url: str) -> Found:
    """A place on a storage, as fsspec finds it; where the URL names a connection, as Airflow does.

    Raises:
        InvalidInputError: there is no such scheme, or its package is not installed.
    """
    if _OF_CONNECTION.match(url):
        return found_by_airflow(url)
    from fsspec.core import url_to_fs

    try:
        fs, path = url_to_fs(url)
    except (ImportError, ValueError) as error:
        if isinstance(error, ValueError) and not str(error).startswith(_UNKNOWN):
            raise
        raise InvalidInputError(
            f"There is no file system for the scheme {_scheme(url)} here; fsspec says: {error}"
        ) from None
    return _scheme(url), fs, path


def _scheme(url: str) -> str:
    return url.partition(":")[0]


_found: Callable[[str], Found] = found_by_airflow


def found(url: str) -> Found:
    """A place on a storage that is not this machine's, by whoever finds storages in this process."""
    return _found(url)


@contextmanager
def without_airflow() -> Iterator[None]:
    """Let fsspec find storages in this process, with what their packages take from the environment."""
    global _found  # noqa: PLW0603 - of the process, as many threads of a run find storages
    before, _found = _found, found_by_fsspec
    try:
        yield
    finally:
        _found = before
