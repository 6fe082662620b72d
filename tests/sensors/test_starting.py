"""A sensor that starts in the triggerer: what Airflow gets for it, and what is refused while it is parsed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta, timezone
from importlib import import_module
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from airflow_provider_language._compat import AIRFLOW_3, TRIGGERS_RENDER_TEMPLATES, XComArg
from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.operators.analyze import SubmitAnalyzeJobOperator
from airflow_provider_language.running.limits import BACKSTOP
from airflow_provider_language.sensors import starting
from airflow_provider_language.sensors.analyze import AnalyzeJobSensor
from tests.airflow_stands import context_of, run_deferrable
from tests.scripted_service import JOBS, VERSION, ScriptedJobs, ScriptedService, job_location

if TYPE_CHECKING or AIRFLOW_3:
    from airflow.sdk import DAG, Asset, task_group
else:
    from airflow.datasets import Dataset as Asset
    from airflow.decorators import task_group
    from airflow.models.dag import DAG

Serve = Callable[..., ScriptedService]
LOCATION = f"https://name.example{JOBS}/job-1?api-version={VERSION}"

where_triggers_render = pytest.mark.skipif(
    not TRIGGERS_RENDER_TEMPLATES, reason="before Airflow 3.3 the option is refused as a whole"
)


def hook(context: Any) -> None:
    """Stands for something that a DAG's author has a worker do."""


@pytest.fixture
def dag() -> Iterator[DAG]:
    with DAG("reviews", schedule=None, start_date=datetime(2026, 1, 1, tzinfo=timezone.utc)) as made:
        yield made


def submitter(**options: Any) -> SubmitAnalyzeJobOperator:
    return SubmitAnalyzeJobOperator(
        task_id="submit", documents=["a"], tasks=["KeyPhraseExtraction"], **options
    )


def mapped_submitter() -> Any:
    return SubmitAnalyzeJobOperator.partial(task_id="submit", tasks=["KeyPhraseExtraction"]).expand(
        documents=[["a"], ["b"]]
    )


def started(operation_location: Any = LOCATION, **options: Any) -> AnalyzeJobSensor:
    return AnalyzeJobSensor(
        task_id="wait", operation_location=operation_location, start_from_trigger=True, **options
    )


def arguments(sensor: AnalyzeJobSensor) -> Any:
    """What the scheduler makes the trigger of."""
    return sensor.start_trigger_args and sensor.start_trigger_args.trigger_kwargs


Xcoms = Mapping[tuple[str, str, int], Any]
"""By task, key and map index."""


def rendered(sensor: AnalyzeJobSensor, xcoms: Xcoms, *, map_index: int = -1) -> Any:
    """What the triggerer makes of the templates, by Airflow's own rendering."""

    def pull(*, task_ids: str, map_indexes: int, key: str = "return_value") -> Any:
        return xcoms.get((task_ids, key, map_indexes))

    args: Any = sensor.start_trigger_args
    module, _, name = args.trigger_cls.rpartition(".")
    trigger = getattr(import_module(module), name)(**args.trigger_kwargs)
    ti = SimpleNamespace(task_id="wait", task=sensor, map_index=map_index, xcom_pull=pull)
    trigger.task_instance = ti
    trigger.render_template_fields({"ti": ti, "task_instance": ti, "params": {"conn": "of_the_reviews"}})
    return trigger


def test_without_the_option_a_worker_starts_the_wait() -> None:
    sensor = AnalyzeJobSensor(task_id="wait", operation_location=LOCATION, deferrable=True)

    assert (sensor.start_from_trigger, sensor.start_trigger_args) == (False, None)


def test_before_airflow_3_3_the_option_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(starting, "TRIGGERS_RENDER_TEMPLATES", False)

    with pytest.raises(InvalidInputError, match=r"needs Airflow 3\.3 or later.*deferrable=True"):
        started()


@pytest.mark.usefixtures("dag")
def test_a_mapped_sensor_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="a mapped sensor"):
        AnalyzeJobSensor.partial(task_id="wait", start_from_trigger=True).expand(operation_location=["a"])


@where_triggers_render
def test_a_mapped_sensor_with_the_option_from_expand_is_refused_by_its_worker(dag: DAG) -> None:
    mapped: Any = AnalyzeJobSensor.partial(task_id="wait", operation_location=LOCATION).expand(
        start_from_trigger=[True]
    )

    with pytest.raises(InvalidInputError, match="a mapped sensor"):
        mapped.unmap({"start_from_trigger": True})


@where_triggers_render
def test_a_mapped_sensor_with_the_option_from_default_args_is_refused_by_its_worker(dag: DAG) -> None:
    dag.default_args["start_from_trigger"] = True
    mapped: Any = AnalyzeJobSensor.partial(task_id="wait").expand(operation_location=[LOCATION])

    with pytest.raises(InvalidInputError, match="a mapped sensor"):
        mapped.unmap({"operation_location": LOCATION})


@pytest.mark.usefixtures("dag")
def test_a_sensor_that_does_not_start_so_is_mapped_as_ever() -> None:
    mapped = AnalyzeJobSensor.partial(task_id="wait", deferrable=True).expand(operation_location=["a"])

    assert mapped.task_id == "wait"


@where_triggers_render
def test_the_trigger_gets_what_the_sensor_was_told() -> None:
    sensor = started(
        azure_language_conn_id="of_the_reviews",
        allow_partial=True,
        poll_interval=7.0,
        tolerance=60.0,
        cancel_on_kill=True,
    )

    assert arguments(sensor) == {
        "operation_location": LOCATION,
        "azure_language_conn_id": "of_the_reviews",
        "head_start": BACKSTOP,
        "allow_partial": True,
        "end_from_trigger": True,
        "poll_interval": 7.0,
        "tolerance": 60.0,
        "cancel_on_kill": True,
    }


@where_triggers_render
@pytest.mark.parametrize(
    ("options", "timeout", "head_start"),
    [
        ({"timeout": 100}, 160.0, BACKSTOP),
        ({"timeout": 100, "execution_timeout": timedelta(seconds=40)}, 160.0, 0.0),
    ],
)
def test_the_limits_of_the_sensor_are_those_of_the_deferral(
    options: dict[str, Any], timeout: float, head_start: float
) -> None:
    sensor = started(**options)

    assert sensor.start_trigger_args is not None
    assert sensor.start_trigger_args.timeout == timedelta(seconds=timeout)
    assert arguments(sensor)["head_start"] == head_start


@where_triggers_render
def test_with_silent_fail_only_the_timeout_ends_the_wait_for_an_ill_service() -> None:
    assert arguments(started(timeout=100_000, silent_fail=True))["tolerance"] == 100_000


@where_triggers_render
def test_the_jobs_of_another_task_are_found(dag: DAG) -> None:
    sensor = started([submitter().output, XComArg(dag.get_task("submit"), key="another")])

    trigger = rendered(
        sensor, {("submit", "return_value", -1): LOCATION, ("submit", "another", -1): "https://b"}
    )

    assert sensor.upstream_task_ids == {"submit"}
    assert trigger.operation_location == [LOCATION, "https://b"]


@where_triggers_render
@pytest.mark.usefixtures("dag")
def test_in_a_mapped_task_group_each_finds_its_own_job() -> None:
    sensors = []

    @task_group
    def analyze(documents: Any) -> None:
        sensors.append(started(submitter().output))

    analyze.expand(documents=[["a"], ["b"]])

    xcoms = {("analyze.submit", "return_value", index): f"https://{index}" for index in (0, 1)}
    for index in (0, 1):
        assert rendered(sensors[0], xcoms, map_index=index).operation_location == f"https://{index}"


@where_triggers_render
@pytest.mark.usefixtures("dag")
def test_in_a_mapped_task_group_the_job_of_a_task_before_it_is_found() -> None:
    sensors = []
    before = submitter()

    @task_group
    def analyze(documents: Any) -> None:
        sensors.append(started(before.output))

    analyze.expand(documents=[["a"], ["b"]])

    trigger = rendered(sensors[0], {("submit", "return_value", -1): LOCATION}, map_index=1)
    assert trigger.operation_location == LOCATION


@where_triggers_render
def test_templates_are_rendered_by_the_triggerer() -> None:
    sensor = started(
        "{{ task_instance.xcom_pull(task_ids='submit', map_indexes=ti.map_index) }}",
        azure_language_conn_id="{{ params.conn }}",
    )

    trigger = rendered(sensor, {("submit", "return_value", -1): [LOCATION, LOCATION]})

    assert trigger.operation_location == str([LOCATION, LOCATION])
    assert trigger.azure_language_conn_id == "of_the_reviews"


@where_triggers_render
@pytest.mark.usefixtures("dag")
@pytest.mark.parametrize(
    "name_it",
    [
        pytest.param(lambda: mapped_submitter().output, id="a mapped task"),
        pytest.param(lambda: [mapped_submitter().output], id="a mapped task in a list"),
        pytest.param(lambda: submitter().output.map(str), id="what a function makes of it"),
        pytest.param(lambda: {LOCATION}, id="a set"),
        pytest.param(lambda: None, id="nothing"),
    ],
)
def test_what_a_triggerer_cannot_resolve_is_refused(name_it: Callable[[], Any]) -> None:
    with pytest.raises(InvalidInputError, match=r"start_from_trigger .*Leave start_from_trigger out"):
        started(name_it())


@where_triggers_render
@pytest.mark.usefixtures("dag")
def test_a_task_within_a_mapped_task_group_is_refused_outside_of_it() -> None:
    @task_group
    def analyze(documents: Any) -> Any:
        return submitter().output

    with pytest.raises(InvalidInputError, match=r"all jobs of the mapped task analyze\.submit"):
        started(analyze.expand(documents=[["a"], ["b"]]))


@where_triggers_render
@pytest.mark.parametrize("field", ["operation_location", "azure_language_conn_id"])
def test_the_templates_of_all_fields_are_looked_through(field: str) -> None:
    with pytest.raises(InvalidInputError, match="a triggerer has no unheard_of"):
        started(**{field: "{{ unheard_of }}"})


class _Looking(AnalyzeJobSensor):
    def pre_execute(self, context: Any) -> None:
        hook(context)


class _Closing(AnalyzeJobSensor):
    def post_execute(self, context: Any, result: Any = None) -> None:
        hook(context)


@where_triggers_render
@pytest.mark.parametrize(
    ("sensor", "options"),
    [
        (AnalyzeJobSensor, {"pre_execute": hook}),
        (AnalyzeJobSensor, {"on_execute_callback": hook}),
        (_Looking, {}),
    ],
)
def test_what_a_worker_does_before_a_task_is_refused(
    sensor: type[AnalyzeJobSensor], options: dict[str, Any]
) -> None:
    with pytest.raises(InvalidInputError, match=r"start_from_trigger .*Leave start_from_trigger out"):
        sensor(task_id="wait", operation_location=LOCATION, start_from_trigger=True, **options)


@where_triggers_render
@pytest.mark.parametrize(
    ("sensor", "options"),
    [
        (AnalyzeJobSensor, {"post_execute": hook}),
        (AnalyzeJobSensor, {"outlets": [Asset("reviews")]}),
        (_Closing, {}),
    ],
)
def test_what_a_worker_does_after_a_task_is_left_to_one(
    sensor: type[AnalyzeJobSensor], options: dict[str, Any]
) -> None:
    made = sensor(task_id="wait", operation_location=LOCATION, start_from_trigger=True, **options)

    assert arguments(made)["end_from_trigger"] is False


@where_triggers_render
def test_the_scheduler_reads_what_the_sensor_wrote(dag: DAG) -> None:
    from airflow.serialization.serialized_objects import DagSerialization

    sensor = started(submitter().output, timeout=100)
    read: Any = DagSerialization.from_dict(DagSerialization.to_dict(dag)).get_task("wait")

    assert read.start_from_trigger is True
    assert read.start_trigger_args.timeout == timedelta(seconds=160)
    assert read.start_trigger_args.next_method == "execute_complete"
    assert set(read.start_trigger_args.trigger_kwargs["__var"]) == set(arguments(sensor))


@where_triggers_render
def test_where_airflow_runs_it_in_a_worker_it_defers_as_any_other(serve: Serve) -> None:
    service = serve(ScriptedJobs({"job-1": ["running", "running", "succeeded"]}))

    run_deferrable(lambda: started(job_location(service.endpoint), defer_after=0.0), context_of())

    assert len(service.seen) == 3
