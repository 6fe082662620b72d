"""The command ``plan``: tells what a corpus will cost and take; nothing is sent, and no key is needed."""

from __future__ import annotations

import argparse

from airflow_provider_language.commands.connecting import add_limits_to
from airflow_provider_language.commands.corpora import add_corpus_to
from airflow_provider_language.commands.locations import typed_location
from airflow_provider_language.commands.showing import add_json_to


def add_to(parsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to a command line."""
    parser = parsers.add_parser("plan", help="tell what a corpus will cost", description=__doc__)
    parser.set_defaults(run=run, run_name=None)
    add_corpus_to(parser)
    parser.add_argument(
        "--to",
        type=typed_location,
        metavar="DESTINATION",
        help="of the runs whose documents need not be analyzed again",
    )
    add_limits_to(parser)
    add_json_to(parser)


def run(options: argparse.Namespace) -> None:
    """Read the corpus once, and tell its quote.

    Raises:
        InvalidInputError: it cannot be read, or makes more text records than are allowed.
    """
    from airflow_provider_language.commands.connecting import resource_of
    from airflow_provider_language.commands.corpora import asked_of, corpus_asked, places_asked
    from airflow_provider_language.commands.showing import show, tell_json
    from airflow_provider_language.protocol.corpus.quote_words import headline, lines
    from airflow_provider_language.running.corpus.quoting import check_quote, quoted_before

    resource = resource_of(options, signs_in=False)
    asked = asked_of(options)
    corpus = corpus_asked(asked, resource, "plan")
    quote = quoted_before(corpus, places_asked(asked, options), [resource], lambda: False)
    show(headline(quote), lines(quote))
    if options.json:
        tell_json(quote)
    check_quote(quote, corpus.limits.max_text_records)
