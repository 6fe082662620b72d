"""CPU of a redaction by a policy, for each span, and what it adds to the memory of its process.

Documents of one KB, as a run of a corpus has them: the row of each is looked at, its text is redacted with a
pseudonym for each span, and the audit goes into a file of Parquet. No two surface forms are the same.
"""

from __future__ import annotations

import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from typing import Any

from airflow_provider_language.protocol.corpus.items import Item
from airflow_provider_language.protocol.jobs.string_units import code_points
from airflow_provider_language.protocol.redaction.keys import RedactionKey
from airflow_provider_language.protocol.redaction.policies import policy_from
from airflow_provider_language.protocol.tables.schema import REDACTIONS
from airflow_provider_language.running.corpus.redaction import OwnRedaction, PolicyTexts
from airflow_provider_language.storage.tables.record_writers import RecordsWriter
from tests.bench.tables import Table

SPANS = 20
"""Of a document."""
_FILLER = "wrote again to ask where the parcel is, "
_BOUND = 20.0


def documents(number: int, name: str) -> Iterator[tuple[dict[str, Any], Item]]:
    """Rows with their documents, of which each name is another one."""
    for document in range(number):
        names = [f"{name} {document * SPANS + one:07}" for one in range(SPANS)]
        text = "".join(f"{one} {_FILLER}" for one in names)
        entities, at = [], 0
        for one in names:
            entities.append(
                {"text": one, "category": "Person", "offset": at, "length": len(one), "confidenceScore": 0.9}
            )
            at += len(one) + 1 + len(_FILLER)
        shown = "".join(f"{'*' * len(one)} {_FILLER}" for one in names)
        row = {
            "document_id": str(document),
            "task": "pii",
            "status": "ok",
            "result": {"redactedText": shown, "entities": entities},
            "model_version": "2026-01-01",
        }
        yield row, Item(str(document), text)


def _seconds(number: int, name: str, audit: Callable[[tuple[Any, ...]], None] | None) -> float:
    """CPU of the redaction alone."""
    policy = policy_from({"version": 1, "default": "pseudonym"})
    own = OwnRedaction(policy, RedactionKey(b"0123456789abcdef"), code_points)
    texts = PolicyTexts(own, "run", audit or (lambda _: None))
    spent = 0.0
    for row, item in documents(number, name):
        began = time.process_time()
        done = texts.of(row, item)
        spent += time.process_time() - began
        if done is None or name in done:
            raise RuntimeError("a name was not redacted")
    return spent


def measured(spans: int) -> Table:
    """Measure it over so many spans."""
    number = spans // SPANS
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for title, name, is_audited in (
            ("ASCII names", "Anna Smith", False),
            ("names with accents", "Zoë Müller", False),
            ("names with accents, with the audit", "Zoë Müller", True),
        ):
            _seconds(max(number // 100, 1), name, None)
            before = _peak()
            writing = RecordsWriter(folder, "audit", "parquet", REDACTIONS) if is_audited else nullcontext()
            with writing as audit:
                seconds = _seconds(number, name, None if audit is None else audit.write)
            rows.append((title, number * SPANS, seconds / (number * SPANS) * 1e6, _peak() - before))
    return Table(
        "Redaction by a policy, with a pseudonym for each span",
        ("what", "spans", "us of CPU per span", "MB more at the peak"),
        rows,
        (f"Bound: {_BOUND:g} us without the audit, of which 50,000 records are held at a time.",),
    )


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
