"""What personal data was found in rows that have landed, in counts: a table, and a page for people."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from airflow_provider_language.protocol.jobs.redaction import REDACTING_KINDS
from airflow_provider_language.protocol.redaction.inspecting import BINS, Inspection
from airflow_provider_language.protocol.redaction.policies import RedactionPolicy
from airflow_provider_language.protocol.redaction.wholes import Whole
from airflow_provider_language.protocol.report.inspections import inspection_report
from airflow_provider_language.reports.rendering import rendered_inspection
from airflow_provider_language.running.evaluating import rows_of_findings
from airflow_provider_language.storage.files import replace_file


@dataclass(frozen=True)
class Inspected:
    """What was counted, and what it is held against.

    Args:
        results: where the rows are.
        inspection: what was found in them.
        policy: to tell what it leaves in the clear; None for none.
        whole: all documents, of which these may be a sample; None where nobody has told of them.
        price: of a thousand text records; None for that of the whole, if it has one.
    """

    results: str
    inspection: Inspection
    policy: RedactionPolicy | None = None
    whole: Whole | None = None
    price: float | None = None

    def told(self) -> dict[str, Any]:
        """All of it as JSON of bounded size, in which no document is quoted."""
        told = self.inspection.told(self.policy)
        return told if self.whole is None else {**told, "whole": self.whole.told()}

    def lines(self) -> Iterator[str]:
        """All of it in words, for a terminal."""
        found, whole = self.inspection, self.whole
        yield (
            f"{found.documents.total()} documents with a result, {found.without_result} without; "
            f"{found.text_records} text records billed"
        )
        if whole is not None:
            yield from _of_whole(whole)
        for (category, language), number in sorted(found.findings.items()):
            of = found.documents[language]
            yield (
                f"{category} {language}: {number} findings in "
                f"{found.documents_with[category, language]} of {of} documents"
            )
        yield f"Findings by confidence, from 0 to 1 in {BINS} bins, and of those without:"
        for category in sorted({category for category, _ in found.findings}):
            yield f"{category}: {' '.join(map(str, found.bins(category)))}"
        if self.policy is not None:
            yield f"Policy {self.policy.digest}"
            for category, number in found.left(self.policy):
                yield f"left in the clear: {category}, {number} findings"
            unnamed = ", ".join(found.unnamed(self.policy)) or "none"
            yield f"not named, so that the default is for them: {unnamed}"

    def write(self, location: str) -> None:
        """Write the page, in the place of an old one or of none.

        Args:
            location: of the file.
        """
        report = inspection_report(
            self.inspection, self.results, policy=self.policy, whole=self.whole, price=self.price
        )
        replace_file(location, rendered_inspection(report))


def inspect(results: str, task: str | None = None) -> Inspection:
    """Count what was found in rows that have landed; see :func:`rows_of_findings`.

    Raises:
        InvalidInputError: there are no such rows, or a result tells nothing of findings.
    """
    inspection = Inspection()
    for row in rows_of_findings(results, task, REDACTING_KINDS):
        inspection.take(row)
    return inspection


def _of_whole(whole: Whole) -> Iterator[str]:
    records = (
        "text records that nobody knows"
        if whole.text_records is None
        else f"{whole.text_records} text records"
    )
    known = f", and {whole.known_text_records} that are not charged again" if whole.known_text_records else ""
    cost = "" if whole.cost is None else f"; they cost {whole.cost}"
    yield f"{whole.documents} documents in all, {records}{known}{cost}"
