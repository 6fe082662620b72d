"""Plays each scenario; see the modules that `cast` names for what they promise."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.chaos.scenarios import PLAYED, Performance

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.system


def test_the_promise_is_kept(
    performance: Performance,
    airflow: str,
    play: Callable[[Performance], None],
    record_property: Callable[[str, object], None],
) -> None:
    record_property(PLAYED, (performance.scenario.promise, airflow))

    play(performance)
