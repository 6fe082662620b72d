"""Which fields mean something to which effect, and that all others are refused however a fault is ordered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_args

import pytest
import requests

from airflow_provider_language.emulator import Emulator, Fault
from airflow_provider_language.emulator.__main__ import parse_arguments
from airflow_provider_language.emulator.instruments.fault_effects import Effect

if TYPE_CHECKING:
    from collections.abc import Callable

# A value of each field that not every effect has, in Python and on the command line.
VALUES: dict[str, tuple[Any, str]] = {
    "after": (True, "true"),
    "status": (500, "500"),
    "retry_after": (0, "0"),
    "tasks": ((0,), "0"),
    "targets": (False, "false"),
}
MEANT: dict[str, set[str]] = {
    "throttled": {"retry_after"},
    "quota": {"retry_after"},
    "error": {"after", "status", "retry_after"},
    "lost": {"after"},
    "reset": {"after"},
    "truncated": set(),
    "page": {"after"},
    "slow": set(),
    "hang": {"after"},
    "fail-tasks": {"tasks", "targets"},
    "fail-job": {"targets"},
    "endless": set(),
    "expired": set(),
    "cancelled": set(),
}
# Means something to every effect.
COMMON: dict[str, Any] = {
    "nth": 2,
    "times": None,
    "lasts": 1.5,
    "probability": 0.5,
    "seed": 1,
    "seconds": 0.5,
}


def by_python(effect: Any, field: str, _: Emulator) -> str:
    with pytest.raises(ValueError, match=r".") as refused:
        Fault(effect, **{field: VALUES[field][0]})
    return str(refused.value)


def by_command_line(effect: str, field: str, _: Emulator) -> str:
    with pytest.raises(SystemExit) as refused:
        parse_arguments(["--fault", f"{effect},{field}={VALUES[field][1]}"])
    return str(refused.value.__context__)


def by_http(effect: str, field: str, emulator: Emulator) -> str:
    order = {"effect": effect, field: VALUES[field][0]}
    answer = requests.post(f"{emulator.endpoint}/_emulator/faults", json=order, timeout=30)
    assert answer.status_code == 400
    assert len(emulator.faults) == 0
    return str(answer.json()["error"])


def test_every_effect_is_spoken_of() -> None:
    assert tuple(MEANT) == get_args(Effect)


@pytest.mark.parametrize("way", [by_python, by_command_line, by_http])
@pytest.mark.parametrize("effect", MEANT)
def test_a_field_that_means_nothing_to_the_effect_is_refused_by_its_name(
    emulator: Emulator, effect: str, way: Callable[[str, str, Emulator], str]
) -> None:
    for field in VALUES.keys() - MEANT[effect]:
        assert f"'{field}' means nothing to '{effect}'" in way(effect, field, emulator)


@pytest.mark.parametrize("effect", MEANT)
def test_a_field_that_means_something_is_taken_in_every_way(emulator: Emulator, effect: Any) -> None:
    given = {field: VALUES[field][0] for field in MEANT[effect]}
    fault = Fault(effect, **given, **COMMON)
    words = [f"{field}={VALUES[field][1]}" for field in MEANT[effect]]
    words += ["nth=2", "times=all", "lasts=1.5", "probability=0.5", "seed=1", "seconds=0.5"]
    assert parse_arguments(["--fault", ",".join((effect, *words))]).fault == [fault]
    order = {"effect": effect, **given, **COMMON}
    answer = requests.post(f"{emulator.endpoint}/_emulator/faults", json=order, timeout=30)
    assert answer.status_code == 201
    assert [ordered.fault for ordered in emulator.faults] == [fault]


def test_all_fields_that_mean_nothing_are_named_in_one_sentence() -> None:
    with pytest.raises(ValueError, match=r"^'status' and 'tasks' mean nothing to 'lost'$"):
        Fault("lost", tasks=(3,), status=503)


@pytest.mark.parametrize("effect", MEANT)
def test_a_field_that_is_null_was_not_given(emulator: Emulator, effect: Any) -> None:
    order = {"effect": effect, "after": False, "status": None, "tasks": None, "targets": None}
    answer = requests.post(f"{emulator.endpoint}/_emulator/faults", json=order, timeout=30)
    assert answer.status_code == 201
    assert [ordered.fault for ordered in emulator.faults] == [Fault(effect)]
