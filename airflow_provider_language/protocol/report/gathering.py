"""Gathers the figures of a report out of rows, one after another, whatever their number.

A report is passed on more freely than results. So it shows no value of personal data, no name of a person,
and of all other names, phrases and values of columns only those that several documents share. Of a document
in which no task has looked for persons, it shows no name and no phrase, since each may be one.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence

from airflow_provider_language.protocol.json_values import JsonObject, object_or_empty, objects_in
from airflow_provider_language.protocol.report.frequent import COUNTERS, Frequent
from airflow_provider_language.protocol.tables.values import text

SHARED = 3
"""Documents in which a name, a phrase or a value of a column stands at least, if it is shown."""
NAMED = frozenset({"Event", "Location", "Organization", "Product", "Skill"})
"""Categories of entities whose names are shown, and no other one's."""
VALUES = 20
"""Different values of a column up to which it is taken for one that sorts documents."""
OTHERS = "(others)"
SEPARATOR = "\x1f"
"""Between the name of an entity and its category."""
_KINDS = 200
"""Different words of the service that are counted apart, such as languages; it might send any number."""
_COMPARED = 1_000_000
"""Pairs of what is personal and what is not, in one document, up to which they are compared."""
_PERSONAL = frozenset({"PiiEntityRecognition", "ConversationalPIITask"})


class Gathered:
    """What was gathered until now. The rows of a document are to come one after another.

    Attributes:
        documents: how many.
        statuses: rows, by task and status.
        languages: documents, by language.
        sentiments: documents, by sentiment.
        categories: entities, by category.
        personal: personal data, by category; how often.
        personal_documents: in how many documents.
        classes: documents, by the classes of custom models.
        names: entities of certain categories, by their documents.
        phrases: key phrases, by their documents.
    """

    def __init__(self) -> None:
        self.documents = 0
        self.statuses: Counter[tuple[str, str]] = Counter()
        self.languages: Counter[str] = Counter()
        self.sentiments: Counter[str] = Counter()
        self.categories: Counter[str] = Counter()
        self.personal: Counter[str] = Counter()
        self.personal_documents: Counter[str] = Counter()
        self.classes: Counter[str] = Counter()
        self.names, self.phrases = Frequent(), Frequent()
        self._personal_elsewhere = Frequent()
        self._columns: dict[str, dict[str, Counter[str]] | None] = {}
        self._document: _Document | None = None

    def take(self, row: JsonObject) -> None:
        """Take a row as it has landed."""
        document_id, kind = str(row.get("document_id")), str(row.get("kind"))
        task, status = str(row.get("task")), str(row.get("status"))
        self.statuses[task, status] += 1
        document = self._document
        if document is None or document.id != document_id:
            self.end()
            document = self._document = _Document(document_id, object_or_empty(row.get("columns")))
        document.language = document.language or text(row.get("language"))
        reader = _READERS.get(kind)
        if status == "ok" and reader is not None:
            reader(self, document, object_or_empty(row.get("result")))

    def end(self) -> None:
        """Take it that all rows of the last document have come."""
        document, self._document = self._document, None
        if document is None:
            return
        self.documents += 1
        _count(self.languages, document.language or "unknown")
        for category in document.personal_categories:
            _count(self.personal_documents, category)
        for value in document.personal:
            self._personal_elsewhere.add(value)
        for name in document.shown(document.names):
            self.names.add(name)
        for phrase in document.shown(document.phrases):
            self.phrases.add(phrase)

    def most_names(self, number: int) -> list[tuple[str, str, int]]:
        """The entities that most documents have: name, category, and how many of these."""
        found = (
            (*name.partition(SEPARATOR)[::2], count) for name, count in self.names.most(COUNTERS, SHARED)
        )
        return [one for one in found if not self._personal_elsewhere.has(one[0])][:number]

    def most_phrases(self, number: int) -> list[tuple[str, str, int]]:
        """The key phrases that most documents have, and how many of these."""
        found = ((phrase, "", count) for phrase, count in self.phrases.most(COUNTERS, SHARED))
        return [one for one in found if not self._personal_elsewhere.has(one[0])][:number]

    def told(self) -> dict[str, dict[str, int]]:
        """The counts that a later run is compared with, as JSON."""
        return {
            "languages": dict(self.languages.most_common()),
            "sentiments": dict(self.sentiments.most_common()),
            "categories": dict(self.categories.most_common()),
            "personal_data": dict(self.personal.most_common()),
        }

    def columns(self) -> Iterator[tuple[str, list[tuple[str, Counter[str]]]]]:
        """The columns that sort documents, with sentiments by value; values that few share are one."""
        for column, values in self._columns.items():
            shown: defaultdict[str, Counter[str]] = defaultdict(Counter)
            for value, sentiments in sorted((values or {}).items()):
                shown[value if sentiments.total() >= SHARED else OTHERS].update(sentiments)
            if set(shown) - {OTHERS}:
                yield column, list(shown.items())

    def sentiment(self, document: _Document, result: JsonObject) -> None:
        """Take the sentiment of a document."""
        said = text(result.get("sentiment")) or "unknown"
        _count(self.sentiments, said)
        for column, value in document.columns.items():
            values = self._columns.setdefault(column, {})
            if values is None:
                continue
            name = str(value)
            if name not in values and len(values) == VALUES:
                self._columns[column] = None  # which tells documents apart, rather than sorting them
            else:
                _count(values.setdefault(name, Counter()), said)

    def entities(self, document: _Document, result: JsonObject) -> None:
        """Take the entities of a document."""
        for entity in objects_in(result.get("entities")):
            category, name = text(entity.get("category")) or "unknown", text(entity.get("text"))
            _count(self.categories, category)
            if name is None:
                continue
            if category in NAMED:
                document.names.add(f"{name}{SEPARATOR}{category}")
            elif category.startswith("Person"):
                document.personal.add(name)

    def entities_and_persons(self, document: _Document, result: JsonObject) -> None:
        """Take the entities of a document, of which the service tells persons from others."""
        document.is_searched = True
        self.entities(document, result)

    def personal_data(self, document: _Document, result: JsonObject) -> None:
        """Take the personal data of a document, or of the items of a conversation."""
        document.is_searched = True
        for holder in (result, *objects_in(result.get("conversationItems"))):
            for entity in objects_in(holder.get("entities")):
                category = text(entity.get("category")) or "unknown"
                _count(self.personal, category)
                document.personal_categories.add(category)
                if said := text(entity.get("text")):
                    document.personal.add(said)

    def key_phrases(self, document: _Document, result: JsonObject) -> None:
        """Take the key phrases of a document."""
        phrases = result.get("keyPhrases")
        for phrase in phrases if isinstance(phrases, list) else ():
            said = text(phrase)
            if said:
                document.phrases.add(said)

    def classified(self, _: _Document, result: JsonObject) -> None:
        """Take the classes of a document."""
        for one in objects_in(result.get("class")):
            _count(self.classes, text(one.get("category")) or "unknown")


class _Document:
    """What is remembered of one document until its last row has come."""

    __slots__ = (
        "columns",
        "id",
        "is_searched",
        "language",
        "names",
        "personal",
        "personal_categories",
        "phrases",
    )

    def __init__(self, id_: str, columns: JsonObject) -> None:
        self.id = id_
        self.columns = columns
        self.is_searched = False
        self.language: str | None = None
        self.names: set[str] = set()
        self.phrases: set[str] = set()
        self.personal: set[str] = set()
        self.personal_categories: set[str] = set()

    def shown(self, found: set[str]) -> list[str]:
        """What may be shown of what was found: that which has nothing personal in it, nor is a part of it."""
        if not found or not self.is_searched or len(found) * len(self.personal) > _COMPARED:
            return []
        personal, all_found = SEPARATOR.join(self.personal), SEPARATOR.join(found)
        near = [one for one in self.personal if one in all_found]
        return [
            name
            for name in found
            if (said := name.partition(SEPARATOR)[0]) not in personal and not any(one in said for one in near)
        ]


_READERS: dict[str, Callable[[Gathered, _Document, JsonObject], None]] = {
    "SentimentAnalysis": Gathered.sentiment,
    "EntityRecognition": Gathered.entities_and_persons,
    "CustomEntityRecognition": Gathered.entities,
    "Healthcare": Gathered.entities,
    "KeyPhraseExtraction": Gathered.key_phrases,
    **dict.fromkeys(_PERSONAL, Gathered.personal_data),
    **dict.fromkeys(
        ("CustomSingleLabelClassification", "CustomMultiLabelClassification"), Gathered.classified
    ),
}


def _count(counts: Counter[str], word: str) -> None:
    """Count a word of the service, or of a column, among no more than so many."""
    counts[word if word in counts or len(counts) < _KINDS else OTHERS] += 1


def most(counts: Counter[str], number: int) -> Sequence[tuple[str, int]]:
    """The greatest of some counts, and the sum of all others."""
    shown = counts.most_common(number)
    rest = counts.total() - sum(count for _, count in shown)
    return [*shown, (OTHERS, rest)] if rest else shown
