"""Holds findings against a labelled sample, document by document."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import chain
from typing import Any

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.protocol.evaluation.figures import ANY, Counts, Figure
from airflow_provider_language.protocol.evaluation.samples import LabelledDocument
from airflow_provider_language.protocol.redaction.spans import Span


@dataclass(frozen=True)
class Miss:
    """A label that was not found as it stands; of its text nothing is told.

    Args:
        document_id: of the sample.
        language: of the document.
        category: of the label.
        offset: code points before it.
        length: code points of it.
        found_characters: how many of these were found as anything, so that a redaction hides them.
    """

    document_id: str
    language: str
    category: str
    offset: int
    length: int
    found_characters: int


@dataclass(frozen=True)
class Evaluation:
    """What came of holding findings against a sample.

    Args:
        documents: of the sample, whose findings were there.
        without_result: ids of those of the sample that have none, which are in no figure.
        figures: first over all categories and languages.
        misses: in the order of the sample.
        model_versions: that have found it, with the number of documents.
        notes: of the sample.
    """

    documents: int
    without_result: Sequence[str]
    figures: Sequence[Figure]
    misses: Sequence[Miss]
    model_versions: Mapping[str, int]
    notes: Sequence[str]

    def told(self) -> dict[str, Any]:
        """As JSON has it; no text of a document is in it."""
        return {
            "documents": self.documents,
            "without_result": list(self.without_result),
            "model_versions": dict(self.model_versions),
            "notes": list(self.notes),
            "figures": [figure.told() for figure in self.figures],
            "misses": [asdict(miss) for miss in self.misses],
        }

    def figure(self, category: str, language: str = ANY) -> Figure | None:
        """The figure of a category; None if the sample has none of it, and nothing was found, either."""
        known = ((one, one.category, one.language) for one in self.figures)
        return next((one for one, *key in known if key == [category, language]), None)

    def shortfalls(self, minimum_recall: Mapping[str, float]) -> list[str]:
        """In which categories less was found than is demanded, of characters, over all languages.

        A category of which the sample has no label falls short, too, and so does a sample of which documents
        have no result: what nobody has looked at is not found.

        Args:
            minimum_recall: from 0 to 1, by category; :data:`ANY` for all that is labelled.
        """
        told = []
        for category, least in sorted(minimum_recall.items()):
            figure = self.figure(category)
            recall = None if figure is None else figure.counts.characters.recall
            if recall is None:
                told.append(f"the sample has no {category}")
            elif recall.value < least:
                told.append(
                    f"recall of {category} is {recall.value:.3f} ({recall.low:.3f} to {recall.high:.3f}), "
                    f"less than {least:g}"
                )
        if minimum_recall and self.without_result:
            told.append(f"{len(self.without_result)} documents of the sample have no result")
        return told


class Evaluator:
    """Takes what was found in each document of a sample.

    Args:
        sample: of which no two documents have one id.

    Raises:
        InvalidInputError: two have, or there is no document.
    """

    def __init__(self, sample: Iterable[LabelledDocument]) -> None:
        self._sample: dict[str, LabelledDocument] = {}
        for document in sample:
            if document.id in self._sample:
                raise InvalidInputError(f"The sample has document {document.id!r:.60} twice.")
            self._sample[document.id] = document
        if not self._sample:
            raise InvalidInputError(
                "The labelled sample is empty, and without one nobody knows what was missed."
            )
        self._labelled = {span.category for one in self._sample.values() for span in one.labels}
        self._counts: defaultdict[tuple[str, str], Counts] = defaultdict(Counts)
        self._misses: dict[str, list[Miss]] = {}
        self._models: Counter[str] = Counter()

    def document(self, document_id: str) -> LabelledDocument | None:
        """A document of the sample; None if it has no such one."""
        return self._sample.get(document_id)

    def take(self, document: LabelledDocument, found: Sequence[Span], model_version: str | None) -> None:
        """Count what was found in a document of the sample.

        Raises:
            InvalidInputError: it was taken before.
        """
        if document.id in self._misses:
            raise InvalidInputError(f"Document {document.id!r:.60} has results more than once.")
        self._models[model_version or "unknown"] += 1
        categories = {span.category for span in (*document.labels, *found)}
        for category in categories:
            of_it = (
                [span for span in spans if span.category == category] for spans in (document.labels, found)
            )
            self._count(category, document.language, _counted(*of_it))
        self._count(ANY, document.language, _counted(document.labels, self._judged(document, found)))
        self._misses[document.id] = list(_missed(document, found))

    def _judged(self, document: LabelledDocument, found: Sequence[Span]) -> list[Span]:
        """What can be right or wrong: of other categories than are labelled, that which a label meets."""
        there = _characters(document.labels)
        return [
            span
            for span in found
            if span.category in self._labelled or not there.isdisjoint(range(span.begin, span.end))
        ]

    def _count(self, category: str, language: str, counts: Counts) -> None:
        self._counts[category, language].add(counts)
        self._counts[category, ANY].add(counts)

    def evaluation(self) -> Evaluation:
        """What came of it.

        Raises:
            InvalidInputError: no document of the sample has a result.
        """
        if not self._misses:
            raise InvalidInputError("None of the documents of the sample has a result.")
        ordered = sorted(self._counts.items(), key=lambda one: (one[0][0] != ANY, one[0][0], one[0][1]))
        return Evaluation(
            documents=len(self._misses),
            without_result=[id_ for id_ in self._sample if id_ not in self._misses],
            figures=[Figure(category, language, counts) for (category, language), counts in ordered],
            misses=[miss for id_ in self._sample for miss in self._misses.get(id_, ())],
            model_versions=dict(self._models),
            notes=sorted({one.note for one in self._sample.values() if one.note}),
        )


def _counted(labels: Sequence[Span], found: Sequence[Span]) -> Counts:
    """Labels, and what was found, whatever it was taken for."""
    labelled, hit = _characters(labels), _characters(found)
    places, places_found = _places(labels), _places(found)
    return Counts(
        len(places),
        len(places_found),
        len(places & places_found),
        len(labelled),
        len(hit),
        len(labelled & hit),
    )


def _missed(document: LabelledDocument, found: Sequence[Span]) -> Iterable[Miss]:
    exact = {span[:3] for span in found}
    hit = _characters(found)
    for label in document.labels:
        if label[:3] not in exact:
            length = label.end - label.begin
            common = len(hit.intersection(range(label.begin, label.end)))
            yield Miss(document.id, document.language, label.category, label.begin, length, common)


def _places(spans: Collection[Span]) -> set[tuple[int, int]]:
    return {(span.begin, span.end) for span in spans}


def _characters(spans: Collection[Span]) -> set[int]:
    return set(chain.from_iterable(range(span.begin, span.end) for span in spans))
