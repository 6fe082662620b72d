"""Operation-locations are read out of whatever Airflow made of them: one, many, their text, or nothing."""

from __future__ import annotations

import json

import pytest
from jinja2 import Template

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.protocol.jobs.locations import locations_in
from tests.protocol.answers import JOB_ID, LOCATION

OTHER = LOCATION.replace(JOB_ID, "other-job") + "&x='\"\\"


def test_one_location_is_a_list_of_one() -> None:
    assert locations_in(LOCATION) == [LOCATION]


@pytest.mark.parametrize("many", [[LOCATION], (LOCATION, OTHER), [[LOCATION], OTHER]])
def test_many_locations_are_one_list_in_their_order(many: list[str]) -> None:
    assert locations_in(many) == [LOCATION, OTHER][: len(many)]


@pytest.mark.parametrize("locations", [[LOCATION], [LOCATION, OTHER]])
def test_a_list_that_jinja_rendered_is_that_list_again(locations: list[str]) -> None:
    text = Template("{{ locations }}").render(locations=locations)

    assert locations_in(text) == locations
    assert locations_in([text, LOCATION.replace(JOB_ID, "third")])[:-1] == locations


def test_a_list_in_json_is_that_list_again() -> None:
    assert locations_in(json.dumps([LOCATION, OTHER])) == [LOCATION, OTHER]


@pytest.mark.parametrize(
    "joined",
    [[LOCATION, None], [None, [LOCATION]], str([None, LOCATION]), ["None", LOCATION], [[None], LOCATION]],
)
def test_the_branch_that_was_skipped_is_left_out(joined: object) -> None:
    assert locations_in(joined) == [LOCATION]


@pytest.mark.parametrize("skipped", [[None], [None, [None]], "[None]", ["None", None]])
def test_branches_that_were_all_skipped_submitted_no_job(skipped: object) -> None:
    with pytest.raises(InvalidInputError, match="tasks that were skipped: no job was submitted"):
        locations_in(skipped)


@pytest.mark.parametrize("nothing", [None, "", " ", "None", 7, [LOCATION, 7], [], (), "[]", [[], "[]"]])
def test_nothing_is_refused_as_a_job_that_was_never_submitted(nothing: object) -> None:
    with pytest.raises(InvalidInputError, match="no job was submitted"):
        locations_in(nothing)


@pytest.mark.parametrize(
    "text", ["[", "[1]", "[None, 1]", "[['https://a']]", "['a'] + ['b']", "[location]", "[" * 10_000]
)
def test_the_text_of_a_list_of_anything_else_is_refused(text: str) -> None:
    with pytest.raises(InvalidInputError, match="a list that is not one of locations"):
        locations_in(text)


@pytest.mark.parametrize(
    "twice",
    [
        [LOCATION, LOCATION],
        [OTHER, [LOCATION], str([LOCATION])],
        [LOCATION, LOCATION.partition("?")[0]],
        [LOCATION, LOCATION.upper()],
    ],
)
def test_a_job_that_is_named_twice_is_refused(twice: object) -> None:
    with pytest.raises(InvalidInputError, match=r"(?i)job b89699e5-.* is named 2 times"):
        locations_in(twice)
