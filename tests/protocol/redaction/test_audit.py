"""An auditor is told of each finding where it was and what became of it, and by what; and no text."""

from __future__ import annotations

from typing import Any

from airflow_provider_language.protocol.redaction.audit import Provenance, records_of
from airflow_provider_language.protocol.redaction.redacting import redact
from airflow_provider_language.protocol.redaction.spans import Span
from airflow_provider_language.protocol.tables.schema import REDACTIONS
from tests.protocol.redaction.policies import KEY, policy


def test_each_finding_has_a_record_with_all_that_an_auditor_asks_for() -> None:
    by = policy(Person="pseudonym", Organization="leave")
    spans = [Span(0, 4, "Person", 0.75), Span(9, 16, "Organization")]
    changes = redact("Anna and Contoso", spans, by, KEY).changes
    row: dict[str, Any] = {
        "document_id": "a",
        "task": "pii",
        "model_version": "2026-01-01",
        "result": {"secret": "Anna"},
    }

    records = list(records_of(row, changes, Provenance(by.digest, KEY.id, "run")))

    names = [column.name for column in REDACTIONS.columns]
    assert [dict(zip(names, record, strict=True)) for record in records] == [
        {
            "document_id": "a",
            "task": "pii",
            "item_id": None,
            "entity": 0,
            "category": "Person",
            "offset": 0,
            "length": 4,
            "confidence_score": 0.75,
            "way": "pseudonym",
            "redacted_offset": 0,
            "redacted_length": 27,
            "model_version": "2026-01-01",
            "policy": by.digest,
            "key_id": KEY.id,
            "run": "run",
            "found_by": "service",
        },
        {
            "document_id": "a",
            "task": "pii",
            "item_id": None,
            "entity": 1,
            "category": "Organization",
            "offset": 9,
            "length": 7,
            "confidence_score": None,
            "way": "leave",
            "redacted_offset": 32,
            "redacted_length": 7,
            "model_version": "2026-01-01",
            "policy": by.digest,
            "key_id": KEY.id,
            "run": "run",
            "found_by": "service",
        },
    ]


def test_what_a_second_pass_has_found_is_told_behind_the_findings_and_says_so() -> None:
    by = policy(Person="pseudonym")
    changes = redact("Anna and Otto", [Span(0, 4, "Person", 0.75)], by, KEY, [Span(9, 13, "Person")]).changes
    row: dict[str, Any] = {"document_id": "a", "task": "pii"}
    places = [column.name for column in REDACTIONS.columns]
    wanted = [*map(places.index, ("entity", "way", "offset", "confidence_score", "found_by"))]

    records = list(records_of(row, changes, Provenance(by.digest, KEY.id, "run"), found=1))

    assert [[record[place] for place in wanted] for record in records] == [
        [0, "pseudonym", 0, 0.75, "service"],
        [1, "leave", 9, None, "second_pass"],
    ]
