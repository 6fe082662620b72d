"""Gathers the figures of a report out of rows, one after another, whatever their number.

A report is passed on more freely than results. So it shows no value of personal data, no name of a person,
and of all other names, phrases and values of columns only those that several documents share.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence

from airflow_provider_language.protocol.json_values import JsonObject, object_or_empty, objects_in
from airflow_provider_language.protocol.report.frequent import Frequent
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
_LANGUAGES = 200
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
        self._columns: dict[str, dict[str, Counter[str]] | None] = {}
        self._document: _Document | None = None

    def take(self, row: JsonObject) -> None:
        """Take a row as it has landed."""
        document_id, task, kind, status = (
            str(row.get(name) or "") for name in ("document_id", "task", "kind", "status")
        )
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
        language = document.language or "unknown"
        is_known = language in self.languages or len(self.languages) < _LANGUAGES
        self.languages[language if is_known else OTHERS] += 1
        self.personal_documents.update(document.personal_categories)
        for name in document.names:
            if not document.is_personal(name.partition(SEPARATOR)[0]):
                self.names.add(name)
        for phrase in document.phrases:
            if not document.is_personal(phrase):
                self.phrases.add(phrase)

    def told(self) -> dict[str, dict[str, int]]:
        """The counts that a later run is compared with, as JSON."""
        return {
            "languages": dict(self.languages.most_common()),
            "sentiments": dict(self.sentiments.most_common()),
            "categories": dict(self.categories.most_common(_LANGUAGES)),
            "personal_data": dict(self.personal.most_common(_LANGUAGES)),
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
        self.sentiments[said] += 1
        for column, value in document.columns.items():
            values = self._columns.setdefault(column, {})
            if values is None:
                continue
            name = str(value)
            if name not in values and len(values) == VALUES:
                self._columns[column] = None  # which tells documents apart, rather than sorting them
            else:
                values.setdefault(name, Counter())[said] += 1

    def entities(self, document: _Document, result: JsonObject) -> None:
        """Take the entities of a document."""
        for entity in objects_in(result.get("entities")):
            category, name = text(entity.get("category")) or "unknown", text(entity.get("text"))
            self.categories[category] += 1
            if name is None:
                continue
            if category in NAMED:
                document.names.add(f"{name}{SEPARATOR}{category}")
            elif category.startswith("Person"):
                document.personal.add(name)

    def personal_data(self, document: _Document, result: JsonObject) -> None:
        """Take the personal data of a document, or of the items of a conversation."""
        for holder in (result, *objects_in(result.get("conversationItems"))):
            for entity in objects_in(holder.get("entities")):
                category = text(entity.get("category")) or "unknown"
                self.personal[category] += 1
                document.personal_categories.add(category)
                document.personal.add(text(entity.get("text")) or "")

    def key_phrases(self, document: _Document, result: JsonObject) -> None:
        """Take the key phrases of a document."""
        phrases = result.get("keyPhrases")
        for phrase in phrases if isinstance(phrases, list) else ():
            said = text(phrase)
            if said:
                document.phrases.add(said)

    def classified(self, _: _Document, result: JsonObject) -> None:
        """Take the classes of a document."""
        self.classes.update(text(one.get("category")) or "unknown" for one in objects_in(result.get("class")))


class _Document:
    """What is remembered of one document until its last row has come."""

    __slots__ = ("columns", "id", "language", "names", "personal", "personal_categories", "phrases")

    def __init__(self, id_: str, columns: JsonObject) -> None:
        self.id = id_
        self.columns = columns
        self.language: str | None = None
        self.names: set[str] = set()
        self.phrases: set[str] = set()
        self.personal: set[str] = set()
        self.personal_categories: set[str] = set()

    def is_personal(self, name: str) -> bool:
        """Whether a name has something in it that is personal, or is a part of it."""
        return any(one in name or name in one for one in self.personal if one)


_READERS: dict[str, Callable[[Gathered, _Document, JsonObject], None]] = {
    "SentimentAnalysis": Gathered.sentiment,
    "EntityRecognition": Gathered.entities,
    "CustomEntityRecognition": Gathered.entities,
    "Healthcare": Gathered.entities,
    "KeyPhraseExtraction": Gathered.key_phrases,
    **dict.fromkeys(_PERSONAL, Gathered.personal_data),
    **dict.fromkeys(
        ("CustomSingleLabelClassification", "CustomMultiLabelClassification"), Gathered.classified
    ),
}


def most(counts: Counter[str], number: int) -> Sequence[tuple[str, int]]:
    """The greatest of some counts, and the sum of all others."""
    shown = counts.most_common(number)
    rest = counts.total() - sum(count for _, count in shown)
    return [*shown, (OTHERS, rest)] if rest else shown
