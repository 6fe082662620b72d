"""What the documents say of requests in words alone, and values that make requests worth answering.

Of texts that are drawn at random the engines make nothing, of projects neither. Requests that break these
rules are tried as well: as invalid ones.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import schemathesis
from hypothesis import strategies

from tests.emulator.openapi.patches import Patch

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

_TEXT = "Language/*/analyzetext.json"
_LEGACY = "TextAnalytics/*"
_CONVERSATIONS = "Language/*/analyzeconversations.json"
_MODELS = ["latest", "2021-06-01"]
_JOBS = "Language/*/202[34]-*/analyzeconversations.json"
_NATIVE = "Language/*/analyzedocuments.json"
# One document less than five, which is the least that an operation takes.
_FEW = 4

_PIECES = (
    "The food was great, but the waiter was rude.",
    "Anna Miller paid 20 € with 4111 1111 1111 1111",
    "call +1 425 555 0100 or write to anna@example.com",
    "on 3 May 2021 in Seattle",
    "Patient takes 100 mg ibuprofen twice a day for a headache.",
    "No history of diabetes.",
    "The invoice is wrong, please refund the payment.",
    "Das Hotel in München war schön.",
    "\r\n",
    "👩‍👩‍👧 e\u0301 🇩🇪",
    "שלום עולם",
    "$1 {} \\ \" ' <b>",
)
_LANGUAGES = ("en", "en", "en", "en", "en", "en-US", "de", "es", "auto", "zh-hans", "tlh")

BLOBS = {
    "letter.txt": "Anna Miller, anna@example.com, wrote on 3 May 2021. She wants a refund. We agree.",
    "note.txt": "שלום 👩‍👩‍👧\r\ncall +1 425 555 0100",
    "empty.txt": "",
    "picture.png": "no text",
}
"""The blobs of the container."""
CONTAINER = "https://acme.blob.core.windows.net/in"

FORMATS: dict[str, SearchStrategy[str]] = {
    "document-text": strategies.one_of(
        strategies.lists(strategies.sampled_from(_PIECES), min_size=1, max_size=4).map(" ".join),
        strategies.text(max_size=60),
    ),
    "document-language": strategies.one_of(
        strategies.sampled_from(_LANGUAGES),
        strategies.sampled_from(_LANGUAGES),
        strategies.text(min_size=1, max_size=5),
    ),
}


def register_formats() -> None:
    """Let schemathesis draw texts and languages."""
    for name, strategy in FORMATS.items():
        schemathesis.openapi.format(name, strategy)


def _project(definition: str, project: str, files: str = _TEXT) -> tuple[Patch, ...]:
    place = f"definitions|{definition}|properties"
    source = "one of the emulator's sample projects"
    return (
        Patch(f"{place}|projectName|enum", [project], source, files),
        Patch(f"{place}|deploymentName|enum", ["production"], source, files),
    )


def _bounded(definition: str, field: str, most: int, files: str) -> tuple[Patch, ...]:
    place = f"definitions|{definition}|properties|{field}"
    source = "Data and rate limits"
    return (
        Patch(f"{place}|minItems", 1, source, files),
        Patch(f"{place}|maxItems", most, source, files),
    )


def _sentence_counts(definition: str, files: str) -> tuple[Patch, ...]:
    place = f"definitions|{definition}|properties|sentenceCount"
    source = "document summarization, how-to: the range is from 1 to 20"
    return (
        Patch(f"{place}|minimum", 1, source, files),
        Patch(f"{place}|maximum", 20, source, files),
    )


CONVERSATIONS: tuple[Patch, ...] = (
    *(
        Patch(f"definitions|{name}|properties|{field}|minLength", 1, "it tells things apart", _CONVERSATIONS)
        for name, field in (
            ("Conversation", "id"),
            ("T*ConversationItem", "id"),
            ("T*ConversationItem", "participantId"),
        )
    ),
    *(
        Patch(f"definitions|T*ConversationItem|properties|{form}|format", "document-text", "a text", files)
        for form, files in (
            ("text", _CONVERSATIONS),
            *((form, "*/202[34]-*/analyzeconversations.json") for form in ("itn", "maskedItn", "lexical")),
        )
    ),
    Patch("definitions|*Conversation|properties|language|format", "document-language", "a language", _JOBS),
    *_bounded("MultiLanguageConversationAnalysisInput", "conversations", 2, _JOBS),
    *_bounded("T*Conversation", "conversationItems", _FEW, _JOBS),
    *_bounded("AnalyzeConversationJobsInput", "tasks", 3, _JOBS),
    *_bounded("ConversationSummarizationTaskParameters", "summaryAspects", _FEW, _JOBS),
    Patch("definitions|AnalyzeConversationSummarizationTask|required", ["parameters"], "aspects", _JOBS),
    *_sentence_counts("ConversationSummarizationTaskParameters", _JOBS),
    Patch("definitions|*Parameters|properties|modelVersion|enum", _MODELS, "Model lifecycle", _JOBS),
    *_project("ConversationTaskParameters", "assistant", _CONVERSATIONS),
)

TEXTS: tuple[Patch, ...] = (
    Patch("definitions|M*LanguageInput|properties|id|minLength", 1, "Unique, non-empty document identifier"),
    Patch("definitions|LanguageInput|properties|id|minLength", 1, "Unique, non-empty document identifier"),
    Patch("definitions|M*LanguageInput|properties|text|format", "document-text", "a text"),
    Patch("definitions|LanguageInput|properties|text|format", "document-text", "a text"),
    Patch("definitions|M*LanguageInput|properties|language|format", "document-language", "a language"),
    Patch("definitions|LanguageInput|properties|countryHint|enum", ["", "us", "DE", "none"], "a country"),
    *(
        Patch(f"definitions|{name}|properties|documents|{rule}", value, "Data and rate limits", files)
        for name, files in (
            ("MultiLanguageAnalysisInput", _TEXT),
            ("LanguageDetectionAnalysisInput", _TEXT),
            ("MultiLanguageBatchInput", _LEGACY),
            ("LanguageBatchInput", _LEGACY),
        )
        for rule, value in (("minItems", 1), ("maxItems", _FEW))
    ),
    *(
        Patch(f"definitions|{name}|required", ["documents"], "Data and rate limits", _TEXT)
        for name in ("MultiLanguageAnalysisInput", "LanguageDetectionAnalysisInput")
    ),
    Patch("definitions|AnalyzeText*Input|required", ["kind", "analysisInput"], "no answer without", _TEXT),
    Patch(
        "definitions|AnalyzeTextJobsInput|required", ["tasks", "analysisInput"], "no answer without", _TEXT
    ),
    Patch("definitions|AnalyzeTextJobsInput|properties|tasks|minItems", 1, "no job without a task", _TEXT),
    Patch("definitions|Custom*LROTask|required", ["parameters"], "they require projectName", _TEXT),
    *_project("CustomEntitiesTaskParameters", "support-entities"),
    *_project("CustomSingleLabelClassificationTaskParameters", "support-topic"),
    *_project("CustomMultiLabelClassificationTaskParameters", "support-concerns"),
    Patch("definitions|*Parameters|properties|modelVersion|enum", _MODELS, "Model lifecycle", _TEXT),
    *_sentence_counts("*SummarizationTaskParameters", "*/2023-04-01/analyzetext.json"),
    Patch("paths|*/pii|post|parameters|domain|enum", ["PHI", "none"], "Possible values include", _LEGACY),
    Patch("parameters|ModelVersion|enum", _MODELS, "Model lifecycle", _LEGACY),
    Patch(
        "definitions|*Task|properties|parameters|properties|model-version|enum",
        _MODELS,
        "Model lifecycle",
        _LEGACY,
    ),
    Patch("definitions|JobManifest|properties|tasks|minProperties", 1, "no job without a task", _LEGACY),
    Patch(
        "definitions|JobManifest|properties|tasks|properties|*|minItems",
        1,
        "no job without a task",
        _LEGACY,
    ),
)


def _location(field: str, *paths: str) -> Patch:
    """Return the rule for one location, of which the document says no more than that it is a string."""
    known = [f"{CONTAINER}/{path}{query}" for path in paths for query in ("", "?sv=2024-11-04&sig=secret")]
    schema = {
        "type": "object",
        "properties": {
            "kind": {"type": "string", "enum": ["AzureBlob"]},
            "location": {"type": "string", "enum": known},
        },
        "required": ["kind", "location"],
    }
    return Patch(f"definitions|MultiLanguageInput|properties|{field}", schema, "a URL of a blob", _NATIVE)


NATIVE: tuple[Patch, ...] = (
    _location("source", *BLOBS, "letter.txt", "missing.txt"),
    # Below a blob nothing can be written.
    _location("target", "results", "results/again", "letter.txt"),
    *_bounded("MultiLanguageAnalysisInput", "documents", _FEW, _NATIVE),
    Patch("definitions|MultiLanguageAnalysisInput|required", ["documents"], "no job without", _NATIVE),
    *_bounded("AnalyzeDocumentJobsInput", "tasks", 3, _NATIVE),
    Patch("definitions|*Parameters|properties|modelVersion|enum", _MODELS, "Model lifecycle", _NATIVE),
    *_sentence_counts("*SummarizationTaskParameters", _NATIVE),
)

REQUESTS: tuple[Patch, ...] = (*TEXTS, *CONVERSATIONS, *NATIVE)
