"""Submitting one of many jobs: what is intended is noted before it is sent, and what came of it after it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from airflow_provider_language.protocol import flows
from airflow_provider_language.protocol.corpus.journal import JobNote, Stage
from airflow_provider_language.protocol.exchanges import Settings
from airflow_provider_language.protocol.inputs.submissions import Submission
from airflow_provider_language.protocol.jobs.handles import Endpoint
from airflow_provider_language.protocol.once.notes import obstacle
from airflow_provider_language.protocol.retries import may_have_arrived
from airflow_provider_language.protocol.wire import (
    Deed,
    Flow,
    NoReply,
    Note,
    Request,
    Response,
    Unrecorded,
    do,
)


@dataclass(frozen=True)
class Order:
    """A job that is to be submitted.

    Args:
        submission: the job.
        endpoint: where it is submitted.
        intended: its note before.
    """

    submission: Submission
    endpoint: Endpoint
    intended: JobNote


def submit_noted(order: Order, settings: Settings) -> Flow[JobNote]:
    """Submit a job; a journal takes the note of the intention before it is sent, and of the answer after it.

    Returns:
        The note of the job, which is accepted.

    Raises:
        RecordError: the intention could not be noted, so nothing was sent.
        SubmissionLostError: nobody knows whether the job was accepted.
        ServiceError: the service refuses the job.
    """
    notes: list[JobNote] = []

    def settle(reply: Response | NoReply) -> Note:
        notes.append(_settled(order, reply))
        return notes[-1].to_entry()

    def send(request: Request) -> Flow[Response | NoReply]:
        deed = Deed(
            request,
            None,
            before=lambda at: replace(order.intended, at=at).to_entry(),
            after=settle,
        )
        done = yield from do(deed)
        if isinstance(done, Unrecorded):
            raise obstacle(done)
        return done.reply

    yield from flows.submit(order.submission, settings, send)
    return notes[-1]


def _settled(order: Order, reply: Response | NoReply) -> JobNote:
    """What is known of the job once there is an answer, or none."""
    handle = flows.accepted(reply, order.submission)
    if handle is not None:
        location = handle.location(order.endpoint)
        return replace(order.intended, stage=Stage.ACCEPTED, at=reply.at, location=location)
    return replace(
        order.intended, stage=Stage.LOST if may_have_arrived(reply) else Stage.REFUSED, at=reply.at
    )
