"""The properties of docker-compose.yaml that can be checked without a docker engine."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml
from airflow.cli.cli_parser import get_parser
from airflow.configuration import conf
from azure.storage.blob import ContainerClient

from airflow_provider_language.emulator import Emulator
from airflow_provider_language.emulator.__main__ import parse_arguments
from airflow_provider_language.emulator.instruments.instrument import CONTROL_PATH
from tests.chaos.celery import CELERY_OPTIONS, WORKER
from tests.matrix.__main__ import ROWS

PROJECT = Path(__file__).resolve().parents[1]
COMPOSE: dict[str, Any] = yaml.safe_load((PROJECT / "docker-compose.yaml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
DOCKERFILE: str = COMPOSE["x-airflow"]["build"]["dockerfile_inline"]
EMULATOR_DOCKERFILE: str = SERVICES["emulator"]["build"]["dockerfile_inline"]
ENVIRONMENT: dict[str, str] = COMPOSE["x-airflow"]["environment"]
# The services whose command the image gives to `airflow`.
AIRFLOW_SERVICES = sorted(
    name
    for name, service in SERVICES.items()
    if service["image"] == COMPOSE["x-airflow"]["image"] and "entrypoint" not in service
)
CELERY_WORKERS = ("worker", "second-worker")
OF_CELERY = {*CELERY_WORKERS, "second-triggerer", "redis", "azurite", "container"}
INTERPOLATED = re.compile(r"\$\{COMPOSE_PROFILES:\+([^}]*)\}")
"""What Docker puts there if a profile is named in the environment, and leaves out if none is."""
NEWEST = ROWS[-1].airflow


def test_airflow_has_every_process_that_it_needs() -> None:
    processes = {"api-server", "scheduler", "dag-processor", "triggerer"}

    assert processes <= {SERVICES[name]["command"][0] for name in AIRFLOW_SERVICES}


@pytest.mark.parametrize("name", sorted({*AIRFLOW_SERVICES} - {*CELERY_WORKERS}))
def test_the_airflow_command_of_a_service_exists(name: str) -> None:
    get_parser().parse_args(SERVICES[name]["command"])


@pytest.mark.parametrize("name", ["scheduler", "dag-processor", "triggerer", "second-triggerer"])
def test_the_health_check_of_a_service_is_an_airflow_command(name: str) -> None:
    shell, script = SERVICES[name]["healthcheck"]["test"]
    program, *arguments = script.split()

    assert (shell, program) == ("CMD-SHELL", "airflow")
    get_parser().parse_args(arguments)


def of_this_checkout(argument: str) -> str:
    """An argument with the folder that the image copies named as what it is a copy of."""
    copied = re.search(r"^COPY --chown=\S+ (\S*blobs) (\S+)$", EMULATOR_DOCKERFILE, re.MULTILINE)
    assert copied is not None
    return argument.replace(copied[2], str(PROJECT / copied[1]))


def test_the_emulator_listens_where_the_connection_the_port_and_the_health_check_look_for_it() -> None:
    emulator = SERVICES["emulator"]
    arguments = parse_arguments([of_this_checkout(argument) for argument in emulator["command"]])
    connection = json.loads(ENVIRONMENT["AIRFLOW_CONN_AZURE_LANGUAGE_DEFAULT"])

    assert 'ENTRYPOINT ["python", "-m", "airflow_provider_language.emulator"]' in EMULATOR_DOCKERFILE
    assert arguments.host == "0.0.0.0"  # noqa: S104  # within the container
    assert connection["host"] == f"http://emulator:{arguments.port}"
    assert emulator["ports"] == [f"127.0.0.1:{arguments.port}:{arguments.port}"]
    assert f"http://127.0.0.1:{arguments.port}{CONTROL_PATH}/" in emulator["healthcheck"]["test"][-1]


def test_the_health_check_of_the_emulator_sees_the_status_page_and_fails_where_there_is_none() -> None:
    program, option, script = SERVICES["emulator"]["healthcheck"]["test"][1:]

    assert (program, option) == ("python", "-c")
    with Emulator() as running:
        healthy = script.replace(":8900", f":{urlsplit(running.endpoint).port}")
        assert subprocess.run([sys.executable, "-c", healthy], check=False).returncode == 0
    assert subprocess.run([sys.executable, "-c", healthy], check=False, capture_output=True).returncode != 0


def test_the_image_of_the_emulator_installs_all_that_the_emulator_needs_but_airflow() -> None:
    script = re.search(r"^RUN python <<END >(\S+)\n(.*)^END$", EMULATOR_DOCKERFILE, re.MULTILINE | re.DOTALL)
    assert script is not None
    program = script[2].replace("/opt/provider/pyproject.toml", str(PROJECT / "pyproject.toml"))
    told = subprocess.run([sys.executable, "-"], input=program, check=True, capture_output=True, text=True)

    needs = told.stdout.splitlines()
    assert f"pip install --no-cache-dir -r {script[1]} " in EMULATOR_DOCKERFILE
    assert {"aiohttp", "textblob"} <= {re.split("[<>=;]", need)[0] for need in needs}
    assert not [need for need in needs if "airflow" in need]


def test_all_services_of_celery_and_no_others_are_of_its_profile() -> None:
    assert {name for name, service in SERVICES.items() if "profiles" in service} == OF_CELERY
    assert all(SERVICES[name]["profiles"] == ["celery"] for name in OF_CELERY)


@pytest.mark.parametrize("name", CELERY_WORKERS)
def test_a_worker_of_celery_is_started_and_looked_after_as_its_image_can(name: str) -> None:
    shell, script = SERVICES[name]["healthcheck"]["test"]

    assert WORKER[: len(SERVICES[name]["command"])] == tuple(SERVICES[name]["command"])
    assert (shell, script.split()[0]) == ("CMD-SHELL", "celery")


def test_celery_has_the_settings_that_it_is_tested_with() -> None:
    of_celery = {name for name in ENVIRONMENT if name.startswith("AIRFLOW__CELERY__")}

    assert of_celery == {f"AIRFLOW__CELERY__{option}" for option in CELERY_OPTIONS}


def test_the_profile_makes_celery_the_executor_of_all_tasks_and_shares_their_records() -> None:
    executor = ENVIRONMENT["AIRFLOW__CORE__EXECUTOR"]
    state = ENVIRONMENT["AIRFLOW__AZURE_LANGUAGE__STATE_PATH"]

    assert INTERPOLATED.sub(r"\1", executor).split(",")[0] == "CeleryExecutor"
    assert INTERPOLATED.sub("", executor) == "LocalExecutor"
    assert INTERPOLATED.sub(r"\1", state).startswith("abfs://storage@airflow/")
    assert INTERPOLATED.sub("", state) == ""


def test_the_storage_of_celery_is_azurite_and_its_container_the_one_of_the_records() -> None:
    connection = json.loads(ENVIRONMENT["AIRFLOW_CONN_STORAGE"])
    with ContainerClient.from_connection_string(
        connection["extra"]["connection_string"], "airflow"
    ) as client:
        assert client.url == "http://azurite:10000/devstoreaccount1/airflow"
    [script] = SERVICES["container"]["command"]
    assert '"airflow"' in script
    ast.parse(script)


def test_every_published_port_is_bound_to_the_loopback_interface() -> None:
    published = [port for service in SERVICES.values() for port in service.get("ports", [])]

    assert published
    assert all(port.startswith("127.0.0.1:") for port in published)


@pytest.mark.parametrize(
    "variable",
    [name for name in ENVIRONMENT if name.startswith("AIRFLOW__") and "__CELERY__" not in name],
)
def test_a_variable_is_an_option_of_airflow(variable: str) -> None:
    _, section, option = variable.split("__")

    assert option.lower() in conf.configuration_description[section.lower()]["options"]


def test_no_secret_stands_in_the_file_but_the_key_that_only_the_emulator_takes() -> None:
    telling = re.compile("secret|fernet|password|token", re.IGNORECASE)
    settings = [
        f"{name}={value}"
        for service in SERVICES.values()
        for name, value in service.get("environment", {}).items()
        if name != "AIRFLOW_CONN_AZURE_LANGUAGE_DEFAULT"
    ]

    assert not [setting for setting in settings if telling.search(setting)]
    assert not re.search("://[^/@]+:[^/@]+@", "\n".join(settings))


def test_what_a_service_waits_for_exists_and_can_come_true() -> None:
    for service in SERVICES.values():
        for other, wanted in service.get("depends_on", {}).items():
            assert "profiles" not in SERVICES[other] or "profiles" in service
            if wanted["condition"] == "service_healthy":
                assert "healthcheck" in SERVICES[other]
            elif wanted["condition"] == "service_started":
                assert SERVICES[other]["restart"] == "unless-stopped"
            else:
                assert wanted["condition"] == "service_completed_successfully"
                assert SERVICES[other]["restart"] == "no"


def test_the_image_is_the_newest_airflow_of_the_matrix() -> None:
    assert re.search("^FROM (.+)$", DOCKERFILE, re.MULTILINE)[1] == f"apache/airflow:{NEWEST}"  # type: ignore[index]


def test_what_the_image_copies_exists_and_is_not_ignored() -> None:
    sources = [
        source
        for dockerfile in (DOCKERFILE, EMULATOR_DOCKERFILE)
        for line in re.findall(r"^COPY (?:--chown=\S+ )?([^-].+)$", dockerfile, re.MULTILINE)
        for source in line.split()[:-1]
    ]
    admitted = {
        line[1:] for line in (PROJECT / ".dockerignore").read_text().splitlines() if line.startswith("!")
    }

    assert set(sources) == admitted
    assert all((PROJECT / source).exists() for source in sources)


def test_every_named_volume_is_declared() -> None:
    mounted = [mount.split(":")[0] for service in SERVICES.values() for mount in service.get("volumes", [])]

    assert {volume for volume in mounted if not volume.startswith(".")} == set(COMPOSE["volumes"])


def test_the_volume_of_the_results_is_mounted_where_the_example_writes_and_made_by_the_image() -> None:
    dag = (PROJECT / "dags" / "analyze_reviews.py").read_text()
    [mounted] = [
        mount.partition(":")[2] for mount in COMPOSE["x-airflow"]["volumes"] if mount.startswith("results:")
    ]

    assert f'"file://{mounted}"' in dag
    assert re.search(f"^RUN mkdir -p .*{mounted}$", DOCKERFILE, re.MULTILINE)
