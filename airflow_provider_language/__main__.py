"""``python -m airflow_provider_language``: what is done about runs from outside of Airflow."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from airflow_provider_language.commands import clean, manifest, tables
from airflow_provider_language.exceptions import LanguageError

COMMANDS = (clean, manifest, tables)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command.

    Args:
        arguments: of the command line, without the program; None for those of this process.

    Returns:
        The exit code: 1 for what cannot be done, which is told on the standard error.
    """
    parser = argparse.ArgumentParser(prog="python -m airflow_provider_language", description=__doc__)
    parsers = parser.add_subparsers(required=True, metavar="command")
    for command in COMMANDS:
        command.add_to(parsers)
    options = parser.parse_args(arguments)
    try:
        options.run(options)
    except LanguageError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
