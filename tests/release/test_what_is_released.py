"""What is released says of itself the same everywhere, and workflows run nothing that can change unseen."""

from __future__ import annotations

import re
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import yaml

from airflow_provider_language.get_provider_info import DOCUMENTATION

PROJECT = Path(__file__).resolve().parents[2]
TOML = import_module("tomllib" if sys.version_info >= (3, 11) else "tomli")
ABOUT: dict[str, Any] = TOML.loads((PROJECT / "pyproject.toml").read_text())["project"]
WORKFLOWS = sorted((PROJECT / ".github" / "workflows").glob("*.yml"))
each_workflow = pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)


def test_documentation_and_source_have_one_address_each() -> None:
    site = (PROJECT / "mkdocs.yml").read_text()

    assert ABOUT["urls"]["Documentation"] == DOCUMENTATION
    assert f"site_url: {DOCUMENTATION}\n" in site
    assert f"repo_url: {ABOUT['urls']['Source']}\n" in site
    assert all(url.startswith((DOCUMENTATION, ABOUT["urls"]["Source"])) for url in ABOUT["urls"].values())


def test_the_changelog_begins_with_the_version_that_is_built() -> None:
    versions = re.findall(r"^## \[(.+?)\]", (PROJECT / "CHANGELOG.md").read_text(), re.MULTILINE)

    assert versions[0] == ABOUT["version"]


def test_the_lowest_versions_are_those_that_the_page_of_security_gives_reasons_for() -> None:
    asked = [
        *ABOUT["dependencies"],
        *(one for extra in ABOUT["optional-dependencies"].values() for one in extra),
    ]
    lowest = dict(re.findall(r"([\w-]+)>=([\d.]+)", "\n".join(asked)))
    told = re.findall(
        r"^\| ([\w-]+)[^|]* \| ([\d.]+) \|", (PROJECT / "SECURITY.md").read_text(), re.MULTILINE
    )

    assert [name for name, _ in told] == ["aiohttp", "requests", "pypdf"]
    assert {name: lowest[name] for name, _ in told} == dict(told)


@each_workflow
def test_a_workflow_names_each_action_by_its_hash_and_may_do_no_more_than_each_job_says(path: Path) -> None:
    text = path.read_text()
    workflow = yaml.safe_load(text)

    assert workflow["permissions"] == {}
    assert all(job["permissions"] for job in workflow["jobs"].values())
    actions = re.findall(r"uses: (.*)", text)
    assert actions
    assert [
        action for action in actions if not re.fullmatch(r"[\w./-]+@[0-9a-f]{40} # v[\d.]+", action)
    ] == []


def test_only_what_publishes_may_sign() -> None:
    jobs = {
        name: job
        for path in WORKFLOWS
        for name, job in yaml.safe_load(path.read_text())["jobs"].items()
        if "write" in job["permissions"].values()
    }

    assert {name: job["permissions"] for name, job in jobs.items()} == {"publish": {"id-token": "write"}}
    assert jobs["publish"]["environment"]["name"] == "pypi"
