"""What a task needs of the inputs that it is given, and would else leave out or invent without a word."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.protocol.inputs.conversations import Conversation
from airflow_provider_language.protocol.inputs.tasks import WireTask
from airflow_provider_language.protocol.surfaces import LEGACY_ANALYZE, Surface

_OF_ROLES = ("issue", "resolution")
"""The aspects of a call between an agent and a customer."""


def check_needs(surface: Surface, inputs: Sequence[object], tasks: Sequence[WireTask]) -> None:
    """Refuse tasks that cannot be honoured with these inputs, or in this family.

    Raises:
        InvalidInputError: a kind more than once where its family takes each once; times of the audio to
            silence of items whose words have none; or the issue of a call in which nobody has a role.
    """
    for task in tasks:
        if task.parameters.get("redactAudioTiming"):
            _check_timings(_conversations(inputs))
        aspects = task.parameters.get("summaryAspects")
        asked = [one for one in aspects if one in _OF_ROLES] if isinstance(aspects, list) else []
        if asked:
            _check_roles(_conversations(inputs), asked[0])
    if surface is LEGACY_ANALYZE:
        _check_once(tasks)


def _conversations(inputs: Sequence[object]) -> list[Conversation]:
    return [one for one in inputs if isinstance(one, Conversation)]


def _check_once(tasks: Sequence[WireTask]) -> None:
    twice = [kind for kind, times in Counter(task.kind for task in tasks).items() if times > 1]
    if twice:
        raise InvalidInputError(
            f"{LEGACY_ANALYZE.name} takes each kind once in a job, and {twice[0]} is there several times."
        )


def _check_timings(conversations: Iterable[Conversation]) -> None:
    for conversation in conversations:
        for item in conversation.items:
            transcribed = (item.modality or conversation.modality) == "transcript"
            if item.text.strip() and not (transcribed and item.word_level_timings):
                raise InvalidInputError(
                    f"redactAudioTiming needs word_level_timings of every item of a transcript, and item "
                    f"{item.id!r:.100} of conversation {conversation.id!r:.100} has none: what it says would "
                    "stay in the audio."
                )


def _check_roles(conversations: Iterable[Conversation], aspect: str) -> None:
    for conversation in conversations:
        if not any(item.role in {"agent", "customer"} for item in conversation.items):
            raise InvalidInputError(
                f"The aspect {aspect} needs the role agent or customer of the items, and nobody in "
                f"conversation {conversation.id!r:.100} has one."
            )
