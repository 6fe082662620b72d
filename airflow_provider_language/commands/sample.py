"""The command ``sample``: draws documents from files by language and file, and tells what all would cost."""

from __future__ import annotations

import argparse
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from airflow_provider_language.commands.corpora import add_text_columns_to
from airflow_provider_language.commands.locations import typed_location
from airflow_provider_language.commands.showing import add_json_to, tell_json

if TYPE_CHECKING:
    from airflow_provider_language.running.sampling import Drawn


def add_to(parsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to a command line."""
    from airflow_provider_language.protocol.corpus.layouts import Layout

    parser = parsers.add_parser("sample", help="draw documents from files, by a seed", description=__doc__)
    parser.set_defaults(run=run)
    parser.add_argument("source", nargs="+", type=typed_location, help="files, folders or globs of documents")
    parser.add_argument("--size", type=int, required=True, help="documents of the sample")
    parser.add_argument("--seed", type=int, default=0, help="the same one draws the same (default: 0)")
    parser.add_argument(
        "--to", type=typed_location, required=True, metavar="FILE", help="for the sample, as JSON lines"
    )
    add_json_to(parser)
    add_text_columns_to(parser)
    for field in fields(Layout):
        if field.name != "speaker_column":
            parser.add_argument(f"--{field.name.replace('_', '-')}", help="as AnalyzeCorpusOperator takes it")


def _told_of(drawn: Drawn, location: str) -> dict[str, Any]:
    strata = [
        {"language": language, "source": source, "documents": number, "drawn": drawn.drawn[language, source]}
        for (language, source), number in sorted(drawn.sizes.items())
    ]
    sums = {"documents": drawn.sizes.total(), "drawn": drawn.drawn.total()}
    return {**sums, "text_records": drawn.text_records, "path": location, "strata": strata}


def run(options: argparse.Namespace) -> None:
    """Write the sample, and tell what it was drawn from.

    Raises:
        InvalidInputError: the source cannot be read, or has no document.
    """
    from airflow_provider_language.protocol.corpus.layouts import Layout
    from airflow_provider_language.running.sampling import draw

    told = {
        field.name: getattr(options, field.name) for field in fields(Layout) if hasattr(options, field.name)
    }
    drawn = draw(
        options.source,
        Layout(**told),
        size=options.size,
        seed=options.seed,
        location=options.to,
        text_columns=options.text_columns,
    )
    if options.json:
        tell_json(_told_of(drawn, options.to))
        return
    for (language, source), number in sorted(drawn.sizes.items()):
        print(f"{language} {source}: {drawn.drawn[language, source]} of {number} documents")
    print(f"{drawn.drawn.total()} of {drawn.sizes.total()} documents are in {options.to}")
    print(f"All {drawn.sizes.total()} documents make {drawn.text_records} text records for each task")
