"""The suffix of a path decides on the format; one that is not written is refused before anything is asked."""

from __future__ import annotations

from typing import Any

import pytest

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.storage.formats import check_location, check_template


@pytest.mark.parametrize(
    "path", ["/rows.jsonl", "s3://b/ROWS.JSONL", "/x/rows.ndjson", "file:///a.jsonl.gz", "/a.ndjson.gz"]
)
def test_json_lines_are_written_compressed_or_not(path: str) -> None:
    check_location(path)
    check_template(path)


@pytest.mark.parametrize(
    "path",
    ["/rows.parquet", "/rows.csv", "s3://b/rows", "/out/", "/rows.gz", "/rows.json", "/.jsonl", "/a/.gz"],
)
def test_another_format_is_refused_with_those_that_are_written(path: Any) -> None:
    with pytest.raises(InvalidInputError, match=r"rows are written to \.jsonl"):
        check_location(path)


@pytest.mark.parametrize(
    "template",
    ["{{ params.output }}", "s3://b/{{ run_id }}", "{{ a }}.jsonl", "{{ a }}/rows.ndjson", "{{ a }}.gz"],
)
def test_a_template_that_may_become_such_a_path_is_let_through(template: str) -> None:
    check_template(template)


@pytest.mark.parametrize("template", ["{{ a }}/rows.parquet", "/rows-{{ ds }}.csv", "/rows.txt"])
def test_a_template_whose_suffix_is_certain_is_refused_where_the_dag_is_parsed(template: str) -> None:
    with pytest.raises(InvalidInputError, match="rows are written to"):
        check_template(template)
