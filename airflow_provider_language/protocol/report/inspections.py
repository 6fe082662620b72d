"""The figures of an inspection's report: what personal data was found, how sure, and what a policy leaves.

They are of the same counts as its table. The page is as large for a million documents as for a hundred: of
categories and languages, which a service may name without end, the most frequent ones are in it, and it
tells how many are not.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from airflow_provider_language.protocol.corpus.quotes import cost_of
from airflow_provider_language.protocol.redaction.inspecting import BINS, MOST, UNSURE, Inspection
from airflow_provider_language.protocol.redaction.policies import RedactionPolicy
from airflow_provider_language.protocol.redaction.ways import Way
from airflow_provider_language.protocol.redaction.wholes import Whole
from airflow_provider_language.protocol.report.figures import Bar, bars_of

_WORDS = {
    "mask": "masked",
    "category": "replaced by the category",
    "remove": "removed",
    "pseudonym": "replaced by a pseudonym",
    "leave": "left in the clear",
}
"""What becomes of a category, by the kind of its way."""
NOT_TOLD = "not told"
"""Of a language or a confidence that nobody has told."""


@dataclass(frozen=True)
class Category:
    """What was found of a category in all languages.

    Args:
        label: of it.
        findings: how many.
        documents: that have some.
        share: of the findings of the most frequent one, from 0 to 1.
        bins: the findings by confidence; the last bin has those without any.
        becomes: of it by the policy, in words; empty where there is none.
        is_left: whether the policy leaves it in the clear.
        is_named: whether the policy names it, rather than having a default alone.
    """

    label: str
    findings: int
    documents: int
    share: float
    bins: Sequence[int]
    becomes: str = ""
    is_left: bool = False
    is_named: bool = True


@dataclass(frozen=True)
class Pair:
    """What was found of a category in the documents of a language.

    Args:
        category: of it.
        language: of the documents.
        findings: how many.
        documents: that have some.
        of: documents of the language.
    """

    category: str
    language: str
    findings: int
    documents: int
    of: int


@dataclass(frozen=True)
class InspectionReport:
    """All that the report of an inspection shows.

    Args:
        results: where the rows are that were looked at.
        documents: that were looked at.
        without_result: of them.
        findings: in the others.
        text_records: that the service says it bills for them.
        cost: of these; None where nobody has told a price.
        whole: all documents, of which these may be a sample; None where nobody has told of them.
        policy: by which it is told what is left; None for none.
        languages: documents, by language.
        categories: the first ones are those that the policy leaves.
        more_categories: that are not shown, and ``more_left`` of them the policy leaves.
        pairs: of a category and a language; those that are not shown are ``more_pairs``.
        confidences: all findings, by confidence.
    """

    results: str
    documents: int
    without_result: int
    findings: int
    text_records: int
    cost: float | None
    whole: Whole | None
    policy: RedactionPolicy | None
    languages: tuple[Bar, ...]
    categories: tuple[Category, ...]
    more_categories: int
    more_left: int
    pairs: tuple[Pair, ...]
    more_pairs: int
    confidences: tuple[Bar, ...]

    @property
    def left(self) -> tuple[Category, ...]:
        """The categories that the policy leaves in the clear."""
        return tuple(one for one in self.categories if one.is_left)

    @property
    def unnamed(self) -> tuple[Category, ...]:
        """Those that the policy does not name."""
        return tuple(one for one in self.categories if not one.is_named)

    @property
    def default(self) -> str:
        """What becomes of those, in words."""
        return "" if self.policy is None else words_of(self.policy.default)


def inspection_report(
    inspection: Inspection,
    results: str,
    *,
    policy: RedactionPolicy | None = None,
    whole: Whole | None = None,
    price: float | None = None,
) -> InspectionReport:
    """Make the figures of an inspection's report.

    Args:
        inspection: of all rows.
        results: where these are.
        policy: to tell what it leaves in the clear; None for none.
        whole: all documents, of which these may be a sample; None where nobody has told of them.
        price: of a thousand text records; None for that of the whole.
    """
    price = whole.price if price is None and whole is not None else price
    categories = _categories(inspection, policy)
    return InspectionReport(
        results=results,
        documents=inspection.documents.total() + inspection.without_result,
        without_result=inspection.without_result,
        findings=inspection.findings.total(),
        text_records=inspection.text_records,
        cost=None if price is None else cost_of(inspection.text_records, price),
        whole=whole,
        policy=policy,
        languages=bars_of(_languages(inspection)),
        categories=tuple(categories[:MOST]),
        more_categories=len(categories[MOST:]),
        more_left=sum(one.is_left for one in categories[MOST:]),
        pairs=_pairs(inspection),
        more_pairs=max(len(inspection.findings) - MOST, 0),
        confidences=_confidences(inspection),
    )


def words_of(way: Way) -> str:
    """What becomes of a text by a way of redacting, in words."""
    if way.kind == "keep_last":
        return f"masked but for the last {way.kept}"
    return _WORDS[way.kind]


def _categories(inspection: Inspection, policy: RedactionPolicy | None) -> list[Category]:
    findings, documents = (
        _by_category(counts.items()) for counts in (inspection.findings, inspection.documents_with)
    )
    unnamed = frozenset(inspection.unnamed(policy)) if policy is not None else frozenset[str]()
    greatest = max(findings.values(), default=1)
    categories = [
        Category(
            label,
            count,
            documents[label],
            count / greatest,
            inspection.bins(label),
            "" if policy is None else words_of(policy.way(label)),
            policy is not None and policy.way(label).kind == "leave",
            label not in unnamed,
        )
        for label, count in findings.items()
    ]
    return sorted(categories, key=lambda one: (not one.is_left, -one.findings, one.label))


def _by_category(counts: Iterable[tuple[tuple[str, str], int]]) -> Counter[str]:
    sums: Counter[str] = Counter()
    for (category, _), count in counts:
        sums[category] += count
    return sums


def _pairs(inspection: Inspection) -> tuple[Pair, ...]:
    return tuple(
        Pair(
            category,
            _language(language),
            count,
            inspection.documents_with[category, language],
            inspection.documents[language],
        )
        for (category, language), count in sorted(inspection.findings.most_common(MOST))
    )


def _languages(inspection: Inspection) -> Counter[str]:
    return Counter({_language(one): count for one, count in inspection.documents.items()})


def _language(label: str) -> str:
    return NOT_TOLD if label == UNSURE else label


def _confidences(inspection: Inspection) -> tuple[Bar, ...]:
    sums: Counter[int | str] = Counter()
    for (_, one), count in inspection.confidences.items():
        sums[one] += count
    greatest = max(sums.values(), default=1)
    labels: dict[int | str, str] = {one: f"{one / BINS:.1f} to {(one + 1) / BINS:.1f}" for one in range(BINS)}
    labels[UNSURE] = NOT_TOLD
    return tuple(Bar(label, sums[one], sums[one] / greatest) for one, label in labels.items())
