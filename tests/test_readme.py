"""Examples do not lie, and the table of kinds is what the code says, and what the emulator does."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.kind_table import BEGIN, END, PAGE, in_order, ranges, section

README = Path(__file__).parents[1] / "README.md"
EXAMPLES = [README, *sorted((README.parent / "dags").glob("*.py"))]
each_example = pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.name)


def test_the_table_of_kinds_is_what_the_code_says() -> None:
    text = PAGE.read_text()

    assert text.count(BEGIN) == text.count(END) == 1
    assert text.partition(BEGIN)[2].partition(END)[0] == section(), "run: python -m tests.kind_table"


@each_example
def test_no_example_asks_for_a_date_that_some_runs_do_not_have(file: Path) -> None:
    """Runs that an asset or the API starts have no ``ds`` (apache/airflow#58516)."""
    assert re.findall(r"{{\s*(ds|ts|logical_date|data_interval_\w+)\b", file.read_text()) == []


@each_example
def test_each_task_of_an_example_that_defers_has_a_retry(file: Path) -> None:
    """Airflow may take a task for failed that has deferred (apache/airflow#71580)."""
    text = file.read_text()
    sources = [text] if file.suffix == ".py" else re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    calls = [node for one in sources for node in ast.walk(ast.parse(one)) if isinstance(node, ast.Call)]
    said = [{word.arg for word in call.keywords} for call in calls]

    assert [words for words in said if "deferrable" in words and "retries" not in words] == []


@pytest.mark.parametrize(
    ("versions", "told"),
    [
        ({"a", "b", "c", "d"}, "a to d"),
        ({"a", "c", "d"}, "a, c to d"),
        ({"b"}, "b"),
        (set(), ""),
    ],
)
def test_versions_that_follow_one_another_are_told_by_their_ends(versions: set[str], told: str) -> None:
    assert ranges(versions, ["a", "b", "c", "d"]) == told


def test_the_legacy_version_is_the_oldest() -> None:
    assert in_order({"2026-05-01", "v3.1", "2022-05-01"}) == ["v3.1", "2022-05-01", "2026-05-01"]
