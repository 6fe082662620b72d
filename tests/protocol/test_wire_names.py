"""Python's names and the service's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from typing import Any, ClassVar

import pytest

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.protocol.wire_names import camel_case, in_order, to_wire


@dataclass(frozen=True)
class Inner:
    wire_constants: ClassVar[Mapping[str, str]] = {"policyKind": "inner"}
    unmask_length: int | None = None


@dataclass(frozen=True)
class Outer:
    entity_types: Sequence[str] | None = None
    inner: Inner | Mapping[str, Any] | None = None
    flag: bool | None = None


@pytest.mark.parametrize(
    ("python", "wire"),
    [("domain", "domain"), ("redaction_character", "redactionCharacter"), ("a_b_c", "aBC")],
)
def test_snake_case_becomes_camel_case(python: str, wire: str) -> None:
    assert camel_case(python) == wire


def test_none_is_left_out_and_false_and_zero_are_not() -> None:
    assert to_wire(Outer(flag=False, inner=Inner(unmask_length=0))) == {
        "inner": {"policyKind": "inner", "unmaskLength": 0},
        "flag": False,
    }


def test_an_empty_list_is_sent() -> None:
    assert to_wire(Outer(entity_types=[])) == {"entityTypes": []}


@pytest.mark.parametrize("values", [["b", "a"], ("b", "a")])
def test_lists_keep_their_order(values: Sequence[str]) -> None:
    assert to_wire(values) == ["b", "a"]


@pytest.mark.parametrize("values", [{"b", "a"}, frozenset({"b", "a"})])
def test_sets_are_sorted_so_that_the_same_task_is_the_same_request(values: Any) -> None:
    assert to_wire(values) == ["a", "b"]


def test_a_dict_keeps_its_names_and_may_hold_typed_values() -> None:
    assert to_wire({"some_name": [Inner(unmask_length=1)]}) == {
        "some_name": [{"policyKind": "inner", "unmaskLength": 1}]
    }


class Colour(str, Enum):
    RED = "red"


class LazySequence(Sequence[str]):
    """A result of ``.map()``, as Airflow gives it: each member is asked for by its place, and no slice is."""

    def __len__(self) -> int:
        return 2

    def __getitem__(self, place: Any) -> Any:
        if place >= len(self):
            raise IndexError(place)
        return "ab"[place]


def test_what_stands_for_json_becomes_json() -> None:
    values = {
        "colour": Colour.RED,
        "lazy": LazySequence(),
        "half": Fraction(1, 2),
        "keys": KEYS,
    }

    wire = to_wire(values)

    assert wire == {"colour": "red", "lazy": ["a", "b"], "half": 0.5, "keys": ["a", "b"]}
    assert type(wire["colour"]) is str


KEYS = {"b": 1, "a": 2}.keys()
CIRCLE: list[Any] = []
CIRCLE.append({"again": CIRCLE})


def _wide(floors: int) -> list[Any]:
    value: list[Any] = []
    for _ in range(floors):
        value = [value] * 10
    return value


def _deep(floors: int) -> list[Any]:
    value: list[Any] = []
    for _ in range(floors):
        value = [value]
    return value


@pytest.mark.parametrize(
    ("value", "why"),
    [
        (Inner, "is a type, which is not JSON"),
        ({"of": [object()]}, r"The value.of\[0\] is a object"),
        (b"bytes", "is a bytes"),
        (bytearray(b"bytes"), "is a bytearray"),
        (iter("ab"), "which is not JSON"),
        (float("nan"), "is nan, which is no number in JSON"),
        ([float("-inf")], "is -inf"),
        (2**63, "more than 64 bits"),
        ({1: "a"}, "A name in The value is a int, not a string"),
        ({"\ud800": "a"}, "A name in The value is not valid Unicode"),
        ("a\ud800", "The value is not valid Unicode at character 1"),
        (CIRCLE, "holds itself"),
        (_deep(100_000), "nested deeper than 32 times"),
        (_wide(30), "more than 20000 values"),
    ],
)
def test_what_is_not_json_is_refused_with_its_place(value: Any, why: str) -> None:
    with pytest.raises(InvalidInputError, match=why):
        to_wire(value)


@pytest.mark.parametrize(
    "value", [{"b", "a"}, [{"b", "a"}], {"of": ({"b", "a"},)}], ids=["set", "list", "dict"]
)
def test_sets_become_tuples_in_order_wherever_they_are(value: Any) -> None:
    assert repr(in_order(value)) == repr(value).replace(repr({"b", "a"}), "('a', 'b')")


def test_members_of_several_types_have_an_order_too() -> None:
    assert in_order({"1", 1, frozenset({2})}) == (frozenset({2}), 1, "1")


def test_what_holds_itself_or_is_wide_is_put_in_order_without_end_or_delay() -> None:
    assert in_order(CIRCLE)[0]["again"] is CIRCLE
    assert len(in_order(_wide(30))) == 10
    assert in_order(_deep(100_000)) != []
