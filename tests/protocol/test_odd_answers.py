"""An answer in which something is not what it should be is read, or refused by name, and nothing else."""

from __future__ import annotations

from typing import Any, TypeAlias

from hypothesis import given
from hypothesis import strategies as st

from airflow_provider_language.exceptions import IncompleteResultsError
from airflow_provider_language.protocol.jobs.results import rows_from
from airflow_provider_language.protocol.jobs.status import job_from
from airflow_provider_language.protocol.pacing.waits import told_duration
from airflow_provider_language.protocol.surfaces import SURFACES, Surface
from tests.protocol.answers import item, job_body

Place: TypeAlias = tuple[str | int, ...]

ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=4,
)


def whole() -> dict[str, Any]:
    """An answer in which every field that is read says something."""
    error = {"code": "a", "message": "b", "target": "#/tasks/items/0", "innererror": {"code": "c"}}
    task = item("a", ["1", "2"], errors=["3"], projectName="p", deploymentName="d")
    task["results"]["documents"][0].update(detectedLanguage={"iso6391Name": "en"}, warnings=[{"code": "w"}])
    body = job_body(
        items=[task],
        errors=[error],
        displayName="mine",
        results=task["results"],
        nextLink="https://host/x?top=1&skip=2",
    )
    return {**body, "@nextLink": "https://host/x?$top=1&$skip=2"}


def places(value: object, here: Place = ()) -> list[Place]:
    """The way to each value within another."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [here, *(place for name, one in inner for place in places(one, (*here, name)))]


def put(value: Any, place: Place, odd: object) -> Any:
    """A value with another in one place."""
    if not place:
        return odd
    head, *tail = place
    inner = value.copy()
    inner[head] = put(inner[head], tuple(tail), odd)
    return inner


@given(st.sampled_from(SURFACES), st.sampled_from(places(whole())[1:]), ODD)
def test_nothing_odd_in_an_answer_is_an_error_without_a_name(
    surface: Surface, place: Place, odd: object
) -> None:
    job = job_from(surface, put(whole(), place, odd))
    if job is None:
        assert place[0] in {"jobId", "status"}
        return
    told_duration(job)
    try:
        rows = rows_from([job])
    except IncompleteResultsError:
        return
    assert all(isinstance(row.language, str | None) for row in rows)
