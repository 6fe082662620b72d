"""Many jobs through a real Airflow, as DAGs that submit, wait and fetch, against what the rate limit allows.

The DAGs of peers have a task for each job, so most of their time is Airflow's own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tests.bench import throughput
from tests.bench.plain_client import TEXTS
from tests.bench.tables import Cell, Table
from tests.bench.workers import SLOTS, Airflow, Finished

RUN_SECONDS = 7200.0
"""Thousands of mapped tasks go through two cores at about one a second."""


@dataclass(frozen=True)
class Pipeline:
    """A DAG that submits jobs, waits for them and fetches their results.

    Args:
        name: in the table.
        dag_id: of the DAG.
        conn_type: of its connection.
    """

    name: str
    dag_id: str
    conn_type: str = "http"


OURS = Pipeline("ours, one sensor for all jobs", "pipeline_of_ours", "azure_language")
MAPPED_HTTP = Pipeline("HttpSensor, every 5 s, mapped", "pipeline_with_http_sensors")
PIPELINES = (
    OURS,
    Pipeline(f"{OURS.name}, start_from_trigger", "pipeline_of_ours_from_trigger", OURS.conn_type),
    Pipeline("plain deferrable sensor, every 5 s, mapped", "pipeline_with_plain_sensors"),
    MAPPED_HTTP,
)


def measured(airflow: Airflow, jobs: int, chosen: Sequence[Pipeline] = PIPELINES) -> Table:
    """Measure all pipelines, one after the other, each against an emulator of its own.

    Args:
        airflow: has the DAGs.
        jobs: how many each of them submits.
        chosen: the pipelines.
    """
    least = throughput.bound(jobs)
    for pipeline in chosen:
        airflow.wait_for_dag(pipeline.dag_id)
    return Table(
        f"{jobs} jobs through DAGs of a real Airflow ({SLOTS} slots, S tier, recorded durations)",
        (
            "pipeline",
            "requests per job",
            "time / bound",
            "time (s)",
            "429",
            "jobs given up",
            "task processes per job",
            "worker CPU per job (s)",
            "failed tries",
        ),
        [_row(pipeline, airflow, jobs, least) for pipeline in chosen],
        (
            f"The bound for {jobs} jobs is {least:.1f} s and 2 requests per job. In all pipelines one task "
            "submits and one fetches; the time is from the first request to the last.",
            "A plain trigger takes a 429 for a look that found nothing; an HttpSensor fails, and is repeated "
            "three times, as all tasks that wait.",
        ),
    )


def _row(pipeline: Pipeline, airflow: Airflow, jobs: int, least: float) -> list[Cell]:
    runs: list[Finished] = []

    def way(endpoint: str, jobs: int) -> int:
        runs.append(run(pipeline, airflow, endpoint, jobs))
        return jobs - _read(runs[0], airflow)

    counted = throughput.run(way, jobs)
    [finished] = runs
    return [
        pipeline.name,
        round((counted.submissions + counted.looks) / jobs, 3),
        counted.seconds / least,
        round(counted.seconds, 1),
        counted.refusals,
        counted.given_up,
        finished.work.processes / jobs,
        finished.work.cpu / jobs,
        finished.failed_tries,
    ]


def run(pipeline: Pipeline, airflow: Airflow, endpoint: str, jobs: int) -> Finished:
    """Run a pipeline against an emulator."""
    conn_id = f"{pipeline.dag_id}_{jobs}"
    airflow.connect(conn_id, endpoint, conn_type=pipeline.conn_type)
    output = airflow.folder / f"{conn_id}.jsonl"
    conf = {"connection": conn_id, "jobs": jobs, "output": output.as_uri()}
    return airflow.run(pipeline.dag_id, conf, timeout=RUN_SECONDS)


def _read(finished: Finished, airflow: Airflow) -> int:
    """Return how many jobs the results were read of: peers return it, ours a manifest of rows."""
    fetched = airflow.api.xcom(finished.run, "fetch")
    return fetched if isinstance(fetched, int) else int(fetched["ok"]) // len(TEXTS)
