"""What a DAG gives to its tasks, where it builds it itself: documents, conversations, queries and blobs."""

from airflow_provider_language.protocol.corpus.queries import SqlSource
from airflow_provider_language.protocol.inputs.conversations import (
    Conversation,
    ConversationItem,
)
from airflow_provider_language.protocol.inputs.documents import Document
from airflow_provider_language.protocol.inputs.native_documents import (
    AzureBlob,
    AzureContainer,
    AzureContainerFolder,
    NativeDocument,
)
from airflow_provider_language.protocol.inputs.timings import Timing, WordTiming

__all__ = [
    "AzureBlob",
    "AzureContainer",
    "AzureContainerFolder",
    "Conversation",
    "ConversationItem",
    "Document",
    "NativeDocument",
    "SqlSource",
    "Timing",
    "WordTiming",
]
