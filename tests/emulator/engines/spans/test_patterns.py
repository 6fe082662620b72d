"""The patterns of entities: what is skipped without a search would not have found anything."""

from __future__ import annotations

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from airflow_provider_language.emulator.engines.spans import english, patterns

CASES = [
    pytest.param(module.PATTERNS[kind], signs, id=kind)
    for module in (patterns, english)
    for kind, signs in module.SIGNS.items()
]


@pytest.mark.parametrize(("pattern", "signs"), CASES)
@settings(
    max_examples=100,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow],
)
@given(data=st.data())
def test_all_that_a_pattern_finds_has_one_of_its_signs(
    pattern: re.Pattern[str], signs: tuple[str, ...], data: st.DataObject
) -> None:
    matches = list(pattern.finditer(data.draw(st.from_regex(pattern))))
    assert matches, "else nothing was tried"
    for match in matches:
        assert any(sign in match.group() for sign in signs)
