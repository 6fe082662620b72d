"""Redaction that somebody signs: draw a sample, look at it, ask, redact all, and measure.

`draw` takes a few documents, by a seed, of each language and file; `analyze_sample` pays these alone.
`plan` counts what the rest will cost, and `inspect` what was found in the sample. `approve` shows both under
Required Actions in the Airflow UI: categories, figures and the policy's digest, and no text; the same is a
page, `inspection.html` in `output`. Without an answer within a day, nothing more is sent. `redact` writes
the copy by the policy. `evaluate` holds what is found in a labelled sample against its labels, and fails
where too little was found.

With a `digest_key` in `[azure_language]`, the ledger of the destination knows the sample again, and it is
paid once. Pseudonyms in the policy need a `redaction_key` there. The sample has texts as they are: let nobody
read `output` but who may read the source, except for `redacted/` and `inspection.html`.

It needs Airflow 3.1, since which tasks can ask people, and its standard provider; on an older one there is
no such DAG.
"""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from inspect import signature
from pathlib import Path
from typing import Any

from airflow import __version__ as airflow_version

import airflow_provider_language
from airflow_provider_language.operators.analyze import (
    AnalyzeCorpusOperator,
    EvaluateFindingsOperator,
    InspectFindingsOperator,
    SampleCorpusOperator,
)
from airflow_provider_language.tasks import PiiEntityRecognition

LETTERS = Path(__file__).parent / "data" / "letters"
LABELLED = Path(airflow_provider_language.__file__).parent / "emulator" / "samples" / "labelled.jsonl"
POLICY = {
    "version": 1,
    "name": "letters",
    "default": "mask",
    "categories": {
        "Person": "category",
        "PhoneNumber": {"way": "keep_last", "characters": 2},
        "Organization": "leave",
    },
}
TOLD = (
    "{% set quote = ti.xcom_pull(task_ids='plan') %}"
    "{% set found = ti.xcom_pull(task_ids='inspect') %}"
    "{% set drawn = ti.xcom_pull(task_ids='draw') %}"
)
SUBJECT = TOLD + "Redact {{ quote.documents }} documents for {{ quote.text_records }} text records?"
BODY = (
    TOLD
    + """
| | |
|---|--:|
| documents | {{ quote.documents }} |
| of them, in the sample | {{ drawn.drawn }} |
| text records | {{ quote.text_records }} |
| not charged again | {{ quote.known.text_records }} |
| cost | {{ quote.cost | default('no price was told') }} |

Found in {{ found.documents }} documents of the sample; {{ found.without_result }} have no result.

| category | language | findings | documents |
|---|---|--:|--:|
{% for one in found.findings -%}
| {{ one.category }} | {{ one.language }} | {{ one.findings }} | {{ one.documents }} |
{% endfor %}
Findings by confidence, from 0 to 1 in tenths, and of those without.

| category | findings |
|---|---|
{% for category, bins in found.confidences.items() -%}
| {{ category }} | {{ bins | join(' ') }} |
{% endfor %}
Left in the clear: {{ found.left | join(', ') or 'nothing that was found' }}.
Not named in the policy, so that its default is for them: {{ found.unnamed | join(', ') or 'none' }}.

The policy is `{{ found.policy_sha256 }}`. All of this is a page, too: {{ found.report }}
"""
)
APPROVED = TOLD + "{{ (quote.text_records * 1.1) | int + 1 }}"


def result_of(task: str) -> str:
    """The folder of a run's rows."""
    return f"{{{{ ti.xcom_pull(task_ids='{task}')['path'] }}}}"


if tuple(map(int, airflow_version.split(".")[:2])) >= (3, 1):
    from airflow.providers.standard.operators.hitl import ApprovalOperator, HITLOperator
    from airflow.sdk import Param, chain, dag

    # For an answer; older standard providers take the time of the whole task for it.
    is_apart = "response_timeout" in signature(HITLOperator).parameters
    DAY: Any = {"response_timeout" if is_apart else "execution_timeout": timedelta(days=1)}

    @dag(
        schedule=None,
        start_date=datetime(2026, 1, 1, tzinfo=timezone.utc),
        tags=["azure-ai-language", "example"],
        doc_md=__doc__,
        params={
            "source": Param(str(LETTERS), type="string", description="What AnalyzeCorpusOperator reads."),
            "output": Param(
                "file:///tmp/inspect_approve_redact",
                type="string",
                description="The folder below which all is written, on any object storage.",
            ),
            "size": Param(2, type="integer", minimum=1, description="Documents of the sample."),
            "price": Param(
                None, type=["null", "number"], description="Of a thousand text records, in your currency."
            ),
        },
    )
    def inspect_approve_redact() -> None:
        asked: dict[str, Any] = {
            "tasks": [PiiEntityRecognition()],
            "destination": "{{ params.output }}",
            "redacted_only": True,
        }
        whole = {**asked, "source": "{{ params.source }}", "price_per_thousand_records": "{{ params.price }}"}
        whole |= {"redacted_copy": True, "redaction_policy": POLICY}
        sample = "{{ params.output }}/sample.jsonl"
        draw = SampleCorpusOperator(
            task_id="draw",
            doc_md="Draws a sample of the corpus, the same one each time.",
            source="{{ params.source }}",
            sample=sample,
            size="{{ params.size }}",
            seed=1,
        )
        analyze_sample = AnalyzeCorpusOperator(
            task_id="analyze_sample",
            doc_md="Analyzes the sample, which the whole corpus does not pay again.",
            source=sample,
            rows="complete",
            retries=2,
            **asked,
        )
        plan = AnalyzeCorpusOperator(
            task_id="plan", doc_md="Quotes the corpus, and sends nothing.", plan_only=True, **whole
        )
        inspect = InspectFindingsOperator(
            task_id="inspect",
            doc_md="Counts what was found in the sample, and what the policy leaves in the clear.",
            results=result_of("analyze_sample"),
            redaction_policy=POLICY,
            whole=plan.output,
            report_path="{{ params.output }}/inspection.html",
        )
        approve = ApprovalOperator(
            task_id="approve",
            doc_md="Waits for a person's word on the figures.",
            subject=SUBJECT,
            body=BODY,
            defaults="Reject",
            **DAY,
        )
        redact = AnalyzeCorpusOperator(
            task_id="redact",
            doc_md="Analyzes the corpus, and writes its redacted copy.",
            max_text_records=APPROVED,
            retries=2,
            **whole,
        )
        analyze_labelled = AnalyzeCorpusOperator(
            task_id="analyze_labelled",
            doc_md="Analyzes documents of which it is known what stands in them.",
            source=str(LABELLED),
            rows="complete",
            retries=2,
            **asked,
        )
        evaluate = EvaluateFindingsOperator(
            task_id="evaluate",
            doc_md="Holds what was found in them against what stands there.",
            results=result_of("analyze_labelled"),
            sample=str(LABELLED),
            minimum_recall={"Person": 0.5},
            output_path="{{ params.output }}/evaluation.json",
        )
        chain(draw, analyze_sample, plan, inspect, approve, redact, analyze_labelled, evaluate)

    inspect_approve_redact()
