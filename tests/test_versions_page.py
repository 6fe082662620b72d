"""The page of versions names each Airflow that is tested, and no other."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from tests.matrix.__main__ import BETWEEN, KEY_TESTS, PROJECT, ROWS, rows_in_turn

PAGE = (PROJECT / "docs" / "versions.md").read_text()
MAKEFILE = (PROJECT / "Makefile").read_text()


def test_the_page_has_each_row_of_the_matrix_with_its_day() -> None:
    (today,) = re.findall(r"^AS_OF \?= (\S+)$", MAKEFILE, re.MULTILINE)
    told = re.findall(r"^\| (\d+\.\d+\.\d+) \|.*\| (\S+) \|$", PAGE, re.MULTILINE)

    rows = sorted((*ROWS, *BETWEEN), key=lambda row: row.airflow)
    assert told == [(row.airflow, row.as_of or today) for row in rows]


def test_each_version_between_has_its_turn() -> None:
    days = [date(2026, 11, 21) + timedelta(days=number) for number in range(len(BETWEEN))]
    tested = [rows_in_turn(day, "4.0.0") for day in days]

    assert {rows[-1].airflow for rows in tested} == {row.airflow for row in BETWEEN}
    assert all(rows[-1].tests == KEY_TESTS for rows in tested)
    assert all(rows[:-1] == ROWS for rows in tested)


def test_what_the_package_is_developed_with_is_tested_in_short_in_turn() -> None:
    oldest, newest = ROWS
    told = rows_in_turn(date(2026, 11, 21), newest.airflow)

    assert told[0] == oldest
    assert told[1] == replace(newest, tests=KEY_TESTS)


def test_the_key_tests_are_there() -> None:
    assert [path for path in KEY_TESTS if not Path(PROJECT / path).exists()] == []
