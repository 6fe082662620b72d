"""Reading and writing the note of a submission within a flow, and what it means when that is prevented."""

from __future__ import annotations

from airflow_provider_language.exceptions import RecordError, SupersededError
from airflow_provider_language.protocol.once.record import Record
from airflow_provider_language.protocol.wire import (
    Flow,
    Obstacle,
    ReadRecord,
    Recorded,
    Unrecorded,
    WriteRecord,
    keep,
)


class Overtaken(Exception):  # noqa: N818 - no error: it makes a try decide anew
    """Another try wrote the record since this one read it."""


def kept(step: ReadRecord | WriteRecord) -> Flow[Recorded]:
    """Read or write the note.

    Raises:
        Overtaken: another try has written it meanwhile.
        SupersededError: the task is being ended.
        RecordError: it can be neither read nor written.
    """
    reply = yield from keep(step)
    if isinstance(reply, Unrecorded):
        raise obstacle(reply)
    return reply


def obstacle(trouble: Unrecorded) -> Exception:
    """What is raised where the note was not written."""
    if trouble.obstacle is Obstacle.OVERTAKEN:
        return Overtaken()
    if trouble.obstacle is Obstacle.ENDING:
        return SupersededError("The task is being ended, so nothing was submitted.")
    return RecordError(str(trouble))


def record_in(found: Recorded) -> Record | None:
    """The record that a note is; None where there is none.

    Raises:
        RecordError: it is damaged.
    """
    return None if found.note is None else Record.from_dict(found.note)
