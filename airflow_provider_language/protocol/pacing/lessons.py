"""What an answer says of a budget: the glue between what travels and what is counted."""

from __future__ import annotations

from airflow_provider_language.protocol.pacing.budgets import OperationBudget
from airflow_provider_language.protocol.retries import THROTTLED, RetryPolicy, retry_after
from airflow_provider_language.protocol.wire import NoReply, Response


def learn(budget: OperationBudget, reply: Response | NoReply, now: float) -> None:
    """Note in an operation's budget what an answer says of the limits.

    Args:
        budget: of the operation.
        reply: what came of a request; all but a refusal as one too many says nothing.
        now: the time, in seconds since the epoch.
    """
    if isinstance(reply, Response) and reply.status == THROTTLED:
        asked = retry_after(reply)
        budget.refuse(RetryPolicy.base if asked is None else asked, now)
