"""``python -m airflow_provider_language``: a corpus without Airflow, and what is done about runs.

Exit codes: 0 for done; 1 for what cannot be done; 2 for wrong arguments; 3 for a run that is complete, and of
which more documents failed than are allowed; 4 for one that was interrupted, and goes on by the same command.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from airflow_provider_language.commands import (
    clean,
    compare,
    evaluate,
    forget,
    inspect,
    manifest,
    plan,
    pseudonym,
    reveal,
    run,
    sample,
    tables,
)
from airflow_provider_language.exceptions import DocumentErrorsError, LanguageError
from airflow_provider_language.storage.filesystems import without_airflow

COMMANDS = (
    plan,
    run,
    clean,
    compare,
    evaluate,
    forget,
    inspect,
    manifest,
    pseudonym,
    reveal,
    sample,
    tables,
)
ERROR, TOO_MANY_FAILED, INTERRUPTED = 1, 3, 4


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command.

    Args:
        arguments: of the command line, without the program; None for those of this process.

    Returns:
        The exit code; what went wrong is told on the standard error.
    """
    description = (__doc__ or "").partition(":")[2].strip()
    parser = argparse.ArgumentParser(
        prog="python -m airflow_provider_language",
        description=description,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parsers = parser.add_subparsers(required=True, metavar="command")
    for command in COMMANDS:
        command.add_to(parsers)
    options = parser.parse_args(arguments)
    try:
        with without_airflow():
            options.run(options)
    except DocumentErrorsError as error:
        return _told(error, TOO_MANY_FAILED)
    except LanguageError as error:
        return _told(error, ERROR)
    except (KeyboardInterrupt, InterruptedError) as error:
        return _told(str(error) or "Interrupted; the same command goes on from here.", INTERRUPTED)
    except OSError as error:
        return _told(f"{type(error).__name__}: {error}", ERROR)
    return 0


def _told(what: object, code: int) -> int:
    print(what, file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main())
