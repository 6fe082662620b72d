"""What commands show: JSON on the standard output for programs, all for people on the standard error."""

from __future__ import annotations

import argparse
import json
import logging
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console

    from airflow_provider_language.running.corpus.progress import Report


def add_json_to(parser: argparse.ArgumentParser) -> None:
    """Add the option to a command."""
    parser.add_argument("--json", action="store_true", help="tell the outcome as JSON on the standard output")


def tell_json(value: Any) -> None:
    """Tell programs."""
    print(json.dumps(value, indent=1))


def show(title: str, lines: Iterable[tuple[str, str]]) -> None:
    """Show people what there is, on a terminal as a table.

    Args:
        title: of it.
        lines: what each is about, and what it says; it may quote what somebody else wrote.
    """
    if not sys.stderr.isatty():
        print(title, *(f"{about}: {line}" for about, line in lines), sep="\n", file=sys.stderr)
        return
    from rich.markup import escape
    from rich.table import Table

    table = Table(title=escape(title), title_justify="left", show_header=False)
    before = ""
    for about, line in lines:
        table.add_row("" if about == before else escape(about), escape(line))
        before = about
    _console().print(table)


@contextmanager
def logs_shown(level: int) -> Iterator[None]:
    """Show what is logged, from a level on, without breaking a progress bar.

    Args:
        level: as logging has it.
    """
    from rich.logging import RichHandler

    handler: logging.Handler = logging.StreamHandler(sys.stderr)
    if sys.stderr.isatty():
        handler = RichHandler(console=_console(), show_path=False, markup=False)
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(level)
    try:
        yield
    finally:
        root.setLevel(before)
        root.removeHandler(handler)


@contextmanager
def progress_shown() -> Iterator[Callable[[Report], None]]:
    """Show how far a run has come, on a terminal as a bar; give what is to be told of it."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=_console(), transient=True) as progress:
        bar = progress.add_task("documents", total=None)

        def told(report: Report) -> None:
            said = f"{report.jobs:,} jobs, {report.records:,} text records"
            progress.update(bar, total=report.documents, completed=report.documents_landed, description=said)

        yield told


def _console() -> Console:
    from rich import get_console, reconfigure

    if not get_console().stderr:
        reconfigure(stderr=True)
    return get_console()
