"""What a job may be given: texts, conversations or native documents; their type decides on the job family."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias, TypeVar, cast

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.protocol.inputs.conversations import (
    Conversation,
    ConversationLike,
    check_conversations,
    conversations_from,
    is_conversation,
)
from airflow_provider_language.protocol.inputs.documents import (
    Document,
    DocumentLike,
    check_documents,
    check_list,
    documents_from,
)
from airflow_provider_language.protocol.inputs.native_documents import (
    NativeDocument,
    NativeDocumentLike,
    check_native_documents,
    is_native,
    native_documents_from,
)
from airflow_provider_language.protocol.surfaces import (
    ANALYZE_CONVERSATIONS,
    ANALYZE_DOCUMENTS,
    ANALYZE_TEXT,
    Surface,
)

Input: TypeAlias = Document | Conversation | NativeDocument
InputLike: TypeAlias = DocumentLike | ConversationLike | NativeDocumentLike
InputT = TypeVar("InputT", bound=Input)

_MIXED = "A job takes documents of one kind: texts, conversations or native documents."
_FAMILIES: Mapping[type[Input], Surface] = {
    Document: ANALYZE_TEXT,
    Conversation: ANALYZE_CONVERSATIONS,
    NativeDocument: ANALYZE_DOCUMENTS,
}


def inputs_from(values: Iterable[InputLike], language: str | None = None) -> tuple[Input, ...]:
    """Make documents, conversations or native documents, according to what the values are.

    Args:
        values: conversations, or dicts with ``conversationItems``; native documents, or rows with ``source``
            and ``target``; else texts, rows with ``text``, or documents. The turns of conversations look like
            texts: ``conversations_from`` reads them.
        language: for those that name none themselves.

    Raises:
        InvalidInputError: they are of several families, a single one where a list of them is expected, or not
            what they should be.
    """
    check_list(values, "documents")
    values = list(values)
    if values and all(is_conversation(value) for value in values):
        return conversations_from(cast("list[ConversationLike]", values), language)
    if values and all(is_native(value) for value in values):
        return native_documents_from(cast("list[NativeDocumentLike]", values), language)
    if any(is_conversation(value) or is_native(value) for value in values):
        raise InvalidInputError(_MIXED)
    return documents_from(cast("list[DocumentLike]", values), language)


def family_of(inputs: Sequence[Input]) -> Surface:
    """The job family of these inputs; of none, the one of texts."""
    return _FAMILIES[type(inputs[0])] if inputs else ANALYZE_TEXT


def check_inputs(inputs: Sequence[Input]) -> None:
    """Refuse what the service would refuse whatever the job.

    Raises:
        InvalidInputError: inputs of several families, or what the family's own check refuses.
    """
    types = {type(one) for one in inputs}
    if len(types) > 1:
        raise InvalidInputError(_MIXED)
    if types == {Conversation}:
        check_conversations(cast("Sequence[Conversation]", inputs))
    elif types == {NativeDocument}:
        check_native_documents(cast("Sequence[NativeDocument]", inputs))
    else:
        check_documents(cast("Sequence[Document]", inputs))
