"""Letters in blob storage without their personal data: the service reads and writes the files itself.

No text passes through Airflow. A SAS does, in the request to the service and nowhere else: it comes out of an
Airflow Variable, is masked in logs, and is in no rendered field, XCom or row. Without one, the service uses
its managed identity.

The emulator takes a folder for the storage accounts of the cloud: start it with ``--blobs`` and a copy of
``dags/data/blobs``, where ``example/letters`` and ``example/redacted`` are two containers of one account.
"""

from __future__ import annotations

from datetime import datetime, timezone

try:
    from airflow.sdk import Param, XComArg, dag
except ImportError:  # Airflow 2.11
    from airflow.decorators import dag  # type: ignore[no-redef,attr-defined]
    from airflow.models.param import Param  # type: ignore[import-not-found,no-redef]
    from airflow.models.xcom_arg import XComArg

from airflow_provider_language.operators.analyze import (
    FetchAnalyzeResultsOperator,
    SubmitAnalyzeJobOperator,
)
from airflow_provider_language.tasks import EntityMask, PiiEntityRecognition

ACCOUNT = "https://example.blob.core.windows.net"
LETTERS = ("complaint.txt", "application.txt")
SAS = "{{ '?' + var.value.blob_sas if var.value.get('blob_sas', '') else '' }}"


@dag(
    schedule=None,
    start_date=datetime(2026, 1, 1, tzinfo=timezone.utc),
    catchup=False,
    tags=["azure-ai-language", "example"],
    doc_md=__doc__,
    params={
        "source": Param(f"{ACCOUNT}/letters", type="string", title="Container or folder to read from"),
        "target": Param(f"{ACCOUNT}/redacted", type="string", title="Container or folder to write into"),
        "output": Param(
            "file:///tmp/native_documents",
            type="string",
            description="The folder to write `blobs.jsonl` into.",
        ),
    },
)
def native_documents() -> None:
    submit = SubmitAnalyzeJobOperator(
        task_id="submit",
        doc_md="Has the service read each letter and write it without personal data; waits in the triggerer.",
        documents=[
            {
                "id": letter,
                "source": f"{{{{ params.source }}}}/{letter}{SAS}",
                "target": f"{{{{ params.target }}}}{SAS}",
                "language": "en",
            }
            for letter in LETTERS
        ],
        tasks=[PiiEntityRecognition(redaction_policies=[EntityMask(is_default=True)])],
        wait_for_completion=True,
        deferrable=True,
        retries=2,
    )
    FetchAnalyzeResultsOperator(
        task_id="fetch",
        doc_md="Writes a row for each letter, with the files that the service wrote.",
        operation_location=submit.output,
        submitted=XComArg(submit, key="submitted"),
        output_path="{{ params.output }}/{{ run_id }}/blobs.jsonl",
    )


native_documents()
