"""A corpus that somebody approves of before it is paid for: plan, ask, analyze.

`plan` reads the corpus and reckons what it will cost; nothing is sent. `approve` shows that under Required
Actions in the Airflow UI, and waits for a day without a worker; without an answer, nothing is analyzed.
`analyze` may be charged what was approved of, and a tenth more for documents that are submitted again.

It needs Airflow 3.1, since which tasks can ask people, and its standard provider; on an older one there is
no such DAG. There, `max_text_records` is a bound that nobody needs to be asked about.
"""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from inspect import signature
from pathlib import Path
from typing import Any

from airflow import __version__ as airflow_version

from airflow_provider_language.operators.analyze import AnalyzeCorpusOperator
from airflow_provider_language.tasks import PiiEntityRecognition

REVIEWS = Path(__file__).parent / "data" / "reviews.jsonl"
PLAN = "{% set quote = ti.xcom_pull(task_ids='plan') %}"
SUBJECT = PLAN + "Analyze {{ quote.documents }} documents for {{ quote.text_records }} text records?"
BODY = (
    PLAN
    + """
| | |
|---|--:|
| documents | {{ quote.documents }} |
| of them, cannot be analyzed | {{ quote.refused }} |
| text records | {{ quote.text_records }} |
| not charged again | {{ quote.known.text_records }} |
| cost | {{ quote.cost | default('no price was told') }} |
| jobs | {{ quote.jobs }} |
| minutes, about | {{ quote.minutes }} |
"""
)
APPROVED = PLAN + "{{ (quote.text_records * 1.1) | int + 1 }}"

if tuple(map(int, airflow_version.split(".")[:2])) >= (3, 1):
    from airflow.providers.standard.operators.hitl import ApprovalOperator, HITLOperator
    from airflow.sdk import Param, dag

    # For an answer; older standard providers take the time of the whole task for it.
    is_apart = "response_timeout" in signature(HITLOperator).parameters
    DAY: Any = {"response_timeout" if is_apart else "execution_timeout": timedelta(days=1)}

    @dag(
        schedule=None,
        start_date=datetime(2026, 1, 1, tzinfo=timezone.utc),
        tags=["azure-ai-language", "example"],
        doc_md=__doc__,
        params={
            "source": Param(str(REVIEWS), type="string", description="What AnalyzeCorpusOperator reads."),
            "output": Param(
                "file:///tmp/plan_approve_analyze",
                type="string",
                description="The folder below which the results are written, on any object storage.",
            ),
            "price": Param(
                None, type=["null", "number"], description="Of a thousand text records, in your currency."
            ),
        },
    )
    def plan_approve_analyze() -> None:
        asked: dict[str, Any] = {
            "source": "{{ params.source }}",
            "tasks": [PiiEntityRecognition()],
            "destination": "{{ params.output }}",
            "price_per_thousand_records": "{{ params.price }}",
        }
        plan = AnalyzeCorpusOperator(
            task_id="plan", doc_md="Quotes the corpus, and sends nothing.", plan_only=True, **asked
        )
        approve = ApprovalOperator(
            task_id="approve",
            doc_md="Waits for a person's word on the quote.",
            subject=SUBJECT,
            body=BODY,
            defaults="Reject",
            **DAY,
        )
        analyze = AnalyzeCorpusOperator(
            task_id="analyze",
            doc_md="Analyzes what was approved.",
            max_text_records=APPROVED,
            # An empty text is a document without a result, not a failed run.
            max_failed_documents=0.5,
            retries=2,
            **asked,
        )
        plan >> approve >> analyze

    plan_approve_analyze()
