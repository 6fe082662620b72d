"""What a submission is given: rendered without texts and secrets, read from files, cut into batches."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, cast

from airflow_provider_language._compat import mask_secret
from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.protocol.corpus.batches import batch_from
from airflow_provider_language.protocol.corpus.layouts import AS_USUAL, Layout
from airflow_provider_language.protocol.corpus.packing import pack
from airflow_provider_language.protocol.inputs.conversations import (
    Conversation,
    ConversationLike,
    conversations_from,
)
from airflow_provider_language.protocol.inputs.documents import check_list
from airflow_provider_language.protocol.inputs.families import (
    Input,
    InputLike,
    check_inputs,
    family_of,
    inputs_from,
)
from airflow_provider_language.protocol.inputs.fields import text_in
from airflow_provider_language.protocol.inputs.native_documents import NativeDocument
from airflow_provider_language.protocol.inputs.tasks import TaskLike, tasks_from
from airflow_provider_language.protocol.jobs.expected import Source
from airflow_provider_language.running.given import Rendered, listed
from airflow_provider_language.storage.locations import rendered_location
from airflow_provider_language.storage.sources.batches import read_batch
from airflow_provider_language.storage.sources.documents import read_conversations, read_documents


def rendered_documents(rendered: str | Iterable[InputLike] | None) -> str | Rendered[Input] | None:
    """What Airflow rendered, as documents, whose ``repr`` has no text; a location stays as it is.

    Airflow stores rendered fields in its database and shows them in its UI.

    Raises:
        InvalidInputError: neither documents nor a location.
    """
    rendered = cast("str | Iterable[InputLike] | None", rendered_location(rendered, "documents"))
    if rendered is None or isinstance(rendered, str):
        return rendered
    check_list(rendered, "documents")
    return Rendered(_masked(inputs_from(listed(rendered))))


def rendered_conversations(
    rendered: str | Iterable[ConversationLike] | None,
) -> str | Rendered[Conversation] | None:
    """What Airflow rendered, as conversations; see :func:`rendered_documents`."""
    rendered = cast("str | Iterable[ConversationLike] | None", rendered_location(rendered, "conversations"))
    if rendered is None or isinstance(rendered, str):
        return rendered
    check_list(rendered, "conversations")
    return Rendered(conversations_from(listed(rendered)))


def inputs_of(
    documents: str | Iterable[InputLike] | None,
    conversations: str | Iterable[ConversationLike] | None,
    tasks: Sequence[TaskLike],
    batch: int | str | Mapping[str, Any] | None,
    layout: Layout = AS_USUAL,
) -> tuple[Input, ...]:
    """The inputs of one job: all that are given, or one batch of them.

    Args:
        documents: or the location of a file of them.
        conversations: instead, or the location of a file of them.
        tasks: of the job; their kinds decide, with the inputs, how much a job takes.
        batch: what ``LanguageHook.batches`` told of it, which is read and no more; or the number of the part,
            from 0; None for all.
        layout: how the file is written.

    Raises:
        InvalidInputError: neither documents nor conversations were given, they cannot be read, or there is no
            such part.
    """
    if isinstance(batch, Mapping) and isinstance(documents, str) and conversations is None:
        found = batch_from(batch)
        return read_batch(documents, replace(found, layout=found.read_as(layout)))
    if not isinstance(batch, Mapping):
        batch = text_in(batch, "The batch")
    inputs = _read(documents, conversations, layout)
    return inputs if batch is None else _part_of(inputs, tasks, batch)


def source_of(
    documents: object,
    conversations: object,
    batch: int | str | Mapping[str, Any] | None,
    layout: Layout = AS_USUAL,
) -> Source | None:
    """Where the inputs of a job are read; None where they are given as they are.

    Args:
        documents: all that are given, or the location of a file of them.
        conversations: instead, or the location of a file of them.
        batch: what ``LanguageHook.batches`` told of it, which knows how the file was read; or something else.
        layout: how the file is written.
    """
    given = documents if documents is not None else conversations
    if not isinstance(given, str):
        return None
    read = batch_from(batch).read_as(layout) if isinstance(batch, Mapping) else layout
    id_column = read.id_column or ("id" if conversations is None else "conversation_id")
    return Source(given, read.text_column or "text", id_column)


def _read(
    documents: str | Iterable[InputLike] | None,
    conversations: str | Iterable[ConversationLike] | None,
    layout: Layout,
) -> tuple[Input, ...]:
    if isinstance(conversations, str):
        return read_conversations(conversations, layout=layout)
    if isinstance(documents, str):
        return read_documents(documents, layout=layout)
    layout.refuse_rows()
    if conversations is not None:
        return conversations_from(conversations)
    if documents is not None:
        return _masked(inputs_from(documents))
    raise InvalidInputError("There are neither documents nor conversations to analyze.")


def _masked(inputs: tuple[Input, ...]) -> tuple[Input, ...]:
    """Have Airflow mask the SAS of native documents, should anybody log one."""
    for one in inputs:
        for secret in one.secrets if isinstance(one, NativeDocument) else ():
            mask_secret(secret)
    return inputs


def _part_of(
    inputs: Sequence[Input], tasks: Sequence[TaskLike], batch: int | str | Mapping[str, Any]
) -> tuple[Input, ...]:
    check_inputs(inputs)  # as a whole: an id in two batches could not be told apart in the rows
    if isinstance(batch, Mapping):
        part = batch_from(batch)
        return part.checked(inputs[part.first : part.first + part.count])
    try:
        number = int(batch)
    except (TypeError, ValueError):
        raise InvalidInputError(f"The batch is {batch!r} instead of a number.") from None
    kinds = frozenset(task.kind for task in tasks_from(tasks))
    batches = tuple(pack(inputs, *family_of(inputs).limits(kinds)))
    if not 0 <= number < len(batches):
        raise InvalidInputError(f"There is no batch {number}: the documents make {len(batches)} batches.")
    return batches[number]
