"""The command ``inspect``: tells in counts what personal data was found, and what a policy would leave."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from airflow_provider_language.commands.locations import typed_location
from airflow_provider_language.commands.showing import add_json_to

if TYPE_CHECKING:
    from airflow_provider_language.protocol.redaction.wholes import Whole


def add_to(parsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to a command line."""
    parser = parsers.add_parser(
        "inspect", help="tell in counts what personal data was found", description=__doc__
    )
    parser.set_defaults(run=run)
    parser.add_argument(
        "results", type=typed_location, help="a file of rows, or the folder of a run: DESTINATION/results/RUN"
    )
    parser.add_argument("--task", metavar="NAME", help="whose findings they are, where several have some")
    parser.add_argument(
        "--policy", type=typed_location, metavar="FILE", help="a redaction policy, to see what it leaves"
    )
    parser.add_argument(
        "--whole",
        type=typed_location,
        metavar="FILE",
        help="what sample --json or plan --json has told of all documents",
    )
    parser.add_argument(
        "--price-per-thousand-records", type=float, metavar="PRICE", help="in any currency, to see a cost"
    )
    parser.add_argument(
        "--report", type=typed_location, metavar="FILE", help="for a page of HTML that people can read"
    )
    add_json_to(parser)


def run(options: argparse.Namespace) -> None:
    """Print the counts, and write the page.

    Raises:
        InvalidInputError: the rows, the policy or what was told of all documents cannot be read.
    """
    from airflow_provider_language.commands.showing import tell_json
    from airflow_provider_language.protocol.inputs.charges import price_in
    from airflow_provider_language.running.inspecting import Inspected, inspect
    from airflow_provider_language.storage.policies import read_policy

    policy = read_policy(options.policy) if options.policy else None
    price = price_in(options.price_per_thousand_records)
    whole = _whole(options.whole, price) if options.whole else None
    inspected = Inspected(options.results, inspect(options.results, options.task), policy, whole, price)
    if options.report:
        inspected.write(options.report)
    if options.json:
        tell_json(inspected.told())
    else:
        print(*inspected.lines(), sep="\n")


def _whole(location: str, price: float | None) -> Whole:
    from airflow_provider_language.protocol.json_values import decoded
    from airflow_provider_language.protocol.redaction.wholes import whole_from
    from airflow_provider_language.storage.stores import place_of

    place = place_of(location)
    return whole_from(decoded(place.fs.cat_file(place.path)), price)
