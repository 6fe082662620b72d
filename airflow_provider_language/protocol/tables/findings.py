"""What was found in one document, kind by kind, as records of tables."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import TypeAlias

from airflow_provider_language.protocol.json_values import (
    JsonObject,
    JsonValue,
    encoded,
    object_or_empty,
    objects_in,
)
from airflow_provider_language.protocol.tables import schema
from airflow_provider_language.protocol.tables.schema import Table
from airflow_provider_language.protocol.tables.values import (
    Value,
    flag,
    number,
    scores,
    span,
    text,
    texts,
    whole,
)

Finding: TypeAlias = "tuple[Table, tuple[Value, ...]]"
"""A table, and the values of a record of it behind its key."""

_ASSESSMENT = re.compile(r"#/result/sentences/([0-9]{1,9})/assessments/([0-9]{1,9})")
_ENTITY = re.compile(r"#/result/entities/([0-9]{1,9})")
_ASSERTED = ("certainty", "conditionality", "association", "temporality")
_NOTHING_ASSERTED = (None,) * (1 + len(_ASSERTED))


def findings(kind: str, result: JsonObject) -> Iterator[Finding]:
    """The records of a result; none of a kind that this release does not know.

    Args:
        kind: of the task.
        result: of a row that is ok, whose references are to places of the row.
    """
    if "source" in result:
        yield from _files(result)
        return
    reader = _READERS.get(kind)
    if reader is not None:
        yield from reader(result)


def _files(result: JsonObject) -> Iterator[Finding]:
    """Of a native document; its findings are in the files."""
    source = text(object_or_empty(result["source"]).get("location"))
    for one in objects_in(result.get("target")) or objects_in(result.get("targets")):
        yield schema.TARGETS, (source, *texts(one, "kind", "location"))


def _sentiment(result: JsonObject) -> Iterator[Finding]:
    yield schema.SENTIMENT, (text(result.get("sentiment")), *scores(result))
    sentences = objects_in(result.get("sentences"))
    for place, sentence in enumerate(sentences):
        said = (text(sentence.get("text")), *span(sentence), text(sentence.get("sentiment")))
        yield schema.SENTENCES, (place, *said, *scores(sentence))
    for place, sentence in enumerate(sentences):
        for target in objects_in(sentence.get("targets")):
            about = (*texts(target, "text", "sentiment"), *span(target))
            for assessment in _assessments(target, sentences) or ({},):
                judged = (*texts(assessment, "text", "sentiment"), *span(assessment))
                yield schema.OPINIONS, (place, *about, *judged, flag(assessment.get("isNegated")))


def _assessments(target: JsonObject, sentences: tuple[JsonObject, ...]) -> list[JsonObject]:
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
    for place, entity in enumerate(objects_in(result.get("entities"))):
        yield schema.ENTITIES, (place, *_entity(entity), *_asserted(entity))


def _entity(entity: JsonObject) -> tuple[Value, ...]:
    said = texts(entity, "text", "category", "subcategory", "type")
    return (*said, *span(entity), number(entity.get("confidenceScore")))


def _asserted(entity: JsonObject) -> tuple[Value, ...]:
    if "name" not in entity and "assertion" not in entity:
        return _NOTHING_ASSERTED
    return text(entity.get("name")), *texts(object_or_empty(entity.get("assertion")), *_ASSERTED)


def _health(result: JsonObject) -> Iterator[Finding]:
    yield from _entities(result)
    entities = objects_in(result.get("entities"))
    for place, entity in enumerate(entities):
        for link in objects_in(entity.get("links")):
            named = (text(entity.get("name")), *texts(link, "dataSource", "id"), None, None, None)
            yield schema.ENTITY_LINKS, (place, *named, text(entity.get("text")), *span(entity), None)
    for place, relation in enumerate(objects_in(result.get("relations"))):
        told = (text(relation.get("relationType")), number(relation.get("confidenceScore")))
        for one in objects_in(relation.get("entities")):
            entity_place = _place(_ENTITY, one.get("ref"))
            which = entity_place[0] if entity_place and entity_place[0] < len(entities) else None
            words = None if which is None else text(entities[which].get("text"))
            yield schema.RELATIONS, (place, *told, text(one.get("role")), which, words)
    if result.get("fhirBundle"):
        yield schema.FHIR_BUNDLES, (encoded(result["fhirBundle"]).decode(),)


def _links(result: JsonObject) -> Iterator[Finding]:
    for place, entity in enumerate(objects_in(result.get("entities"))):
        named = texts(entity, "name", "dataSource", "id", "url", "language", "bingId")
        for match in objects_in(entity.get("matches")) or ({},):
            where = (text(match.get("text")), *span(match), number(match.get("confidenceScore")))
            yield schema.ENTITY_LINKS, (place, *named, *where)


def _personal(entities: Iterable[JsonObject], item: str | None) -> Iterator[Finding]:
    for place, entity in enumerate(entities):
        mask = (text(entity.get("mask")), whole(entity.get("maskOffset")), whole(entity.get("maskLength")))
        yield schema.PII_ENTITIES, (item, place, *_entity(entity), *mask)


def _personal_data(result: JsonObject) -> Iterator[Finding]:
    yield from _personal(objects_in(result.get("entities")), None)
    if "redactedText" in result:
        yield schema.REDACTED_TEXTS, (None, text(result["redactedText"]))


def _personal_data_of_items(result: JsonObject) -> Iterator[Finding]:
    for item in objects_in(result.get("conversationItems")):
        id_ = text(item.get("id"))
        yield from _personal(objects_in(item.get("entities")), id_)
        yield schema.REDACTED_TEXTS, (id_, text(object_or_empty(item.get("redactedContent")).get("text")))


def _sentiment_of_items(result: JsonObject) -> Iterator[Finding]:
    for item in objects_in(result.get("conversationItems")):
        yield schema.ITEM_SENTIMENTS, (*texts(item, "id", "sentiment"), *scores(item))


def _phrases(result: JsonObject) -> Iterator[Finding]:
    phrases = result.get("keyPhrases")
    for phrase in phrases if isinstance(phrases, list) else ():
        yield schema.KEY_PHRASES, (text(phrase),)


def _classes(result: JsonObject) -> Iterator[Finding]:
    for one in objects_in(result.get("class")):
        yield schema.CLASSES, (text(one.get("category")), number(one.get("confidenceScore")))


def _extracts(result: JsonObject) -> Iterator[Finding]:
    for place, one in enumerate(objects_in(result.get("sentences"))):
        yield schema.SUMMARIES, (place, None, text(one.get("text")), *span(one), number(one.get("rankScore")))


def _summaries(result: JsonObject) -> Iterator[Finding]:
    summaries = objects_in(result.get("summaries"))
    for place, one in enumerate(summaries):
        yield schema.SUMMARIES, (place, *texts(one, "aspect", "text"), None, None, None)
    for place, one in enumerate(summaries):
        for context in objects_in(one.get("contexts")):
            yield schema.SUMMARY_CONTEXTS, (place, text(context.get("conversationItemId")), *span(context))


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
