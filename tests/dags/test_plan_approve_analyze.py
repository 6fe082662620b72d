"""The example that asks a person: what is shown is the plan, what may be charged is what was approved of."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import airflow
import pytest

from airflow_provider_language._compat import AIRFLOW_3
from tests.airflow_stands import TaskInstance, context_of
from tests.dags.conftest import ASKER, EXAMPLES, SIGNER
from tests.dags.run_dags import load

if TYPE_CHECKING:
    from airflow_provider_language.emulator import Emulator

FILE = EXAMPLES / f"{ASKER}.py"


def can_ask() -> bool:
    return AIRFLOW_3 and not airflow.__version__.startswith("3.0.")


class Told(TaskInstance):
    """Has what another task has returned."""

    def xcom_pull(self, *, task_ids: str, **_: Any) -> Any:
        return self.xcoms[task_ids]


@pytest.mark.parametrize("version", ["2.11.2", "3.0.6"])
def test_on_an_airflow_that_cannot_ask_the_file_loads_and_has_no_dag(
    monkeypatch: pytest.MonkeyPatch, version: str
) -> None:
    monkeypatch.setattr("airflow.__version__", version)

    assert not hasattr(load(FILE), ASKER)


@pytest.mark.skipif(not can_ask(), reason="this Airflow has no tasks that ask people")
@pytest.mark.parametrize("example", [ASKER, SIGNER])
def test_a_day_is_waited_for_an_answer(example: str) -> None:
    approve = getattr(load(EXAMPLES / f"{example}.py"), example)().get_task("approve")

    assert timedelta(days=1) in (getattr(approve, "response_timeout", None), approve.execution_timeout)


@pytest.mark.skipif(not can_ask(), reason="this Airflow has no tasks that ask people")
@pytest.mark.parametrize("example", [ASKER, SIGNER])
def test_an_older_standard_provider_is_told_to_wait_by_the_only_name_that_it_knows(
    monkeypatch: pytest.MonkeyPatch, example: str
) -> None:
    from airflow.providers.standard.operators import hitl
    from airflow.sdk import BaseOperator

    class Older(BaseOperator):
        """Which refuses a name that it does not know, as all operators do."""

        def __init__(self, *, subject: str, body: str, defaults: str, **kwargs: Any):
            super().__init__(**kwargs)

    monkeypatch.setattr(hitl, "HITLOperator", Older)
    monkeypatch.setattr(hitl, "ApprovalOperator", Older)
    approve = getattr(load(EXAMPLES / f"{example}.py"), example)().get_task("approve")

    assert approve.execution_timeout == timedelta(days=1)


@pytest.mark.skipif(not can_ask(), reason="this Airflow has no tasks that ask people")
def test_what_is_shown_and_what_may_be_charged_follow_from_the_plan(
    language: Emulator, tmp_path: Path
) -> None:
    dag = getattr(load(FILE), ASKER)()
    plan, approve, analyze = (dag.get_task(name) for name in ("plan", "approve", "analyze"))
    assert plan.downstream_task_ids == {"approve"}
    assert approve.downstream_task_ids == {"analyze"}
    params = {"source": str(EXAMPLES / "data" / "reviews.jsonl"), "output": str(tmp_path / "out"), "price": 2}
    ti = Told()

    plan.render_template_fields(context_of(ti, params=params))
    quote = plan.execute(context_of(ti, params=params))
    ti.xcoms["plan"] = json.loads(json.dumps(quote))
    assert language.journal.count("POST", "/") == 0

    approve.render_template_fields(context_of(ti, params=params))
    assert (
        approve.subject == f"Analyze {quote['documents']} documents for {quote['text_records']} text records?"
    )
    assert f"| cost | {quote['cost']} |" in approve.body
    assert f"| of them, cannot be analyzed | {quote['refused']} |" in approve.body

    analyze.render_template_fields(context_of(ti, params=params))
    assert quote["text_records"] < int(analyze.max_text_records) <= quote["text_records"] * 1.1 + 1
