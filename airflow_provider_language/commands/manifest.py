"""The command ``manifest``: writes a run's manifest from its journal, as after the kill of its worker."""

from __future__ import annotations

import argparse

from airflow_provider_language.commands.locations import typed_location
from airflow_provider_language.commands.showing import add_json_to, tell_json


def add_to(parsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to a command line."""
    parser = parsers.add_parser(
        "manifest", help="write a run's manifest from its journal", description=__doc__
    )
    parser.set_defaults(run=run)
    parser.add_argument(
        "run_folder",
        type=typed_location,
        help="of the run: DESTINATION/results/RUN, or DESTINATION/_journal/RUN",
    )
    add_json_to(parser)


def run(options: argparse.Namespace) -> None:
    """Write the manifest, and tell what is in it.

    Raises:
        InvalidInputError: this is no run's folder, or the run has no journal.
        RecordError: the journal cannot be read.
    """
    from airflow_provider_language.exceptions import InvalidInputError
    from airflow_provider_language.protocol.corpus.journal import journal_of
    from airflow_provider_language.running.corpus.manifests import read_manifest, short_form, write_manifest
    from airflow_provider_language.running.corpus.places import RunPlaces, names_in
    from airflow_provider_language.storage.runs.journals import JournalFolder

    folder, _, name = options.run_folder.rstrip("/").rpartition("/")
    places = RunPlaces.named(folder.rpartition("/")[0], name)
    generations = names_in(places.journal)
    if not generations:
        raise InvalidInputError(f"There is no journal at {places.journal}.")
    journal = journal_of(JournalFolder(f"{places.journal}/{generations[-1]}", 0).entries())
    write_manifest(journal, places, complete="_SUCCESS" in names_in(places.results))
    if not options.json:
        print(places.manifest)
    tell_json(read_manifest(places) if options.json else short_form(read_manifest(places)))
