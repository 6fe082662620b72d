"""The command ``compare``: tells what another model found otherwise in the same documents, by places."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from airflow_provider_language.commands.locations import typed_location
from airflow_provider_language.commands.showing import add_json_to, tell_json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from airflow_provider_language.protocol.json_values import JsonObject
    from airflow_provider_language.protocol.redaction.comparing import Comparison


def add_to(parsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to a command line."""
    parser = parsers.add_parser(
        "compare", help="tell what two runs found otherwise in the same documents", description=__doc__
    )
    parser.set_defaults(run=run)
    parser.add_argument(
        "before", type=typed_location, help="a file of rows, or the folder of a run: DESTINATION/results/RUN"
    )
    parser.add_argument("after", type=typed_location, help="those of a later run over the same source")
    parser.add_argument("--task", metavar="NAME", help="whose findings they are, where several have some")
    parser.add_argument(
        "--to", type=typed_location, metavar="FILE", help="for each finding that only one has, as JSON lines"
    )
    add_json_to(parser)


def run(options: argparse.Namespace) -> None:
    """Tell how many findings were gained and lost, and write which.

    Raises:
        InvalidInputError: the runs are not of the same documents, or of several tasks.
    """
    from contextlib import nullcontext

    from airflow_provider_language.protocol.json_values import encoded
    from airflow_provider_language.protocol.redaction.comparing import Comparison
    from airflow_provider_language.storage.files import WholeFile

    comparison = Comparison()
    rows = (_rows(location, options.task) for location in (options.before, options.after))
    with WholeFile(options.to) if options.to else nullcontext() as file:
        for change in comparison.changed(*rows):
            if file is not None:
                file.write(encoded(change) + b"\n")
    if options.json:
        tell_json(_told_of(comparison))
        return
    print(
        f"{comparison.documents} documents, {comparison.without_result} without a result in one of the runs; "
        f"{comparison.same} findings in both"
    )
    for (category, before, after, what), number in sorted(comparison.changes.items()):
        print(f"{category}: {number} {what}, from {before} to {after}")


def _told_of(comparison: Comparison) -> dict[str, Any]:
    changes = [
        {"category": category, "before": before, "after": after, "change": what, "findings": number}
        for (category, before, after, what), number in sorted(comparison.changes.items())
    ]
    figures = {name: getattr(comparison, name) for name in ("documents", "without_result", "same")}
    return {**figures, "changes": changes}


def _rows(location: str, task: str | None) -> Iterator[JsonObject]:
    from airflow_provider_language.running.evaluating import rows_of_findings

    return rows_of_findings(location, task)
