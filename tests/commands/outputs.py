"""What commands print, where an Airflow that is loaded by the tests logs to the standard output, too."""

from __future__ import annotations

import json
from typing import Any


def json_in(out: str) -> Any:
    """The JSON value of a command, which begins a line of its own."""
    begin = 0 if out.startswith("{") else out.index("\n{") + 1
    return json.JSONDecoder().raw_decode(out, begin)[0]


def lines_in(out: str) -> list[str]:
    """The lines of a command, without those of the log of Airflow 2, which begin with the time."""
    return [line for line in out.splitlines() if not line.startswith("[20")]
