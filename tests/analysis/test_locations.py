"""Operation-locations are read out of whatever Airflow made of them: one, many, their text, or nothing."""

from __future__ import annotations

import json

import pytest
from jinja2 import Template

from airflow_provider_language.analysis.locations import locations_in
from airflow_provider_language.exceptions import InvalidInputError
from tests.analysis.answers import LOCATION

OTHER = LOCATION + "&x='\"\\"


def test_one_location_is_a_list_of_one() -> None:
    assert locations_in(LOCATION) == [LOCATION]


@pytest.mark.parametrize("many", [[], [LOCATION], (LOCATION, OTHER), [[LOCATION], OTHER]])
def test_many_locations_are_one_list_in_their_order(many: list[str]) -> None:
    assert locations_in(many) == [LOCATION, OTHER][: len(many)]


@pytest.mark.parametrize("locations", [[], [LOCATION], [LOCATION, OTHER]])
def test_a_list_that_jinja_rendered_is_that_list_again(locations: list[str]) -> None:
    text = Template("{{ locations }}").render(locations=locations)

    assert locations_in(text) == locations
    assert locations_in([text, text]) == locations * 2


def test_a_list_in_json_is_that_list_again() -> None:
    assert locations_in(json.dumps([LOCATION, OTHER])) == [LOCATION, OTHER]


@pytest.mark.parametrize("nothing", [None, "", "None", 7, [LOCATION, None]])
def test_nothing_is_refused_as_a_job_that_was_never_submitted(nothing: object) -> None:
    with pytest.raises(InvalidInputError, match="no job was submitted"):
        locations_in(nothing)


@pytest.mark.parametrize(
    "text", ["[", "[1]", "[None]", "[['https://a']]", "['a'] + ['b']", "[location]", "[" * 10_000]
)
def test_the_text_of_a_list_of_anything_else_is_refused(text: str) -> None:
    with pytest.raises(InvalidInputError, match="a list that is not one of locations"):
        locations_in(text)
