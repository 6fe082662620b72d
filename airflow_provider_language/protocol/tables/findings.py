"""What was found in one document, kind by kind, as records of tables.

Of entities, of which there are most, each field is asked for by itself: that takes half the time of a loop.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeAlias

from airflow_provider_language.protocol.json_values import (
    JsonObject,
    JsonValue,
    encoded,
    object_or_empty,
    objects_in,
)
from airflow_provider_language.protocol.tables import schema
from airflow_provider_language.protocol.tables.schema import Table

Finding: TypeAlias = "tuple[Table, list[tuple[Any, ...]]]"
"""A table, and records of it without their key: what stands in the row, of whatever type."""

_ASSESSMENT = re.compile(r"#/result/sentences/([0-9]{1,9})/assessments/([0-9]{1,9})")
_ENTITY = re.compile(r"#/result/entities/([0-9]{1,9})")
_ASSERTED = ("certainty", "conditionality", "association", "temporality")
_NOTHING_ASSERTED = (None,) * (1 + len(_ASSERTED))
_SPAN = ("offset", "length")
_MATCH_FIELDS = ("text", *_SPAN, "confidenceScore")
_LINK_FIELDS = ("name", "dataSource", "id", "url", "language", "bingId")
_RELATION_FIELDS = ("relationType", "confidenceScore")
_SENTIMENTS = ("positive", "neutral", "negative")


def findings(kind: str, result: JsonObject) -> Iterator[Finding]:
    """The records of a result; none of a kind that this release does not know.

    Args:
        kind: of the task.
        result: of a row that is ok, whose references are to places of the row.
    """
    if "source" in result:
        return _files(result)
    return _READERS.get(kind, _nothing)(result)


def _nothing(_: JsonObject) -> Iterator[Finding]:
    return iter(())


def _files(result: JsonObject) -> Iterator[Finding]:
    """Of a native document; its findings are in the files."""
    source = object_or_empty(result["source"]).get("location")
    files = objects_in(result.get("target")) or objects_in(result.get("targets"))
    yield schema.TARGETS, [(source, one.get("kind"), one.get("location")) for one in files]


def _scores(holder: JsonObject) -> Iterator[JsonValue]:
    """The confidence in each sentiment; targets and assessments have no neutral one."""
    return map(object_or_empty(holder.get("confidenceScores")).get, _SENTIMENTS)


def _sentiment(result: JsonObject) -> Iterator[Finding]:
    yield schema.SENTIMENT, [(result.get("sentiment"), *_scores(result))]
    sentences = objects_in(result.get("sentences"))
    fields = ("text", *_SPAN, "sentiment")
    yield (
        schema.SENTENCES,
        [(place, *map(one.get, fields), *_scores(one)) for place, one in enumerate(sentences)],
    )
    yield (
        schema.OPINIONS,
        [
            (place, *_judged(target), *_judged(assessment), assessment.get("isNegated"))
            for place, sentence in enumerate(sentences)
            for target in objects_in(sentence.get("targets"))
            for assessment in _assessments(target, sentences) or ({},)
        ],
    )


def _judged(said: JsonObject) -> Iterator[JsonValue]:
    """Of a target, or of an assessment."""
    return map(said.get, ("text", "sentiment", *_SPAN))


def _assessments(target: JsonObject, sentences: Sequence[JsonObject]) -> list[JsonObject]:
    """What is said of a target, by its references."""
    found: list[JsonObject] = []
    for relation in objects_in(target.get("relations")):
        place = _place(_ASSESSMENT, relation.get("ref"))
        if place is None or place[0] >= len(sentences):
            continue
        of_sentence = objects_in(sentences[place[0]].get("assessments"))
        found.extend(of_sentence[place[1] : place[1] + 1])
    return found


def _place(pattern: re.Pattern[str], reference: JsonValue) -> tuple[int, ...] | None:
    match = pattern.fullmatch(reference) if isinstance(reference, str) else None
    return tuple(map(int, match.groups())) if match else None


def _entities(result: JsonObject) -> Iterator[Finding]:
    entities = objects_in(result.get("entities"))
    yield (
        schema.ENTITIES,
        [
            (
                *(place, get("text"), get("category"), get("subcategory"), get("type")),
                *(get("offset"), get("length"), get("confidenceScore")),
                *_asserted(entities[place]),
            )
            for place, get in enumerate([one.get for one in entities])
        ],
    )


def _asserted(entity: JsonObject) -> tuple[JsonValue, ...]:
    if "name" not in entity and "assertion" not in entity:
        return _NOTHING_ASSERTED
    return entity.get("name"), *map(object_or_empty(entity.get("assertion")).get, _ASSERTED)


def _health(result: JsonObject) -> Iterator[Finding]:
    yield from _entities(result)
    entities = objects_in(result.get("entities"))
    yield (
        schema.ENTITY_LINKS,
        [
            (place, entity.get("name"), *_source_of(link), *map(entity.get, ("text", *_SPAN)), None)
            for place, entity in enumerate(entities)
            for link in objects_in(entity.get("links"))
        ],
    )
    yield (
        schema.RELATIONS,
        [
            (place, *map(relation.get, _RELATION_FIELDS), one.get("role"), *_referred(one, entities))
            for place, relation in enumerate(objects_in(result.get("relations")))
            for one in objects_in(relation.get("entities"))
        ],
    )
    bundles: list[tuple[JsonValue, JsonValue]] = (
        [(result["fhirBundle"], None)] if result.get("fhirBundle") else []
    )
    pieces = objects_in(result.get("fhirBundles"))
    bundles += [(one.get("fhirBundle"), one.get("piece")) for one in pieces]
    yield schema.FHIR_BUNDLES, [(encoded(bundle).decode(), piece) for bundle, piece in bundles]


def _source_of(link: JsonObject) -> tuple[JsonValue, ...]:
    """What a link into a vocabulary of health has of the fields of any link."""
    return link.get("dataSource"), link.get("id"), None, None, None


def _referred(one: JsonObject, entities: Sequence[JsonObject]) -> tuple[JsonValue, JsonValue]:
    """The number of the entity in a relation, and its text."""
    place = _place(_ENTITY, one.get("ref"))
    if place is None or place[0] >= len(entities):
        return None, None
    return place[0], entities[place[0]].get("text")


def _links(result: JsonObject) -> Iterator[Finding]:
    yield (
        schema.ENTITY_LINKS,
        [
            (place, *map(entity.get, _LINK_FIELDS), *map(match.get, _MATCH_FIELDS))
            for place, entity in enumerate(objects_in(result.get("entities")))
            for match in objects_in(entity.get("matches")) or ({},)
        ],
    )


def _personal(holder: JsonObject, item: JsonValue) -> Finding:
    asked = [one.get for one in objects_in(holder.get("entities"))]
    return schema.PII_ENTITIES, [
        (
            item,
            place,
            get("text"),
            get("category"),
            get("subcategory"),
            get("type"),
            get("offset"),
            get("length"),
            get("confidenceScore"),
            get("mask"),
            get("maskOffset"),
            get("maskLength"),
        )
        for place, get in enumerate(asked)
    ]


def _personal_data(result: JsonObject) -> Iterator[Finding]:
    yield _personal(result, None)
    if "redactedText" in result:
        yield schema.REDACTED_TEXTS, [(None, result["redactedText"])]


def _personal_data_of_items(result: JsonObject) -> Iterator[Finding]:
    for item in objects_in(result.get("conversationItems")):
        id_ = item.get("id")
        yield _personal(item, id_)
        yield schema.REDACTED_TEXTS, [(id_, object_or_empty(item.get("redactedContent")).get("text"))]


def _sentiment_of_items(result: JsonObject) -> Iterator[Finding]:
    items = objects_in(result.get("conversationItems"))
    yield schema.ITEM_SENTIMENTS, [(one.get("id"), one.get("sentiment"), *_scores(one)) for one in items]


def _phrases(result: JsonObject) -> Iterator[Finding]:
    phrases = result.get("keyPhrases")
    yield schema.KEY_PHRASES, [(phrase,) for phrase in phrases] if isinstance(phrases, list) else []


def _classes(result: JsonObject) -> Iterator[Finding]:
    classes = objects_in(result.get("class"))
    yield schema.CLASSES, [(one.get("category"), one.get("confidenceScore")) for one in classes]


def _extracts(result: JsonObject) -> Iterator[Finding]:
    fields = ("text", *_SPAN, "rankScore", "piece")
    sentences = objects_in(result.get("sentences"))
    yield schema.SUMMARIES, [(place, None, *map(one.get, fields)) for place, one in enumerate(sentences)]


def _summaries(result: JsonObject) -> Iterator[Finding]:
    summaries = objects_in(result.get("summaries"))
    yield (
        schema.SUMMARIES,
        [
            (place, one.get("aspect"), one.get("text"), None, None, None, one.get("piece"))
            for place, one in enumerate(summaries)
        ],
    )
    fields = ("conversationItemId", *_SPAN)
    yield (
        schema.SUMMARY_CONTEXTS,
        [
            (place, *map(context.get, fields))
            for place, one in enumerate(summaries)
            for context in objects_in(one.get("contexts"))
        ],
    )


_READERS: dict[str, Callable[[JsonObject], Iterator[Finding]]] = {
    "SentimentAnalysis": _sentiment,
    "EntityRecognition": _entities,
    "CustomEntityRecognition": _entities,
    "PiiEntityRecognition": _personal_data,
    "KeyPhraseExtraction": _phrases,
    "EntityLinking": _links,
    "Healthcare": _health,
    "CustomSingleLabelClassification": _classes,
    "CustomMultiLabelClassification": _classes,
    "ExtractiveSummarization": _extracts,
    "AbstractiveSummarization": _summaries,
    "ConversationalPIITask": _personal_data_of_items,
    "ConversationalSummarizationTask": _summaries,
    "CustomConversationalSummarizationTask": _summaries,
    "ConversationalSentimentTask": _sentiment_of_items,
}
