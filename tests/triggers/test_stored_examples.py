"""What one release has stored, the next one reads, and the other way round: examples of each release.

A release adds its own examples to the files; those of earlier ones stay as they are.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from airflow_provider_language.exceptions import LanguageError, ServiceUnavailableError
from airflow_provider_language.get_provider_info import get_provider_info
from airflow_provider_language.protocol.jobs.outcomes import Outcome, Trouble, event_error, event_of
from airflow_provider_language.triggers.stored import StoredTrigger

STORED = Path(__file__).parent / "stored"
TRIGGERS: list[dict[str, Any]] = [
    json.loads(path.read_text()) for path in sorted(STORED.glob("*Trigger.json"))
]
EVENTS: dict[str, list[dict[str, Any]]] = json.loads((STORED / "events.json").read_text())["releases"]
LATER = {"of_a_later_release": {"with": ["more", 1, None]}}
each_trigger = pytest.mark.parametrize("stored", TRIGGERS, ids=lambda one: one["trigger"].rpartition(".")[2])
each_event = pytest.mark.parametrize(
    "told",
    [
        pytest.param(one, id=f"{release}-{one['told']}")
        for release, events in EVENTS.items()
        for one in events
    ],
)


def named(path: str) -> Any:
    module, _, name = path.rpartition(".")
    return getattr(import_module(module), name)


def made(stored: Mapping[str, Any], arguments: Mapping[str, Any]) -> StoredTrigger:
    trigger = named(stored["trigger"])(**arguments)
    assert isinstance(trigger, StoredTrigger)
    return trigger


def with_more(value: Any) -> Any:
    """A value of JSON as a later release may write it: each object has a field more."""
    if isinstance(value, dict) and "counts" not in value:
        return {**{name: with_more(one) for name, one in value.items()}, **LATER}
    if isinstance(value, dict):  # counts are jobs by state, and no fields
        return {**value, "troubles": [with_more(one) for one in value["troubles"]], **LATER}
    return value


def raised(event: object) -> str | None:
    error = event_error(event, allow_partial=False)
    return None if error is None else type(error).__name__


def test_each_trigger_that_airflow_may_have_stored_has_examples() -> None:
    modules = [name for one in get_provider_info()["triggers"] for name in one["python-modules"]]
    triggers = {
        f"{module}.{name}"
        for module in modules
        for name, value in vars(import_module(module)).items()
        if isinstance(value, type) and issubclass(value, StoredTrigger) and value.__module__ == module
    }

    assert {one["trigger"] for one in TRIGGERS} == triggers


@each_trigger
def test_the_trigger_of_each_release_is_made_of_what_it_has_stored(stored: dict[str, Any]) -> None:
    for arguments in stored["releases"].values():
        path, written = made(stored, arguments).serialize()

        assert path == stored["trigger"]
        assert written == {**stored["defaults"], **arguments}


@each_trigger
def test_what_this_release_stores_is_in_the_examples(stored: dict[str, Any]) -> None:
    newest = list(stored["releases"].values())[-1]

    assert set(newest) == {*stored["necessary"], *stored["defaults"]}
    assert not [name for name, value in stored["defaults"].items() if newest[name] == value]


@each_trigger
def test_what_another_release_does_not_say_has_its_default(stored: dict[str, Any]) -> None:
    newest = list(stored["releases"].values())[-1]
    necessary = {name: newest[name] for name in stored["necessary"]}

    _, written = made(stored, necessary).serialize()
    assert written == {**necessary, **stored["defaults"]}


@each_trigger
def test_what_a_later_release_says_of_a_trigger_is_left_out(stored: dict[str, Any]) -> None:
    newest = list(stored["releases"].values())[-1]

    assert made(stored, {**newest, **LATER}).serialize() == made(stored, newest).serialize()


@each_trigger
def test_the_methods_by_which_a_task_is_resumed_keep_their_names(stored: dict[str, Any]) -> None:
    for path, method in stored["resumes"].items():
        assert callable(getattr(named(path), method))


@each_event
def test_the_event_of_each_release_means_what_it_meant(told: dict[str, Any]) -> None:
    assert raised(told["event"]) == told["raises"]


@each_event
def test_what_a_later_release_says_in_an_event_is_left_out(told: dict[str, Any]) -> None:
    assert with_more(told["event"]) != told["event"]
    assert raised(with_more(told["event"])) == told["raises"]


@pytest.mark.parametrize("name", ["troubles", "facts", "message"])
def test_what_an_event_can_do_without_may_be_missing(name: str) -> None:
    for told in list(EVENTS.values())[-1]:
        event = {key: value for key, value in told["event"].items() if key != name}
        if "outcome" in event:
            event["outcome"] = {key: value for key, value in event["outcome"].items() if key != name}

        assert raised(event) == told["raises"]


def test_this_release_writes_events_as_the_examples_have_them() -> None:
    well, failed, _, given_up = (one["event"] for one in list(EVENTS.values())[-1])
    trouble = Trouble("job-2", "FAILED", "InvalidRequest", "The language is not known.")
    facts: dict[str, Any] = {"status": 503, "code": "ServiceUnavailable", "request_id": "r-1"}
    error: LanguageError = ServiceUnavailableError(given_up["message"], job_id="job-1", **facts)

    assert event_of(Outcome({"SUCCEEDED": 2}, ())) == well
    assert event_of(Outcome({"SUCCEEDED": 1, "FAILED": 1}, (trouble,))) == failed
    assert event_of(error) == given_up
