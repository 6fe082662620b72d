"""Jobs of earlier tries that this one cannot ask for: a connection is gone, or leads elsewhere by now."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from airflow_provider_language.exceptions import ForeignLocationError, InvalidInputError
from airflow_provider_language.protocol.corpus.journal import Entry, JobNote, Journal, Stage
from airflow_provider_language.protocol.jobs.handles import Endpoint, handle_from

log = logging.getLogger(__name__)

_TOLD = "out_of_reach"


def check_reach(
    journal: Journal, endpoints: Mapping[str, Endpoint], write: Callable[[Sequence[Entry]], object]
) -> None:
    """Refuse once to go on without jobs that are out of reach; who has the run go on gives them up.

    They are accepted and paid, so that nobody but the user can tell whether to pay once more.

    Args:
        journal: of the run, which learns what is written.
        endpoints: by connection.
        write: writes entries to the journal.

    Raises:
        InvalidInputError: there are some that no try has told of.
    """
    gone = [note for note in _accepted(journal) if not _is_in_reach(note, endpoints)]
    if not gone:
        return
    told = set(journal.told.get(_TOLD, ()))
    names = [note.name for note in gone]
    if told.issuperset(names):
        log.warning("%d jobs that cannot be asked for are given up, and submitted again", len(gone))
        _note(journal, write, [replace(note, stage=Stage.GIVEN_UP).to_entry() for note in gone])
        return
    _note(journal, write, [{"entry": "told", "values": {_TOLD: names}}])
    by_connection = Counter(note.connection for note in gone)
    where = ", ".join(f"{number} by {conn_id}" for conn_id, number in by_connection.items())
    raise InvalidInputError(
        f"{len(gone)} jobs of an earlier try cannot be asked for ({where}): azure_language_conn_id no longer "
        "names the connection, or its host is another one by now. Put it back and clear the task to collect "
        "them, within 24 hours. Clear it without that to give them up: then their documents are submitted, "
        "and paid, again."
    )


def _accepted(journal: Journal) -> Iterator[JobNote]:
    for progress in journal.segments.values():
        yield from (note for note in progress.jobs.values() if note.stage is Stage.ACCEPTED)


def _is_in_reach(note: JobNote, endpoints: Mapping[str, Endpoint]) -> bool:
    endpoint = endpoints.get(note.connection)
    if endpoint is None:
        return False
    try:
        handle_from(str(note.location), endpoint)
    except ForeignLocationError:
        return False
    return True


def _note(journal: Journal, write: Callable[[Sequence[Entry]], object], entries: Sequence[Entry]) -> None:
    write(entries)
    for entry in entries:
        journal.add(entry)
