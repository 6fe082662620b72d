"""Parameters and inputs that nobody means: each is sent as JSON, or refused in our own words, at once."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.protocol.inputs.families import inputs_from
from airflow_provider_language.protocol.inputs.parameters import PARAMETERS
from airflow_provider_language.protocol.inputs.submissions import Submission
from airflow_provider_language.protocol.inputs.tasks import TASK_CLASSES, tasks_from
from airflow_provider_language.protocol.surfaces import (
    ANALYZE_CONVERSATIONS,
    ANALYZE_DOCUMENTS,
    ANALYZE_TEXT,
    Surface,
)
from airflow_provider_language.protocol.wire_names import in_order
from tests.draws import draws

MUTANTS = 2_000
LONGEST = 10.0
"""Seconds of the processor for one mutant, which takes a millisecond: more is a hang."""

CIRCLE: list[Any] = []
CIRCLE.append(CIRCLE)
SHARED: list[Any] = []
for _ in range(30):
    SHARED = [SHARED] * 10

ODD: list[Callable[[], Any]] = [
    object,
    lambda: None,
    lambda: float("nan"),
    lambda: float("-inf"),
    lambda: 10**400,
    lambda: -1,
    lambda: True,
    lambda: b"bytes",
    lambda: "\ud800",
    lambda: "a\0b",
    lambda: "None",
    lambda: "9" * 5000,
    lambda: "{{ template }}",
    lambda: CIRCLE,
    lambda: SHARED,
    lambda: {1: 2, None: 3},
    lambda: {"b", "a", 1},
    lambda: frozenset({("a",), 2}),
    lambda: iter("ab"),
    lambda: range(3),
    lambda: Decimal("1.5"),
    lambda: date(2026, 5, 1),
    lambda: ValueError,
    dict,
    list,
    lambda: complex(1, 2),
]
GOOD: dict[str, Any] = {
    "piiCategories": ["Email"],
    "redactionPolicies": [{"policyKind": "characterMask", "entityTypes": ["Person"], "isDefault": True}],
    "entitySynonyms": [{"entityType": "Email", "synonyms": [{"synonym": "mail", "language": "en"}]}],
    "confidenceScoreThreshold": {"default": 0.5, "overrides": [{"entity": "Email", "value": 1}]},
    "sentenceCount": 3,
    "opinionMining": True,
    "summaryAspects": ["narrative"],
    "projectName": "p",
    "deploymentName": "d",
    "domain": "phi",
    "modelVersion": "latest",
}
INPUTS: dict[str, tuple[Surface, list[Any]]] = {
    "texts": (ANALYZE_TEXT, [{"id": "1", "text": "a", "language": "en"}, {"text": "b"}]),
    "conversations": (
        ANALYZE_CONVERSATIONS,
        [
            {
                "id": "1",
                "modality": "transcript",
                "domain": "finance",
                "conversationItems": [
                    {
                        "id": "1",
                        "participantId": "p",
                        "text": "a",
                        "role": "agent",
                        "lexical": "a",
                        "itn": "a",
                        "maskedItn": "a",
                        "wordLevelTimings": [{"word": "a", "offset": 1, "duration": 2}],
                        "conversationItemLevelTiming": {"offset": 1, "duration": 2},
                    }
                ],
            }
        ],
    ),
    "native documents": (
        ANALYZE_DOCUMENTS,
        [{"id": "1", "source": "https://a/b", "target": {"kind": "AzureBlob", "location": "https://a/c"}}],
    ),
}


def mutant(draw: random.Random, value: Any) -> Any:
    """The value with something in it that is odd, missing, doubled, or misspelt."""
    if isinstance(value, dict) and value and draw.random() < 0.8:
        name = draw.choice(list(value))
        changed = {**value, name: mutant(draw, value[name])}
        how = draw.random()
        if how < 0.1:
            del changed[name]
        elif how < 0.2:
            changed[draw.choice([name.upper(), name + "s", "_" + name, "new_name", 7])] = changed[name]
        return changed
    if isinstance(value, list) and value and draw.random() < 0.8:
        place = draw.randrange(len(value))
        changed_list = [*value[:place], mutant(draw, value[place]), *value[place + 1 :]]
        return changed_list * draw.choice([1, 1, 2]) if draw.random() < 0.9 else tuple(changed_list)
    return draw.choice(ODD)()


def tasks_of(draw: random.Random, surface: Surface, version: str) -> list[Any]:
    kind = draw.choice(sorted(surface.kinds[version]))
    known = [name for name in PARAMETERS[surface.name][kind] if name in GOOD]
    needed = ["projectName", "deploymentName", "summaryAspects"]
    said = {name: GOOD[name] for name in known if name in needed or draw.random() < 0.7}
    return [{"kind": kind, "taskName": "t", "parameters": said}]


def refused(attempt: Callable[[], bytes]) -> bool:
    """Whether it is refused; what is not, is JSON."""
    begun = time.process_time()
    try:
        body = attempt()
    except InvalidInputError as error:
        str(error).encode()
        return True
    finally:
        assert time.process_time() - begun < LONGEST
    json.loads(body)
    return False


@pytest.mark.parametrize("family", INPUTS)
def test_odd_parameters_and_inputs_are_sent_as_json_or_refused_in_our_own_words(family: str) -> None:
    surface, inputs = INPUTS[family]
    ends = []
    for seed in range(draws(MUTANTS)):
        draw = random.Random(f"{family} {seed}")  # noqa: S311 - the same mutants each time
        version = draw.choice(sorted(surface.kinds))
        tasks, given = tasks_of(draw, surface, version), inputs
        if draw.random() < 0.7:
            tasks = mutant(draw, tasks)
        else:
            given = mutant(draw, given)

        def attempt(tasks: Any = tasks, given: Any = given, version: str = version) -> bytes:
            one = Submission(inputs_from(given), tasks_from(in_order(tasks)), version)
            return json.dumps(one.to_request().body, allow_nan=False, ensure_ascii=False).encode()

        ends.append(refused(attempt))
    assert set(ends) == {True, False}


def test_odd_typed_tasks_are_sent_as_json_or_refused_in_our_own_words() -> None:
    for seed in range(draws(MUTANTS)):
        draw = random.Random(seed)  # noqa: S311 - the same mutants each time
        class_ = TASK_CLASSES[draw.choice(sorted(TASK_CLASSES))]
        names = [name for name in class_.__dataclass_fields__ if name != "kind"]
        said: dict[str, Any] = {name: mutant(draw, "x") for name in names if draw.random() < 0.3}
        said |= {
            name: "x" for name in ("project_name", "deployment_name", "summary_aspects") if name in names
        }

        def attempt(class_: Any = class_, said: Any = said) -> bytes:
            task = class_(**said)
            (wire,) = tasks_from([task])
            return json.dumps(wire.to_wire(), allow_nan=False, ensure_ascii=False).encode()

        refused(attempt)
