"""The tables that findings are told in, and the types of their columns: one schema, whatever is in them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, TypeAlias

SCHEMA_VERSION = 1
"""Grows when a column is taken away or means something else; a column that is added leaves it."""

ColumnType: TypeAlias = Literal["string", "int64", "double", "boolean"]


@dataclass(frozen=True)
class Column:
    """A column of a table.

    Args:
        name: in the service's words, in snake case.
        type: of its values, any of which may be null unless ``required``.
        required: whether every record has a value.
    """

    name: str
    type: ColumnType = "string"
    required: bool = False


@dataclass(frozen=True)
class Table:
    """A table.

    Args:
        name: of the table, and of its folder.
        columns: in their order.
    """

    name: str
    columns: tuple[Column, ...]


_DOCUMENT = Column("document_id", required=True)
_KEY = (_DOCUMENT, Column("task", required=True))
_SPAN = (Column("offset", "int64"), Column("length", "int64"))
_SCORE = Column("confidence_score", "double")
_SCORES = (Column("positive", "double"), Column("neutral", "double"), Column("negative", "double"))
_ITEM = Column("item_id")
_PIECE = Column("piece", "int64")
"""Of a document that was cut, the piece of which it is, from 0, where findings of pieces are not joined."""


def _number(name: str) -> Column:
    """The place of a finding among its kind, from 0."""
    return Column(name, "int64", required=True)


def _table(name: str, *columns: Column) -> Table:
    return Table(name, (*_KEY, *columns))


DOCUMENTS = Table(
    "documents",
    (
        _DOCUMENT,
        Column("language"),
        Column("status", required=True),
        Column("tasks_ok", "int64", required=True),
        Column("tasks_failed", "int64", required=True),
        Column("source"),
        Column("row_number", "int64"),
        Column("characters", "int64"),
        Column("pieces", "int64"),
    ),
)
"""One record a document; ``status`` is ok, partial (some tasks have a result), or failed.

A corpus knows its file, the row in it, from 0, how many code points its text has, and into how many pieces it
was cut, if it was.
"""
TASK_RESULTS = _table(
    "task_results",
    Column("kind", required=True),
    Column("status", required=True),
    Column("language"),
    Column("error_code"),
    Column("error_message"),
    Column("warnings", "int64", required=True),
    Column("model_version"),
    Column("text_records", "int64"),
    Column("job_id", required=True),
    Column("joined"),
    Column("reused_from"),
)
"""One record a document and task; ``status`` is ok, error or missing.

``joined`` is the rule by which findings of pieces were joined, and ``reused_from`` the run that analyzed an
equal text; of most rows, neither is told.
"""
WARNINGS = _table("warnings", Column("code"), Column("message"))
SENTIMENT = _table("sentiment", Column("sentiment"), *_SCORES)
SENTENCES = _table("sentences", _number("sentence"), Column("text"), *_SPAN, Column("sentiment"), *_SCORES)
OPINIONS = _table(
    "opinions",
    _number("sentence"),
    Column("target"),
    Column("target_sentiment"),
    Column("target_offset", "int64"),
    Column("target_length", "int64"),
    Column("assessment"),
    Column("assessment_sentiment"),
    Column("assessment_offset", "int64"),
    Column("assessment_length", "int64"),
    Column("is_negated", "boolean"),
)
ENTITIES = _table(
    "entities",
    _number("entity"),
    Column("text"),
    Column("category"),
    Column("subcategory"),
    Column("type"),
    *_SPAN,
    _SCORE,
    Column("name"),
    Column("certainty"),
    Column("conditionality"),
    Column("association"),
    Column("temporality"),
)
"""``name`` and what follows it are those of Healthcare: the preferred term, and what is asserted of it."""
ENTITY_LINKS = _table(
    "entity_links",
    _number("entity"),
    Column("name"),
    Column("data_source"),
    Column("id"),
    Column("url"),
    Column("language"),
    Column("bing_id"),
    Column("text"),
    *_SPAN,
    _SCORE,
)
PII_ENTITIES = _table(
    "pii_entities",
    _ITEM,
    _number("entity"),
    Column("text"),
    Column("category"),
    Column("subcategory"),
    Column("type"),
    *_SPAN,
    _SCORE,
    Column("mask"),
    Column("mask_offset", "int64"),
    Column("mask_length", "int64"),
)
REDACTED_TEXTS = _table("redacted_texts", _ITEM, Column("redacted_text"))
KEY_PHRASES = _table("key_phrases", Column("key_phrase"))
RELATIONS = _table(
    "relations",
    _number("relation"),
    Column("relation_type"),
    _SCORE,
    Column("role"),
    Column("entity", "int64"),
    Column("text"),
)
"""One record an entity in a relation; ``entity`` is its number in ``entities``."""
FHIR_BUNDLES = _table("fhir_bundles", Column("fhir_bundle"), _PIECE)
CLASSES = _table("classes", Column("category"), _SCORE)
SUMMARIES = _table(
    *("summaries", _number("summary"), Column("aspect"), Column("text")),
    *_SPAN,
    Column("rank_score", "double"),
    _PIECE,
)
"""Offset, length and rank are those of sentences that were extracted."""
SUMMARY_CONTEXTS = _table("summary_contexts", _number("summary"), _ITEM, *_SPAN)
TARGETS = _table("targets", Column("source"), Column("kind"), Column("location"))
"""The files that a job on native documents wrote."""
ITEM_SENTIMENTS = _table("item_sentiments", _ITEM, Column("sentiment"), *_SCORES)
REDACTIONS = _table(
    "redactions",
    _ITEM,
    _number("entity"),
    Column("category", required=True),
    *_SPAN,
    _SCORE,
    Column("way", required=True),
    Column("redacted_offset", "int64"),
    Column("redacted_length", "int64"),
    Column("model_version"),
    Column("policy", required=True),
    Column("key_id"),
    Column("run", required=True),
    Column("found_by", required=True),
)
"""What became of each finding in a copy that was redacted by a policy; no text is in it.

``found_by`` is ``service``; or ``second_pass``, of a name that was found in another document: one that was
not applied has the way ``leave``, as findings have that a policy leaves.

All offsets count code points, whatever unit the task asked for.
"""
PSEUDONYMS = Table(
    "pseudonyms",
    (
        Column("pseudonym", required=True),
        Column("key_id", required=True),
        Column("surface", required=True),
    ),
)
"""Whom a pseudonym stands for, encrypted; of policies that are reversible."""

ALWAYS = (DOCUMENTS, TASK_RESULTS, WARNINGS)
"""The tables that all kinds have."""
_ENTITIES_OF_HEALTH = (ENTITIES, ENTITY_LINKS, RELATIONS, FHIR_BUNDLES)
_OF_KINDS: dict[str, tuple[Table, ...]] = {
    "SentimentAnalysis": (SENTIMENT, SENTENCES, OPINIONS),
    "EntityRecognition": (ENTITIES,),
    "CustomEntityRecognition": (ENTITIES,),
    "PiiEntityRecognition": (PII_ENTITIES, REDACTED_TEXTS),
    "KeyPhraseExtraction": (KEY_PHRASES,),
    "EntityLinking": (ENTITY_LINKS,),
    "Healthcare": _ENTITIES_OF_HEALTH,
    "CustomSingleLabelClassification": (CLASSES,),
    "CustomMultiLabelClassification": (CLASSES,),
    "ExtractiveSummarization": (SUMMARIES,),
    "AbstractiveSummarization": (SUMMARIES, SUMMARY_CONTEXTS),
    "ConversationalPIITask": (PII_ENTITIES, REDACTED_TEXTS),
    "ConversationalSummarizationTask": (SUMMARIES, SUMMARY_CONTEXTS),
    "CustomConversationalSummarizationTask": (SUMMARIES, SUMMARY_CONTEXTS),
    "ConversationalSentimentTask": (ITEM_SENTIMENTS,),
}
TABLES = {
    table.name: table
    for table in (*ALWAYS, TARGETS, *(one for of in _OF_KINDS.values() for one in of), REDACTIONS, PSEUDONYMS)
}
"""All tables, by name."""


def tables_of(kinds: Iterable[str], *, native_documents: bool = False) -> tuple[Table, ...]:
    """The tables that kinds of tasks have, whether or not anything is found; those of all kinds first.

    A kind that this release does not know has only the latter.

    Args:
        kinds: of the tasks.
        native_documents: whether they run on these, of which the files are told that were written.
    """
    named = {table.name: table for table in (*ALWAYS, *((TARGETS,) if native_documents else ()))}
    for kind in kinds:
        named.update({table.name: table for table in _OF_KINDS.get(kind, ())})
    return tuple(named.values())
