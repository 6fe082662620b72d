"""Letters without personal data: every text file of a folder, redacted by the choices of a form.

Start it from the Airflow UI: folder, language, categories and the way of masking are fields of its form. The
files are packed into as many jobs as the service needs; each waits in the triggerer and is cancelled if it
runs out of time. What comes out is a folder with a redacted copy of each file, and a table of what was found.
"""

from __future__ import annotations

from datetime import datetime, timezone
from pathlib import Path
from typing import Any

try:
    from airflow.sdk import ObjectStoragePath, Param, XComArg, dag, task
except ImportError:  # Airflow 2.11
    from airflow.decorators import dag, task  # type: ignore[no-redef,attr-defined]
    from airflow.io.path import ObjectStoragePath  # type: ignore[import-not-found,no-redef]
    from airflow.models.param import Param  # type: ignore[import-not-found,no-redef]
    from airflow.models.xcom_arg import XComArg

from airflow_provider_language.operators.analyze import (
    FetchAnalyzeResultsOperator,
    SubmitAnalyzeJobOperator,
)

CATEGORIES = ["Person", "Email", "PhoneNumber", "Address", "Date", "Organization", "URL", "IPAddress"]


@dag(
    schedule=None,
    start_date=datetime(2026, 1, 1, tzinfo=timezone.utc),
    catchup=False,
    tags=["azure-ai-language", "example"],
    doc_md=__doc__,
    # So that the chosen categories are a list within the task's parameters, and not the text of one.
    render_template_as_native_obj=True,
    params={
        "folder": Param(
            str(Path(__file__).parent / "data" / "letters"),
            type="string",
            title="Folder",
            section="What is read",
            description="The .txt files below it, on any object storage.",
        ),
        "language": Param(
            "en",
            enum=["en", "de", "es", "fr", "it", "pt"],
            title="Language of the texts",
            section="What is read",
            description="One for all of them.",
        ),
        "categories": Param(
            ["Person", "Email", "PhoneNumber"],
            type="array",
            examples=CATEGORIES,
            title="What to redact",
            section="What is redacted",
            description="Categories of personal data; others of the service can be typed.",
        ),
        "mask": Param(
            "characterMask",
            enum=["characterMask", "entityMask"],
            values_display={"characterMask": "with asterisks", "entityMask": "by the category's name"},
            title="How to redact",
            section="What is redacted",
            description="What stands in the place of what was found.",
        ),
        "output": Param(
            "file:///tmp/redact_folder",
            type="string",
            title="Folder to write into",
            section="What is written",
            description="On any object storage: `found.jsonl`, and a copy of each text in `texts`.",
        ),
    },
)
def redact_folder() -> None:
    @task
    def find_batches(folder: str) -> list[dict[str, Any]]:
        """Tell which documents go into which job; the texts themselves stay where they are."""
        from airflow_provider_language.hooks.language import LanguageHook

        return LanguageHook().batches(folder)

    @task
    def write_texts(results: Any) -> int:
        """Write each redacted text under the name of its file, into a folder beside the table."""
        import json

        table = ObjectStoragePath(results["path"])
        lines = table.read_text().split("\n")  # and no splitlines(), which parts a text at U+2028, too
        redacted = [row for row in map(json.loads, filter(None, lines)) if row["status"] == "ok"]
        for row in redacted:
            path = table.parent / "texts" / row["document_id"]
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(row["result"]["redactedText"])
        return len(redacted)

    submit = SubmitAnalyzeJobOperator.partial(
        task_id="submit",
        doc_md="Submits one job for each batch of files, and waits for it in the triggerer.",
        documents="{{ params.folder }}",
        language="{{ params.language }}",
        tasks=[
            {
                "kind": "PiiEntityRecognition",
                "parameters": {
                    "piiCategories": "{{ params.categories }}",
                    "redactionPolicies": [{"policyKind": "{{ params.mask }}", "isDefault": True}],
                },
            }
        ],
        wait_for_completion=True,
        deferrable=True,
        retries=2,
    ).expand(batch=find_batches("{{ params.folder }}"))

    fetch = FetchAnalyzeResultsOperator(
        task_id="fetch",
        doc_md="Writes a row for each file: what was found, and the redacted text.",
        operation_location=submit.output,
        submitted=XComArg(submit, key="submitted"),
        output_path="{{ params.output }}/{{ run_id }}/found.jsonl",
    )

    write_texts(fetch.output)


redact_folder()
