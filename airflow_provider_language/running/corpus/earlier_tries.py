"""What earlier tries of a run have left: parts that are to be there, and jobs of which nobody knows."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace

from airflow_provider_language.exceptions import InvalidInputError, SubmissionLostError
from airflow_provider_language.protocol.corpus.journal import Entry, Journal, Stage
from airflow_provider_language.protocol.defaults import Policy
from airflow_provider_language.running.corpus.places import RunPlaces, names_in

log = logging.getLogger(__name__)


def check_landed(journal: Journal, places: RunPlaces) -> None:
    """Refuse to take for landed what somebody has removed.

    Raises:
        InvalidInputError: with the first of the parts that are gone.
    """
    there = set(names_in(places.results))
    gone = [str(one.part) for one in journal.landed if one.part not in there]
    if gone:
        raise InvalidInputError(
            f"{len(gone)} parts that have landed are no longer at {places.results}, {gone[0]} "
            "among them. Put them back, or start the run over with refresh=True."
        )


def check_lost(journal: Journal, write: Callable[[Sequence[Entry]], object], policy: Policy) -> None:
    """Find the jobs of which nobody knows whether they were accepted, and note that they are lost.

    Args:
        journal: of the run, to which the notes are added.
        write: writes them.
        policy: what becomes of such jobs.

    Raises:
        SubmissionLostError: there are some, and that is to end the run.
    """
    lost = [
        replace(note, stage=Stage.LOST)
        for progress in journal.segments.values()
        for note in progress.jobs.values()
        if note.stage is Stage.INTENDED
    ]
    if not lost:
        return
    told = (
        f"Nobody knows whether the service accepted {len(lost)} jobs that an earlier try submitted, "
        f"{lost[0].name} of this run the first of them."
    )
    write([note.to_entry() for note in lost])
    for note in lost:
        journal.add(note.to_entry())
    if policy == "fail":
        raise SubmissionLostError(told)
    log.warning("%s Their documents are submitted again, which is billed again if they were", told)
