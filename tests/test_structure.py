"""The house can be read: no room is too large, and no comment names a source that a reader cannot open."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "airflow_provider_language"
LONGEST_FILE = 300
LONGEST_FUNCTION = 40
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
PROVIDER = [path for path in sorted(PACKAGE.rglob("*.py")) if "emulator" not in path.parts]
SECTION = re.compile(r"docs/service\.md, ([\w-]+)")


@pytest.mark.parametrize("path", PROVIDER, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_file_of_the_provider_and_each_of_its_functions_fit_on_a_few_pages(path: Path) -> None:
    source = path.read_text()
    functions = [node for node in ast.walk(ast.parse(source)) if isinstance(node, FUNCTIONS)]

    assert len(source.splitlines()) <= LONGEST_FILE
    assert [one.name for one in functions if _length(one) > LONGEST_FUNCTION] == []


def _length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of code; a signature and a docstring may take as many as its arguments need."""
    body = function.body[1:] if ast.get_docstring(function) else function.body
    return 0 if not body else (body[-1].end_lineno or 0) - body[0].lineno + 1


def test_every_section_of_the_page_about_the_service_that_is_cited_is_there() -> None:
    headings = {
        line.removeprefix("## ").strip().lower()
        for line in (ROOT / "docs" / "service.md").read_text().splitlines()
        if line.startswith("## ")
    }
    cited = {
        name.lower()
        for path in [*PACKAGE.rglob("*.py"), *(ROOT / "tests").rglob("*.py")]
        for name in SECTION.findall(path.read_text())
    }

    assert cited
    assert cited <= headings
