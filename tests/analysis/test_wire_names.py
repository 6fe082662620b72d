"""Python's names and the service's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import pytest

from airflow_provider_language.analysis.wire_names import camel_case, to_wire


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


def test_a_class_is_not_mistaken_for_its_instance() -> None:
    assert to_wire(Inner) is Inner
