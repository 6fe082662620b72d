"""Runs DAGs one after another by dag.test(), in a process with an AIRFLOW_HOME of its own.

Called with a JSON object as its argument: ``folder`` is the folder of the DAG files, ``runs`` are pairs of a
DAG's name and the run's configuration. Its last line is a JSON object: the state of each run and of its
tasks, by the DAG's name.
"""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path
from typing import Any


def load(file: Path) -> Any:
    """Import a DAG file, as Airflow does."""
    spec = importlib.util.spec_from_file_location(f"loaded_{file.stem}", file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[module.__name__] = module
    spec.loader.exec_module(module)
    return module


def run(dag: Any, conf: dict[str, Any]) -> dict[str, Any]:
    """Run one DAG and tell how it went."""
    dag_run = dag.test(run_conf=conf)
    states = sorted((ti.task_id, ti.map_index, str(ti.state)) for ti in dag_run.get_task_instances())
    return {"state": str(dag_run.state), "tasks": states, "run_id": dag_run.run_id}


def main() -> None:
    """Run what the argument asks for."""
    asked = json.loads(sys.argv[1])
    folder = Path(asked["folder"])
    small = load(folder / "small_dags.py").DAGS
    told = {
        name: run(small.get(name) or getattr(load(folder / f"{name}.py"), name)(), conf)
        for name, conf in asked["runs"]
    }
    sys.stdout.write("\n" + json.dumps(told) + "\n")


if __name__ == "__main__":
    main()
