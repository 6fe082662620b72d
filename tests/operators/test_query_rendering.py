"""A query as Airflow renders, stores and shows it: templates and XComs work, and no value is among it."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest

from airflow_provider_language._compat import AIRFLOW_3, AirflowFailException
from airflow_provider_language.documents import SqlSource
from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.operators.analyze import AnalyzeCorpusOperator, SubmitAnalyzeJobOperator
from airflow_provider_language.running.sources import query_in
from tests.airflow_stands import CANARY
from tests.operators.test_rendering import RUN_ID, LazyXComs, mapped, rendering, stored_fields

if TYPE_CHECKING or AIRFLOW_3:
    from airflow.sdk import DAG
else:
    from airflow import DAG


@pytest.fixture
def dag(tmp_path: Path) -> DAG:
    return DAG(
        "reviews",
        schedule=None,
        start_date=datetime(2026, 1, 1, tzinfo=timezone.utc),
        template_searchpath=[str(tmp_path)],
    )


def corpus(dag: DAG, source: SqlSource) -> AnalyzeCorpusOperator:
    return AnalyzeCorpusOperator(
        task_id=f"task_{len(dag.tasks)}",
        dag=dag,
        source=source,
        tasks=["KeyPhraseExtraction"],
        destination="/a",
    )


def rendered(dag: DAG, source: SqlSource, times: int = 1) -> SqlSource:
    """The query of a task after so many renderings."""
    task = corpus(dag, source)
    for _ in range(times):
        task.render_template_fields(rendering(dag))
    return cast("SqlSource", query_in(task.source))


def test_templates_are_rendered_in_every_field(dag: DAG) -> None:
    source = SqlSource(
        "of_{{ run_id }}",
        "SELECT '{{ run_id }}'",
        order_by=["{{ run_id }} DESC"],
        parameters={"run": "{{ run_id }}", "least": 3},
    )

    assert rendered(dag, source) == SqlSource(
        f"of_{RUN_ID}",
        f"SELECT '{RUN_ID}'",
        order_by=[f"{RUN_ID} DESC"],
        parameters={"run": RUN_ID, "least": 3},
    )


def test_a_query_may_stand_in_a_file_of_its_own(dag: DAG, tmp_path: Path) -> None:
    (tmp_path / "reviews.sql").write_text("SELECT '{{ run_id }}'")

    assert rendered(dag, SqlSource("warehouse", "reviews.sql")).sql == f"SELECT '{RUN_ID}'"


@pytest.mark.parametrize("lazy", [LazyXComs("one", "two"), mapped(LazyXComs("one", "two"), str)])
def test_lazy_sequences_may_be_parameters_or_stand_in_them(dag: DAG, lazy: Any) -> None:
    assert rendered(dag, SqlSource("db", "SELECT", parameters={"names": lazy})).parameters == {
        "names": ["one", "two"]
    }
    assert rendered(dag, SqlSource("db", "SELECT", parameters=lazy)).parameters == ["one", "two"]
    assert rendered(dag, SqlSource("db", "SELECT", order_by=lazy)).order_by == ["one", "two"]


def test_a_task_runs_after_those_whose_outputs_stand_in_its_query(dag: DAG) -> None:
    upstream = SubmitAnalyzeJobOperator(
        task_id="submit", dag=dag, documents=["a"], tasks=["KeyPhraseExtraction"]
    )

    task = corpus(dag, SqlSource("db", "SELECT", parameters={"job": upstream.output}))

    assert task.upstream_task_ids == {"submit"}


@pytest.mark.parametrize("nothing", ["{{ '' }}", "{{ none }}"])
def test_a_query_that_is_rendered_to_nothing_is_refused_for_good(dag: DAG, nothing: str) -> None:
    for source in (SqlSource("db", nothing), SqlSource(nothing, "SELECT")):
        with pytest.raises(AirflowFailException, match="of SqlSource is"):
            rendered(dag, source)


def test_what_was_rendered_is_no_template(dag: DAG) -> None:
    source = SqlSource("db", "SELECT", parameters=["{{ '{' + '{ run_id }' + '}' }}"])

    assert rendered(dag, source, times=2).parameters == ["{{ run_id }}"]


def test_what_is_stored_shows_the_query_and_no_parameter(dag: DAG) -> None:
    task = corpus(dag, SqlSource("warehouse", "SELECT 1 AS id", parameters=[CANARY]))
    task.render_template_fields(rendering(dag))

    stored = json.dumps(stored_fields(task))
    assert "SqlSource(conn_id='warehouse', sql='SELECT 1 AS id'" in stored
    assert CANARY not in stored


def test_a_query_among_others_is_refused_when_the_dag_is_parsed(dag: DAG) -> None:
    with pytest.raises(InvalidInputError, match="stands in no list"):
        corpus(dag, [SqlSource("db", "SELECT"), "/data/a.csv"])  # type: ignore[arg-type]


def test_each_of_several_queries_has_a_task_of_its_own(dag: DAG) -> None:
    partial = AnalyzeCorpusOperator.partial(
        task_id="task", dag=dag, tasks=["KeyPhraseExtraction"], destination="/a"
    )
    task: Any = partial.expand(source=[SqlSource("one", "SELECT 1"), SqlSource("two", "SELECT 2")])
    context = rendering(dag, map_index=1)
    context["ti"].task = task
    task.render_template_fields(context)

    assert query_in(cast("Any", context["task"]).source) == SqlSource("two", "SELECT 2")
