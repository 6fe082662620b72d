"""What personal data there is in a corpus, in counts: by category and language, how sure, and what stays."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from typing import Any

from airflow_provider_language.protocol.json_values import JsonObject, text_or_none
from airflow_provider_language.protocol.redaction.entities import category_of, found_in
from airflow_provider_language.protocol.redaction.policies import RedactionPolicy
from airflow_provider_language.protocol.tables.values import number, whole

BINS = 10
"""Of confidences from 0 to 1; the last one has 1, too."""
UNSURE = "-"
"""The bin of findings that say no confidence."""
OTHER = "other"
"""Languages that are called as none is."""
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z]{4})?(-[A-Za-z]{2})?")
MOST = 100
"""Of what the service may name without end, that are told."""


class Inspection:
    """Counts what was found, row by row; what it holds does not grow with the corpus.

    Attributes:
        documents: with a result, by language.
        without_result: documents.
        text_records: that the service says it bills.
        findings: by category and language.
        documents_with: at least one finding, by category and language.
        confidences: of the findings, by category and bin.
    """

    def __init__(self) -> None:
        self.documents: Counter[str] = Counter()
        self.without_result = self.text_records = 0
        self.findings: Counter[tuple[str, str]] = Counter()
        self.documents_with: Counter[tuple[str, str]] = Counter()
        self.confidences: Counter[tuple[str, int | str]] = Counter()

    def take(self, row: JsonObject) -> None:
        """Count what was found in a document.

        Raises:
            InvalidInputError: its result tells nothing of findings.
        """
        entities = found_in(row)
        if entities is None:
            self.without_result += 1
            return
        language = _shown(text_or_none(row.get("language")) or UNSURE)
        self.documents[language] += 1
        self.text_records += whole(row.get("text_records")) or 0
        for entity in entities:
            category = category_of(entity)
            self.findings[category, language] += 1
            self.confidences[category, _bin(number(entity.get("confidenceScore")))] += 1
        self.documents_with.update((category, language) for category in set(map(category_of, entities)))

    def left(self, policy: RedactionPolicy) -> Iterator[tuple[str, int]]:
        """The categories of which a policy leaves findings in the clear, with their number."""
        for category in sorted({category for category, _ in self.findings}):
            if policy.way(category).kind == "leave":
                yield category, sum(count for (one, _), count in self.findings.items() if one == category)

    def unnamed(self, policy: RedactionPolicy) -> list[str]:
        """The categories that were found, and for which a policy has no more than its default."""
        named = {category for category, _ in policy.categories}
        return sorted({category for category, _ in self.findings} - named)

    def told(self, policy: RedactionPolicy | None = None) -> dict[str, Any]:
        """All of it as JSON of bounded size, which quotes nothing that a document, or its column, may say.

        Args:
            policy: to tell what it leaves in the clear; None for none.
        """
        categories = sorted({category for category, _ in self.findings})
        told: dict[str, Any] = {
            "documents": self.documents.total(),
            "without_result": self.without_result,
            "text_records": self.text_records,
            "languages": dict(self.documents.most_common(MOST)),
            "findings": [
                {
                    "category": category,
                    "language": language,
                    "findings": found,
                    "documents": self.documents_with[category, language],
                }
                for (category, language), found in sorted(self.findings.most_common(MOST))
            ],
            "confidences": {one: self.bins(one) for one in categories[:MOST]},
        }
        if policy is not None:
            told["policy_sha256"] = policy.digest
            told["left"] = dict(islice(self.left(policy), MOST))
            told["unnamed"] = self.unnamed(policy)[:MOST]
        return told

    def bins(self, category: str) -> list[int]:
        """The findings of a category by confidence, from 0 on; the last bin has those without any."""
        return [self.confidences[category, one] for one in (*range(BINS), UNSURE)]


def _shown(language: str) -> str:
    """A language as it is told: a column may have anything in its place."""
    return language if language == UNSURE or _LANGUAGE.fullmatch(language) else OTHER


def _bin(confidence: float | None) -> int | str:
    return UNSURE if confidence is None else min(max(int(confidence * BINS), 0), BINS - 1)
