"""The command ``reveal``: tells whom a pseudonym stands for, to who has the key, of a reversible policy."""

from __future__ import annotations

import argparse

from airflow_provider_language.commands.locations import typed_location
from airflow_provider_language.commands.secrets import secret_found
from airflow_provider_language.commands.showing import add_json_to, tell_json


def add_to(parsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to a command line."""
    parser = parsers.add_parser("reveal", help="tell whom a pseudonym stands for", description=__doc__)
    parser.set_defaults(run=run)
    parser.add_argument(
        "destination", type=typed_location, help="of AnalyzeCorpusOperator, which has the table of pseudonyms"
    )
    parser.add_argument("pseudonym", help="as it stands in a redacted text")
    add_json_to(parser)


def run(options: argparse.Namespace) -> None:
    """Print the surface form.

    Raises:
        InvalidInputError: there is no key, it is another one, or nobody has noted the pseudonym.
    """
    from airflow_provider_language.running.revealing import surface_of

    surface = surface_of(options.destination, options.pseudonym, secret_found)
    if options.json:
        tell_json({"pseudonym": options.pseudonym, "surface": surface})
    else:
        print(surface)
