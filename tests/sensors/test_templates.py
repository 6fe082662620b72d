"""Templates that a triggerer can render are let through; those it would wait for in vain are refused."""

from __future__ import annotations

import pytest
from jinja2.sandbox import SandboxedEnvironment

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.sensors.templates import require_renderable

LEAVE_OUT = "Leave start_from_trigger out"


@pytest.mark.parametrize(
    "template",
    [
        "https://name.example/language/analyze-text/jobs/job-1?api-version=2026-05-01",
        "{{ ti.xcom_pull(task_ids='submit', map_indexes=-1) }}",
        "{{ task_instance.xcom_pull('submit', key='job', map_indexes=[0, 1]) | list }}",
        "{{ ti.xcom_pull(task_ids=['a', 'b'], map_indexes=None) }}",
        "{{ ti.xcom_pull(task_ids='submit', map_indexes=ti.map_index)[0] }}",
        "{% for job in ti.xcom_pull('submit', map_indexes=-1) %}{{ job }}{% endfor %}",
        "{% set jobs = ti.xcom_pull('submit', map_indexes=range(3)) %}{{ jobs }}",
        "{{ params.location or dag_run.conf['location'] }}",
        "{{ var.value.location }}{{ conn.language.host }}{{ ds }}",
    ],
)
def test_what_a_triggerer_knows_is_let_through(template: str) -> None:
    require_renderable(template, SandboxedEnvironment())


@pytest.mark.parametrize(
    "template",
    [
        "{{ ti.xcom_pull(task_ids='submit') }}",
        "{{ task_instance.xcom_pull('submit', key='job') }}",
        "{{ ti.xcom_pull('a', map_indexes=-1) }}{{ ti.xcom_pull('b') }}",
        "{% set mine = ti.xcom_pull('submit') %}{{ mine }}",
    ],
)
def test_an_xcom_pull_that_would_wait_for_ever_is_refused_with_what_to_write(template: str) -> None:
    with pytest.raises(InvalidInputError, match="Pass map_indexes=-1"):
        require_renderable(template, SandboxedEnvironment())


@pytest.mark.parametrize(
    "template",
    [
        "{{ ti }}",
        "{{ ti.get_previous_dagrun().run_id }}",
        "{{ ti['xcom_pull'](task_ids='submit') }}",
        "{{ (ti | attr('xcom_pull'))('submit') }}",
        "{% set me = ti %}{{ me.xcom_pull('submit', map_indexes=-1) }}",
        "{% set pull = ti.xcom_pull %}{{ pull('submit') }}",
    ],
)
def test_other_uses_of_the_task_instance_are_refused(template: str) -> None:
    with pytest.raises(InvalidInputError, match=f"no more of the task instance.*{LEAVE_OUT}"):
        require_renderable(template, SandboxedEnvironment())


@pytest.mark.parametrize(
    ("template", "missing"),
    [
        ("{{ prev_start_date_success }}", "prev_start_date_success"),
        ("{{ inlet_events }}", "inlet_events"),
        ("{{ task_state_store.get('x') }}", "task_state_store"),
        ("{{ the_macro_of_a_dag(ds) }}", "the_macro_of_a_dag"),
        ("{{ b }}{{ a }}", "a, b"),
    ],
)
def test_a_variable_that_a_triggerer_does_not_have_is_refused_by_name(template: str, missing: str) -> None:
    with pytest.raises(InvalidInputError, match=f"a triggerer has no {missing}\\. {LEAVE_OUT}"):
        require_renderable(template, SandboxedEnvironment())


@pytest.mark.parametrize("template", ["{{ ", "{{ ds | a_filter_of_a_dag }}", "{% unheard %}"])
def test_a_template_that_cannot_be_read_is_refused(template: str) -> None:
    with pytest.raises(InvalidInputError, match=f"cannot render .*{LEAVE_OUT}"):
        require_renderable(template, SandboxedEnvironment())
