"""The command ``evaluate``: holds findings against a labelled sample, and prints how much of it was found."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from airflow_provider_language.commands.locations import typed_location
from airflow_provider_language.commands.showing import add_json_to, tell_json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from airflow_provider_language.protocol.evaluation.evaluating import Evaluation
    from airflow_provider_language.protocol.evaluation.figures import Measure
    from airflow_provider_language.protocol.evaluation.shares import Share

_COLUMNS = ("category", "language", "labelled", "found", "of", "recall", "precision", "F1")


def add_to(parsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to a command line."""
    parser = parsers.add_parser(
        "evaluate", help="hold findings against a labelled sample", description=__doc__
    )
    parser.set_defaults(run=run)
    parser.add_argument(
        "results", type=typed_location, help="a file of rows, or the folder of a run: DESTINATION/results/RUN"
    )
    parser.add_argument(
        "--sample",
        type=typed_location,
        required=True,
        metavar="FILE",
        help="JSON lines with id, text and entities (category, offset and length in code points)",
    )
    parser.add_argument("--task", metavar="NAME", help="whose findings they are, where several have some")
    parser.add_argument(
        "--minimum-recall",
        action="append",
        default=[],
        type=_demand,
        metavar="CATEGORY=SHARE",
        help="fail where a smaller share of the characters was found; * for all categories together",
    )
    parser.add_argument(
        "--second-pass", action="store_true", help="count what the second pass of the run has found, too"
    )
    parser.add_argument(
        "--to", type=typed_location, metavar="FILE", help="for all figures and the places of misses, as JSON"
    )
    add_json_to(parser)


def run(options: argparse.Namespace) -> None:
    """Print the figures.

    Raises:
        InvalidInputError: the sample or the rows cannot be read, or do not belong together.
        ResultsError: less was found than is demanded.
    """
    from airflow_provider_language.exceptions import ResultsError
    from airflow_provider_language.protocol.evaluation.minima import minimum_recall_from
    from airflow_provider_language.running.evaluating import evaluate, write_evaluation

    demanded = minimum_recall_from(dict(options.minimum_recall))
    evaluation = evaluate(options.results, options.sample, options.task, second_pass=options.second_pass)
    if options.json:
        tell_json(evaluation.told())
    else:
        print(*_lines(evaluation), sep="\n")
    if options.to:
        write_evaluation(evaluation, options.to)
    shortfalls = evaluation.shortfalls(demanded)
    if shortfalls:
        raise ResultsError(f"Too little of the labelled sample was found: {'; '.join(shortfalls)}.")


def _lines(evaluation: Evaluation) -> Iterator[str]:
    yield from evaluation.notes
    models = ", ".join(f"{version} ({number})" for version, number in evaluation.model_versions.items())
    without = len(evaluation.without_result)
    yield f"{evaluation.documents} documents, {without} without a result; by model version: {models}"
    table = [
        (figure.category, figure.language, str(counts.labelled), str(counts.found), of, *_told(measure))
        for figure in evaluation.figures
        for counts in (figure.counts,)
        for of, measure in (("spans", counts.spans), ("characters", counts.characters))
    ]
    widths = [max(map(len, column)) for column in zip(_COLUMNS, *table, strict=True)]
    for row in (_COLUMNS, *table):
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
    yield f"{len(evaluation.misses)} labels were not found as they stand"


def _told(measure: Measure) -> tuple[str, str, str]:
    f1 = "-" if measure.f1 is None else f"{measure.f1:.3f}"
    return _share(measure.recall), _share(measure.precision), f1


def _share(share: Share | None) -> str:
    return "-" if share is None else f"{share.value:.3f} ({share.low:.3f} to {share.high:.3f})"


def _demand(said: str) -> tuple[str, float]:
    category, _, least = said.partition("=")
    try:
        return category, float(least)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{said!r} is not a share such as Person=0.95") from None
