"""A connection whose service must not keep texts: every task asks for it, and none may say otherwise."""

from __future__ import annotations

import pytest

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.protocol.inputs.opting_out import opted_out
from airflow_provider_language.protocol.inputs.parameters import PARAMETERS
from airflow_provider_language.protocol.inputs.tasks import tasks_from
from airflow_provider_language.tasks import KeyPhraseExtraction, PiiEntityRecognition


def test_each_task_that_leaves_it_open_asks_for_it() -> None:
    tasks = tasks_from(
        ["EntityRecognition", KeyPhraseExtraction(), PiiEntityRecognition(logging_opt_out=True)]
    )

    asked = opted_out(tasks)

    assert [task.parameters["loggingOptOut"] for task in asked] == [True] * 3
    assert [task.name for task in asked] == [task.name for task in tasks]
    assert "loggingOptOut" not in tasks[0].parameters


@pytest.mark.parametrize(
    "task",
    [
        KeyPhraseExtraction(logging_opt_out=False),
        {"kind": "KeyPhraseExtraction", "parameters": {"logging_opt_out": "false"}},
    ],
)
def test_one_that_says_no_is_refused_by_its_name(task: object) -> None:
    with pytest.raises(InvalidInputError, match="'KeyPhraseExtraction' says logging_opt_out=False"):
        opted_out(tasks_from([task]))  # type: ignore[list-item]


def test_every_kind_of_every_family_has_the_parameter_in_all_versions_that_have_the_kind() -> None:
    having = [kinds[kind]["loggingOptOut"] for kinds in PARAMETERS.values() for kind in kinds]

    assert len({frozenset(versions) for versions in having}) == 1
