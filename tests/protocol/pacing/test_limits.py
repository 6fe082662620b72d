"""What the tiers allow, and what is a share of it."""

from __future__ import annotations

import pytest

from airflow_provider_language.protocol.pacing.limits import TIERS, Limits


def test_the_tiers_are_those_of_the_documentation() -> None:
    assert (TIERS["S"], TIERS["F0"]) == (Limits(1000, 1000), Limits(100, 300))


def test_a_share_is_a_part_of_the_limits_and_never_nothing() -> None:
    assert TIERS["F0"].share(0.5) == Limits(50, 150)
    assert TIERS["F0"].share(0.001) == Limits(1, 1)


@pytest.mark.parametrize("part", [0.0, -0.5, 1.1])
def test_a_share_that_is_none_is_refused(part: float) -> None:
    with pytest.raises(ValueError, match="share"):
        TIERS["S"].share(part)


def test_a_limit_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        Limits(0, 10)
