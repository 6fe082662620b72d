"""The operation-locations that a task is given: one, many, or the text that a template made of many."""

from __future__ import annotations

from ast import literal_eval
from collections import Counter
from collections.abc import Iterable

from airflow_provider_language.exceptions import InvalidInputError

NOTHING = str(None)
"""What a template makes of the XCom of a task that was skipped."""


def locations_in(rendered: object) -> list[str]:
    """Operation-locations as a list, in whatever form Airflow rendered them.

    A template whose value is a list is rendered to the text of that list, unless the DAG sets
    ``render_template_as_native_obj``, which workers heed, and triggerers do not (Airflow 3.3.2).

    None in a list is the XCom of a task that was skipped, such as one of another branch; it is left out.

    Where a task was mapped over nothing, Airflow skips what depends on it, so that nobody asks. A task whose
    ``trigger_rule`` lets it run all the same is told that there are no jobs: an empty list looks the same
    where every submission failed, and that is no success.

    Args:
        rendered: one operation-location, many, or the text of a list of them, as Python or JSON writes it.

    Raises:
        InvalidInputError: there is nothing, such as the XCom of a task that was skipped, an empty map, or a
            list of nothing else; something else; or a job twice.
    """
    locations = _locations_in(rendered)
    if not locations:
        raise InvalidInputError(
            "The operation-location is an empty list, or one of tasks that were skipped: no job was "
            "submitted. After a task that is skipped, or mapped over nothing, Airflow skips this one, unless "
            "its trigger_rule is another than the default."
        )
    for place, times in Counter(location.partition("?")[0].casefold() for location in locations).items():
        if times > 1:
            raise InvalidInputError(f"The job {place.rpartition('/')[2]} is named {times} times.")
    return locations


def _locations_in(rendered: object) -> list[str]:
    if isinstance(rendered, str) and rendered.strip() not in ("", NOTHING):
        return _listed(rendered) if rendered.startswith("[") else [rendered]
    if isinstance(rendered, str) or not isinstance(rendered, Iterable):
        raise InvalidInputError(f"The operation-location is {rendered!r}: no job was submitted.")
    return [location for one in rendered if one not in (None, NOTHING) for location in _locations_in(one)]


def _listed(text: str) -> list[str]:
    try:
        listed = literal_eval(text)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        listed = None
    if not isinstance(listed, list) or not all(one is None or isinstance(one, str) for one in listed):
        raise InvalidInputError("The operation-location was rendered to a list that is not one of locations.")
    return [location for location in listed if location not in (None, NOTHING)]
