"""Each block of Python in the documentation runs, page by page, or says why it does not."""

from __future__ import annotations

import re
from pathlib import Path
from types import ModuleType
from typing import Any
from unittest import SkipTest

import pytest
from sybil import Sybil
from sybil.parsers.markdown import PythonCodeBlockParser, SkipParser

from airflow_provider_language import documents, tasks
from airflow_provider_language.emulator import Emulator
from airflow_provider_language.operators import analyze
from airflow_provider_language.sensors import analyze as sensors

PROJECT = Path(__file__).resolve().parents[2]
PAGES = sorted(
    path
    for path in (PROJECT / "README.md", *(PROJECT / "docs").rglob("*.md"))
    if "```python" in path.read_text()
)
SKIPPED = {
    "it leaves out arguments": 1,
    "the examples are in the wheel, and not beside this test": 1,
    "the file of the DAG is yours": 1,
    "a file of dags/ is shown, which the tests of the examples run": 11,
}
"""Why blocks are not run, and how many."""


def names() -> dict[str, Any]:
    """What a reader of a page has imported already: a block may begin where another page ended."""
    told: tuple[ModuleType, ...] = (analyze, sensors, documents, tasks)
    return {
        name: getattr(module, name) for module in told for name in getattr(module, "__all__", vars(module))
    }


def run(path: Path) -> tuple[dict[str, Any], list[str]]:
    """Run the blocks of a page; its names, and the reasons of those that are skipped."""
    parsers: list[Any] = [PythonCodeBlockParser(), SkipParser()]
    page = Sybil(parsers=parsers, path=str(path.parent), pattern=path.name).parse(path)
    page.namespace.update(names())
    skipped = []
    for example in page.examples():
        try:
            example.evaluate()
        except SkipTest as reason:  # noqa: PERF203 - each block may be skipped
            skipped.append(str(reason))
    return page.namespace, skipped


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(PROJECT)))
def test_the_code_of_a_page_runs(path: Path, azure_language: Emulator) -> None:
    namespace, skipped = run(path)

    assert set(skipped) <= set(SKIPPED)
    # What a page shows as a test is run as one.
    shown = [value for name, value in namespace.items() if name.startswith("test_")]
    for test in shown:
        test(azure_language)


def test_no_block_is_skipped_but_for_a_reason_that_is_counted() -> None:
    reasons = [
        reason
        for path in PAGES
        for reason in re.findall(r'<!-- skip: next "(.*?)" -->\n+```python', path.read_text())
    ]

    assert {reason: reasons.count(reason) for reason in reasons} == SKIPPED
