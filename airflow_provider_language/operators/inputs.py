"""What a submission is given: rendered without texts and secrets, read from files, cut into batches."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from airflow_provider_language._compat import mask_secret
from airflow_provider_language.analysis.batches import pack
from airflow_provider_language.analysis.conversations import (
    Conversation,
    ConversationLike,
    conversations_from,
)
from airflow_provider_language.analysis.inputs import (
    Input,
    InputLike,
    check_inputs,
    family_of,
    inputs_from,
)
from airflow_provider_language.analysis.native_documents import NativeDocument
from airflow_provider_language.analysis.tasks import TaskLike, tasks_from
from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.operators.base import listed
from airflow_provider_language.storage.documents import read_conversations, read_documents


def rendered_documents(rendered: str | Iterable[InputLike] | None) -> str | tuple[Input, ...] | None:
    """What Airflow rendered, as documents, whose ``repr`` has no text; a location stays as it is.

    Airflow stores rendered fields in its database and shows them in its UI.
    """
    if rendered is None or isinstance(rendered, str):
        return rendered
    # A single row stays as it is, to be refused; the texts of a mapped task are asked for at once.
    return _masked(inputs_from(rendered if isinstance(rendered, Mapping) else listed(rendered)))


def rendered_conversations(
    rendered: str | Iterable[ConversationLike] | None,
) -> str | tuple[Conversation, ...] | None:
    """What Airflow rendered, as conversations, whose ``repr`` has no text; a location stays as it is."""
    if rendered is None or isinstance(rendered, str):
        return rendered
    return conversations_from(rendered if isinstance(rendered, Mapping) else listed(rendered))


def read_inputs(
    documents: str | Iterable[InputLike] | None, conversations: str | Iterable[ConversationLike] | None
) -> tuple[Input, ...]:
    """The job's inputs, out of the file where one is named.

    Raises:
        InvalidInputError: neither documents nor conversations were given, or they cannot be read.
    """
    if isinstance(conversations, str):
        return read_conversations(conversations)
    if conversations is not None:
        return conversations_from(conversations)
    if isinstance(documents, str):
        return read_documents(documents)
    if documents is not None:
        return _masked(inputs_from(documents))
    raise InvalidInputError("There are neither documents nor conversations to analyze.")


def _masked(inputs: tuple[Input, ...]) -> tuple[Input, ...]:
    """Have Airflow mask the SAS of native documents, should anybody log one."""
    for one in inputs:
        for secret in one.secrets if isinstance(one, NativeDocument) else ():
            mask_secret(secret)
    return inputs


def batch_of(
    inputs: Sequence[Input], tasks: Sequence[TaskLike], batch: int | str | None
) -> tuple[Input, ...]:
    """The part of the inputs that one job takes.

    Args:
        inputs: all of them.
        tasks: of the job; their kinds decide, with the inputs, how much a job takes.
        batch: the number of the part, from 0; None for all.

    Raises:
        InvalidInputError: there is no such part.
    """
    if batch is None:
        return tuple(inputs)
    check_inputs(inputs)  # as a whole: an id in two batches could not be told apart in the rows
    try:
        number = int(batch)
    except (TypeError, ValueError):
        raise InvalidInputError(f"The batch is {batch!r} instead of a number.") from None
    kinds = frozenset(task.kind for task in tasks_from(tasks))
    batches = pack(inputs, *family_of(inputs).limits(kinds))
    if not 0 <= number < len(batches):
        raise InvalidInputError(f"There is no batch {number}: the documents make {len(batches)} batches.")
    return batches[number]
