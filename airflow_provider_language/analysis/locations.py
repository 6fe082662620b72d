"""The operation-locations that a task is given: one, many, or the text that a template made of many."""

from __future__ import annotations

from ast import literal_eval
from collections.abc import Iterable

from airflow_provider_language.exceptions import InvalidInputError


def locations_in(rendered: object) -> list[str]:
    """Operation-locations as a list, in whatever form Airflow rendered them.

    A template whose value is a list is rendered to the text of that list, unless the DAG sets
    ``render_template_as_native_obj``, which workers heed, and triggerers do not (Airflow 3.3.2).

    Args:
        rendered: one operation-location, many, or the text of a list of them, as Python or JSON writes it.

    Raises:
        InvalidInputError: there is nothing, such as the XCom of a task that was skipped, or something else.
    """
    if isinstance(rendered, str) and rendered not in ("", str(None)):
        return _listed(rendered) if rendered.startswith("[") else [rendered]
    if isinstance(rendered, str) or not isinstance(rendered, Iterable):
        raise InvalidInputError(f"The operation-location is {rendered!r}: no job was submitted.")
    return [location for one in rendered for location in locations_in(one)]


def _listed(text: str) -> list[str]:
    try:
        listed = literal_eval(text)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        listed = None
    if not isinstance(listed, list) or not all(isinstance(location, str) for location in listed):
        raise InvalidInputError("The operation-location was rendered to a list that is not one of locations.")
    return listed
