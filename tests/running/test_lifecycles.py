"""The log of a task tells of the kinds that the service retires soon, once and without a text."""

from __future__ import annotations

import logging
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import time_machine

from airflow_provider_language.operators.analyze import AnalyzeCorpusOperator, SubmitAnalyzeJobOperator
from airflow_provider_language.tasks import ExtractiveSummarization, PiiEntityRecognition
from tests.airflow_stands import CANARY, context_of

if TYPE_CHECKING:
    from airflow_provider_language.emulator import Emulator

LAST_YEAR = datetime(2028, 7, 1, tzinfo=timezone.utc)
TASKS = [ExtractiveSummarization(), PiiEntityRecognition()]


def told(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if "retires" in record.getMessage()]


def submit(**options: Any) -> None:
    SubmitAnalyzeJobOperator(task_id="task", documents=[CANARY], tasks=TASKS, **options).execute(context_of())


@pytest.mark.parametrize(("years", "lines"), [(0, 1), (-1, 0)])
def test_a_job_of_a_kind_in_its_last_year_has_one_line_for_that_kind(
    language: Emulator, caplog: pytest.LogCaptureFixture, years: int, lines: int
) -> None:
    caplog.set_level(logging.INFO)
    with time_machine.travel(LAST_YEAR.replace(year=LAST_YEAR.year + years), tick=True):
        submit(wait_for_completion=True, deferrable=False)

    assert [line.partition(" on ")[0] for line in told(caplog)] == [
        "Azure AI Language retires ExtractiveSummarization"
    ] * lines
    assert CANARY not in caplog.text


def test_a_corpus_tells_it_once_and_not_again_when_it_goes_on(
    language: Emulator, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    source = tmp_path / "reviews.txt"
    source.write_text("The room was lovely.")
    operator = AnalyzeCorpusOperator(
        task_id="corpus",
        source=str(source),
        tasks=["ExtractiveSummarization"],
        language="en",
        destination=str(tmp_path / "analyzed"),
        tables_format=None,
        max_failed_documents=1.0,
    )
    with time_machine.travel(LAST_YEAR, tick=True):
        operator.execute(context_of())
        operator.resume(context_of(), {})

    assert len(told(caplog)) == 1
