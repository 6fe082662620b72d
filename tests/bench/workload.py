"""What the benchmark of the emulator sends: documents and conversations of one KB, and jobs of them."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

SIZE = 1_000
"""Characters of a document, or of a conversation."""

_SENTENCES = (
    "{name} of Contoso wrote from {place} on {day} May 2024.",
    "The coffee machine was great, but the grinder is too loud.",
    "Please refund the {number} euros to card 4111 1111 1111 1111.",
    "Call me back at +1 425 555 01{day} or write to office{number}@example.com.",
    "The patient takes {number} mg ibuprofen twice a day for headaches.",
    "No history of diabetes; blood pressure was 130/85 this morning.",
    "The courier left the parcel at the wrong address again.",
    "Our meeting in {place} was moved from Monday to next Thursday.",
    "The hotel in {place} was clean and the staff attentive.",
    "Order AB-{number} never arrived, and {name} does not answer the phone.",
    "Microsoft opened a new office in {place} with {number} employees.",
    "The invoice shows an amount that we never agreed to pay.",
    "I waited {day} minutes for a soup that was cold and bland.",
    "Dr. {name} prescribed metformin after the last visit.",
    "You can find the manual at https://www.example.com/manual.",
    "The warranty covers spare parts for two years, they told me.",
    "Its battery lasts nine hours, three more than the old model.",
    "We will send you a new one tomorrow, I am sorry for the delay.",
)
_NAMES = ("Maria Garcia", "John Smith", "Anna Miller", "Olga Schmidt", "Peter Jones", "Wei Chen")
_PLACES = ("Seattle", "Berlin", "Madrid", "Toronto", "Paris", "Vienna", "Osaka", "Nairobi")
_ASPECTS = ["issue", "resolution", "chapterTitle", "narrative"]
_DEPLOYED = {"deploymentName": "production"}
TEXT_TASKS: Mapping[str, Mapping[str, Any]] = {
    "AbstractiveSummarization": {},
    "CustomEntityRecognition": {"projectName": "support-entities", **_DEPLOYED},
    "CustomMultiLabelClassification": {"projectName": "support-concerns", **_DEPLOYED},
    "CustomSingleLabelClassification": {"projectName": "support-topic", **_DEPLOYED},
    "EntityLinking": {},
    "EntityRecognition": {},
    "ExtractiveSummarization": {},
    "Healthcare": {},
    "KeyPhraseExtraction": {},
    "PiiEntityRecognition": {},
    "SentimentAnalysis": {"opinionMining": True},
}
"""Every kind of texts with its parameters."""
CONVERSATION_TASKS: Mapping[str, Mapping[str, Any]] = {
    "ConversationalPIITask": {},
    "ConversationalSentimentTask": {},
    "ConversationalSummarizationTask": {"summaryAspects": _ASPECTS},
    "CustomConversationalSummarizationTask": {
        "summaryAspects": _ASPECTS,
        "projectName": "support-summaries",
        **_DEPLOYED,
    },
}
"""Every kind of conversations with its parameters."""
KINDS = (*TEXT_TASKS, *CONVERSATION_TASKS)
"""Every kind."""

_TEXTS = "/language/analyze-text/jobs?api-version=2026-05-01"
# The newest version that has all kinds of conversations.
_CONVERSATIONS = "/language/analyze-conversations/jobs?api-version=2023-11-15-preview"
_MOST = 25


@dataclass(frozen=True)
class Job:
    """A job to submit.

    Attributes:
        path: Where.
        body: What.
        results: Its inputs times its tasks.
    """

    path: str
    body: Mapping[str, Any]
    results: int


def text(seed: int, size: int = SIZE) -> str:
    """Return English sentences of so many characters, others for each seed."""
    drawn = random.Random(seed)  # noqa: S311 - no secret; the same texts on every run
    sentences: list[str] = []
    while sum(map(len, sentences)) < size:
        sentence = drawn.choice(_SENTENCES).format(
            name=drawn.choice(_NAMES),
            place=drawn.choice(_PLACES),
            day=drawn.randint(10, 28),
            number=drawn.randint(100, 9999),
        )
        sentences.append(f"{sentence} ")
    return "".join(sentences)[:size]


def conversation(seed: int, size: int = SIZE) -> dict[str, Any]:
    """Return a transcript in all its forms, of which each has so many characters."""
    said = text(seed, size)
    turns = [said[start : start + 200] for start in range(0, size, 200)]
    return {
        "id": str(seed),
        "language": "en",
        "modality": "transcript",
        "conversationItems": [
            {
                "id": str(place),
                "participantId": role,
                "role": role,
                "text": turn,
                "lexical": turn.lower(),
                "itn": turn.lower(),
                "maskedItn": turn.lower(),
            }
            for place, turn in enumerate(turns)
            for role in [("customer", "agent")[place % 2]]
        ],
    }


def jobs(kinds: Sequence[str], inputs: int, first: int = 0) -> list[Job]:
    """Return jobs that put some kinds on so many documents or conversations each.

    Args:
        kinds: Of texts, conversations or both.
        inputs: At most 25, so that the kinds of texts fit into one job. Personal data of conversations take
            a job for each conversation (Data and rate limits).
        first: The seed of the first of them. What was analysed a moment ago costs less (`entities.find`).
    """
    if inputs > _MOST:
        raise ValueError(f"A job takes {_MOST} documents at most.")
    texts = {kind: TEXT_TASKS[kind] for kind in kinds if kind in TEXT_TASKS}
    single = {kind: CONVERSATION_TASKS[kind] for kind in kinds if kind == "ConversationalPIITask"}
    talks = {
        kind: CONVERSATION_TASKS[kind] for kind in kinds if kind in CONVERSATION_TASKS and kind not in single
    }
    seeds = range(first, first + inputs)
    documents = [{"id": str(seed), "language": "en", "text": text(seed)} for seed in seeds]
    conversations = [conversation(seed) for seed in seeds]
    found = [_job(_TEXTS, {"documents": documents}, texts, inputs)] if texts else []
    found += [_job(_CONVERSATIONS, {"conversations": conversations}, talks, inputs)] if talks else []
    if single:
        found += [_job(_CONVERSATIONS, {"conversations": [each]}, single, 1) for each in conversations]
    return found


def _job(path: str, inputs: Mapping[str, Any], tasks: Mapping[str, Mapping[str, Any]], count: int) -> Job:
    described = [{"kind": kind, "parameters": dict(parameters)} for kind, parameters in tasks.items()]
    return Job(path, {"analysisInput": inputs, "tasks": described}, count * len(tasks))
