"""A redaction policy says one thing, is refused where it says none, and has a digest of what it says."""

from __future__ import annotations

import json
from typing import Any

import pytest

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.protocol.redaction.policies import policy_from
from airflow_provider_language.protocol.redaction.ways import Way
from tests.protocol.redaction.policies import CATEGORIES, SAID, policy


def test_a_policy_is_told_as_it_is_read() -> None:
    read = policy_from({**SAID, "name": " tickets "})
    assert policy_from(json.loads(json.dumps(read.told()))) == read
    assert read.told()["name"] == "tickets"


def test_a_category_that_is_not_named_has_the_default() -> None:
    read = policy({"way": "mask", "character": "█"}, Person="category")
    assert read.way("Person") == Way("category")
    assert read.way("Age") == read.way("OfTomorrow") == Way("mask", "█")


def test_the_digest_is_of_what_a_policy_says_and_not_of_how_it_is_written() -> None:
    read = policy_from(SAID)
    written_otherwise = {
        "categories": dict(reversed(SAID["categories"].items())),
        "default": {"way": "mask", "character": "*"},
        "version": 1,
    }
    assert policy_from(written_otherwise).digest == read.digest
    assert len(read.digest) == 64
    others = [
        {**SAID, "name": "other"},
        {**SAID, "default": "remove"},
        {**SAID, "categories": {**SAID["categories"], "Age": "mask"}},
    ]
    assert len({read.digest, *(policy_from(one).digest for one in others)}) == 4


def test_a_policy_is_bound_to_its_digest_over_releases() -> None:
    assert policy_from({"version": 1, "default": "mask"}).digest == (
        "38ef8f247f19a57908f713826ca5493703fd23f0a7b4dc10662cf445a04ef679"
    )


@pytest.mark.parametrize(
    ("ways", "needs"), [({}, False), ({"Person": "pseudonym"}, True), ({"Person": "category"}, False)]
)
def test_a_policy_with_pseudonyms_needs_a_key(ways: dict[str, Any], needs: bool) -> None:
    assert policy(**ways).needs_key is needs
    assert policy("pseudonym").needs_key


SECOND = {**SAID, "second_pass": {"categories": ["PhoneNumber", "Person", "Person"], "shortest": 3}}


def test_what_a_policy_says_of_the_second_pass_is_part_of_it() -> None:
    read = policy_from(SECOND)
    assert policy_from(json.loads(json.dumps(read.told()))) == read
    assert read.told()["second_pass"] == {
        "categories": ["Person", "PhoneNumber"],
        "shortest": 3,
        "confidence": 0.8,
        "misses_per_finding": 10,
    }
    assert "categories" not in policy_from({**SAID, "second_pass": {}}).told()["second_pass"]
    assert policy_from(SAID).digest != policy_from({**SAID, "second_pass": {}}).digest != read.digest


def test_a_second_pass_looks_for_what_is_named_or_else_for_what_has_a_pseudonym() -> None:
    named, plain = policy_from(SECOND), policy_from(SAID)
    assert [one for one in CATEGORIES if named.is_looked_for(one)] == ["Person", "PhoneNumber"]
    assert [one for one in CATEGORIES if plain.is_looked_for(one)] == ["Person"]
    assert policy("pseudonym").is_looked_for("Age")
    assert (named.has_looked_for, plain.has_looked_for, policy("mask").has_looked_for) == (True, True, False)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ([], "second_pass of the redaction policy is a list"),
        ({"shrotest": 4}, "no 'shrotest'.*did you mean shortest"),
        ({"categories": []}, "no list of categories"),
        ({"categories": "Person"}, "no list of categories"),
        ({"categories": ["Persn"]}, "'Persn', which is no category.*did you mean Person"),
        ({"categories": [["Person"]]}, "which is no category"),
        ({"categories": ["Organization"]}, "has Organization, which the redaction policy leaves"),
        ({"shortest": 0}, "shortest is 0 instead of a whole number of at least 1"),
        ({"shortest": 2.0}, "shortest is 2.0"),
        ({"misses_per_finding": -1}, "misses_per_finding is -1 .* at least 0"),
        ({"misses_per_finding": True}, "misses_per_finding is True"),
        ({"confidence": 1.1}, "confidence is 1.1 instead of 0 to 1"),
        ({"confidence": True}, "confidence is True"),
        ({"confidence": "0.5"}, "confidence is '0.5'"),
    ],
)
def test_what_says_nothing_of_a_second_pass_is_refused(said: Any, told: str) -> None:
    with pytest.raises(InvalidInputError, match=told):
        policy_from({**SAID, "second_pass": said})


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ([], "is an object, and this is a list"),
        ({"version": 1, "defualt": "mask"}, "no 'defualt'.*did you mean default?"),
        ({"default": "mask"}, "version None; this release knows 1"),
        ({"version": 2, "default": "mask"}, "version 2; this release knows 1"),
        ({"version": True, "default": "mask"}, "version True"),
        ({"version": 1}, "has no default"),
        ({"version": 1, "default": "masked"}, "default is 'masked'.*did you mean mask?"),
        ({"version": 1, "default": None}, "default is None"),
        ({"version": 1, "default": ["mask"]}, r"default is \['mask'\]"),
        ({"version": 1, "default": {"way": "mask", "charakter": "#"}}, "did you mean character?"),
        ({"version": 1, "default": {"way": "remove", "character": "#"}}, "remove takes no option"),
        ({"version": 1, "default": {"way": "mask", "character": "ab"}}, "default.character is 'ab'"),
        ({"version": 1, "default": {"way": "mask", "character": "x"}}, "one punctuation mark"),
        ({"version": 1, "default": {"way": "mask", "character": 7}}, "default.character is 7"),
        ({"version": 1, "default": "keep_last"}, "default.characters is 0"),
        ({"version": 1, "default": {"way": "keep_last", "characters": True}}, "characters is True"),
        ({"version": 1, "default": {"way": "keep_last", "characters": "4"}}, "characters is '4'"),
        ({"version": 1, "default": "mask", "categories": []}, "categories .* is a list"),
        ({"version": 1, "default": "mask", "categories": {"Persn": "mask"}}, "did you mean Person"),
        ({"version": 1, "default": "mask", "categories": {"SSN": "mask"}}, "USSocialSecurityNumber"),
        ({"version": 1, "default": "mask", "categories": {"All": "mask"}}, "'All'"),
        ({"version": 1, "default": "mask", "categories": {1: "mask"}}, "names 1"),
        ({"version": 1, "default": "mask", "categories": {"Person": "msk"}}, "categories.Person is 'msk'"),
        ({"version": 1, "default": "mask", "name": "two\nlines"}, "one line"),
        ({"version": 1, "default": "mask", "name": 7}, "one line"),
        ({"version": 1, "default": "mask", "name": " "}, "one line"),
        ({"version": 1, "default": "pseudonym", "reversible": "no"}, "reversible is 'no'"),
        ({"version": 1, "default": "mask", "reversible": True}, "no pseudonym to reveal"),
    ],
)
def test_what_is_no_policy_is_refused_with_what_could_be_meant(said: Any, told: str) -> None:
    with pytest.raises(InvalidInputError, match=told):
        policy_from(said)


def test_a_policy_without_categories_is_one() -> None:
    assert policy_from({"version": 1, "default": "mask", "categories": None}).categories == ()


def test_a_policy_that_is_reversible_says_so_and_is_another_one() -> None:
    said = {"version": 1, "default": "pseudonym"}
    reversible = policy_from({**said, "reversible": True})
    assert policy_from(reversible.told()) == reversible
    assert reversible.digest != policy_from(said).digest == policy_from({**said, "reversible": False}).digest
