"""Where a corpus is, as a task was given it: one location or several, from a DAG, an XCom, or a template."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from airflow_provider_language.running.given import listed
from airflow_provider_language.storage.locations import given_location, rendered_location


def given_source(source: Any) -> Any:
    """Where a corpus is, as a DAG says it: one location or several.

    Raises:
        InvalidInputError: a text that is no location.
    """
    if isinstance(source, (list, tuple)):
        return [given_location(one, "source") for one in source]
    return given_location(source, "source")


def rendered_source(rendered: Any) -> Any:
    """Where a corpus is, after its templates were rendered; see :func:`given_source`.

    Raises:
        InvalidInputError: a text that is no location.
    """
    if isinstance(rendered, Iterable) and not isinstance(rendered, str):
        return [rendered_location(one, "source") for one in listed(rendered)]
    return rendered_location(rendered, "source")
