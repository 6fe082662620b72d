"""The properties of docker-compose.yaml that can be checked without a docker engine."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from airflow.cli.cli_parser import get_parser
from airflow.configuration import conf

from airflow_provider_language.emulator.__main__ import parse_arguments
from tests.matrix.__main__ import ROWS

PROJECT = Path(__file__).resolve().parents[1]
COMPOSE: dict[str, Any] = yaml.safe_load((PROJECT / "docker-compose.yaml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
DOCKERFILE: str = COMPOSE["x-airflow"]["build"]["dockerfile_inline"]
ENVIRONMENT: dict[str, str] = COMPOSE["x-airflow"]["environment"]
# The services whose command the image gives to `airflow`.
AIRFLOW_SERVICES = sorted(set(SERVICES) - {"postgres", "emulator"})
NEWEST = ROWS[-1].airflow


def test_airflow_has_every_process_that_it_needs() -> None:
    processes = {"api-server", "scheduler", "dag-processor", "triggerer"}

    assert processes <= {SERVICES[name]["command"][0] for name in AIRFLOW_SERVICES}


@pytest.mark.parametrize("name", AIRFLOW_SERVICES)
def test_the_airflow_command_of_a_service_exists(name: str) -> None:
    get_parser().parse_args(SERVICES[name]["command"])


@pytest.mark.parametrize("name", ["scheduler", "dag-processor", "triggerer"])
def test_the_health_check_of_a_service_is_an_airflow_command(name: str) -> None:
    shell, script = SERVICES[name]["healthcheck"]["test"]
    program, *arguments = script.split()

    assert (shell, program) == ("CMD-SHELL", "airflow")
    get_parser().parse_args(arguments)


def of_this_checkout(argument: str) -> str:
    """An argument with the folder that the image copies named as what it is a copy of."""
    copied = re.search(r"^ *COPY --chown=airflow:0 (\S*blobs) (\S+)$", DOCKERFILE, re.MULTILINE)
    assert copied is not None
    return argument.replace(copied[2], str(PROJECT / copied[1]))


def test_the_emulator_listens_where_the_connection_the_port_and_the_health_check_look_for_it() -> None:
    emulator = SERVICES["emulator"]
    arguments = parse_arguments([of_this_checkout(argument) for argument in emulator["command"]])
    connection = json.loads(ENVIRONMENT["AIRFLOW_CONN_AZURE_LANGUAGE_DEFAULT"])

    assert emulator["entrypoint"] == ["python", "-m", "airflow_provider_language.emulator"]
    assert arguments.host == "0.0.0.0"  # noqa: S104  # within the container
    assert connection["host"] == f"http://emulator:{arguments.port}"
    assert emulator["ports"] == [f"127.0.0.1:{arguments.port}:{arguments.port}"]
    assert f"('127.0.0.1', {arguments.port})" in emulator["healthcheck"]["test"][-1]


def test_the_health_check_of_the_emulator_is_a_python_program() -> None:
    program, option, script = SERVICES["emulator"]["healthcheck"]["test"][1:]

    assert (program, option) == ("python", "-c")
    ast.parse(script)


def test_every_published_port_is_bound_to_the_loopback_interface() -> None:
    published = [port for service in SERVICES.values() for port in service.get("ports", [])]

    assert published
    assert all(port.startswith("127.0.0.1:") for port in published)


@pytest.mark.parametrize("variable", [name for name in ENVIRONMENT if name.startswith("AIRFLOW__")])
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
            if wanted["condition"] == "service_healthy":
                assert "healthcheck" in SERVICES[other]
            else:
                assert wanted["condition"] == "service_completed_successfully"
                assert SERVICES[other]["restart"] == "no"


def test_the_image_is_the_newest_airflow_of_the_matrix() -> None:
    assert re.search("^FROM (.+)$", DOCKERFILE, re.MULTILINE)[1] == f"apache/airflow:{NEWEST}"  # type: ignore[index]


def test_what_the_image_copies_exists_and_is_not_ignored() -> None:
    sources = [
        source
        for line in re.findall("^COPY --chown=airflow:0 (.+)$", DOCKERFILE, re.MULTILINE)
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
