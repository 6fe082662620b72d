"""The command ``pseudonym``: tells what stands for names, which it reads from its standard input."""

from __future__ import annotations

import argparse
import sys

from airflow_provider_language.commands.secrets import secret_found
from airflow_provider_language.commands.showing import add_json_to, tell_json


def add_to(parsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to a command line."""
    parser = parsers.add_parser("pseudonym", help="tell what stands for a name", description=__doc__)
    parser.set_defaults(run=run)
    parser.add_argument("--category", default="Person", help="of the names (default: Person)")
    add_json_to(parser)


def run(options: argparse.Namespace) -> None:
    """Print the pseudonym of each line of the standard input; shells keep what arguments say.

    Raises:
        InvalidInputError: there is no redaction key, or no such category.
    """
    from airflow_provider_language.protocol.redaction.policies import policy_from
    from airflow_provider_language.running.redaction_keys import key_for

    said = {"version": 1, "default": "mask", "categories": {options.category: "pseudonym"}}
    key = key_for(policy_from(said), secret_found)
    told = (key.pseudonym(options.category, line) if key else "" for line in sys.stdin)
    if options.json:
        tell_json(list(told))
        return
    for pseudonym in told:
        print(pseudonym)
