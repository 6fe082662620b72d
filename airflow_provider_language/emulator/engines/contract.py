"""What every engine promises to the protocol side of the emulator.

An engine analyses one document and knows nothing of HTTP, jobs, pages or API versions. It gets

* ``text``: the document, not empty;
* ``language``: a resolved code such as ``"en"``, ``"de-AT"`` or ``"zh_chs"`` (never ``"auto"``; the caller
  resolves that with `detect_language`). Engines look at the primary subtag only, in any case;
* ``parameters``: the task's parameters as they were sent, with their wire names. Unknown keys are ignored.

It returns the fields of one result document that belong to the kind, in the service's order and under the
service's names, without ``id`` and ``statistics``. ``warnings`` is present only if there are any. For
PiiEntityRecognition ``redactedText`` comes first, since the service writes it before ``id``; it is absent if
the only redaction policy is ``noMask``.

**Offsets.** Every ``offset`` and ``length`` counts Unicode code points: a span's text is
``text[offset:offset + length]``. The caller converts them to the stringIndexType that was asked for.
``maskOffset`` and ``maskLength`` (PiiEntityRecognition under an entity mask) count code points of
``redactedText`` instead.

**Refs.** A ``ref`` (opinions, healthcare relations) holds the position of its document in the page's
``documents``, which an engine cannot know. Engines write position 0; the caller passes the document through
`renumber` when it lays out a page.

**API versions.** Engines do not know the API version. Entities (EntityRecognition, PiiEntityRecognition)
carry ``type``, ``tags`` and sometimes ``metadata``, which the service has since 2024-11-01; for older
versions the caller takes them off with `without_types`.

Engines are pure and deterministic, may be called from several threads at once, and raise nothing on any
text but `UnsupportedLanguage` (a language that the engine does not know) and `MissingEngine` (the
``emulator`` extra is not installed).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol


class UnsupportedLanguage(Exception):  # noqa: N818 - named after the service's code UnsupportedLanguageCode
    """An engine was asked for a language that it does not know.

    Attributes:
        language: The language code as it was passed to the engine.
        supported: The codes that the engine knows, in alphabetical order.
    """

    def __init__(self, language: str, supported: tuple[str, ...]) -> None:
        super().__init__(f"Language {language!r} is not one of: {', '.join(supported)}")
        self.language = language
        self.supported = supported


class MissingEngine(Exception):  # noqa: N818 - a state of the installation, told to its user
    """A library of the ``emulator`` extra is not installed.

    Attributes:
        module: The import name of the missing library.
    """

    def __init__(self, module: str) -> None:
        super().__init__(
            f"The emulator's engines need the library {module!r}: "
            "pip install 'airflow-provider-language[emulator]'"
        )
        self.module = module


@dataclass(frozen=True)
class DetectedLanguage:
    """The main language of a text, as the service's LanguageDetection names it.

    Attributes:
        name: The English name, for example ``"English"`` or ``"Chinese_Simplified"``; ``"(Unknown)"`` for a
            text without a letter.
        iso6391_name: The code, for example ``"en"`` or ``"zh_chs"``; ``"(Unknown)"`` likewise.
        confidence: Between 0.0 and 1.0, two decimals; 0.0 if unknown.
    """

    name: str
    iso6391_name: str
    confidence: float


@dataclass(frozen=True)
class WordTiming:
    """When a word of a transcript was said.

    Attributes:
        word: The word.
        offset: Its start in ticks of 100 nanoseconds.
        duration: In ticks.
    """

    word: str
    offset: int
    duration: int


@dataclass(frozen=True)
class ConversationItem:
    """What one participant said or wrote at once.

    Attributes:
        id: The client's id.
        participant: The client's id of who it was.
        role: ``"customer"``, ``"agent"``, ``"generic"`` or None.
        contents: The text by its form: ``text`` alone of a chat; of a transcript any of ``text``,
            ``lexical``, ``itn`` and ``maskedItn``.
        timings: When the words of the lexical form were said; may be empty.
        language: The language code, if it is not the conversation's.
    """

    id: str
    participant: str
    role: str | None
    contents: Mapping[str, str]
    timings: tuple[WordTiming, ...] = ()
    language: str | None = None


@dataclass(frozen=True)
class Conversation:
    """A chat or a transcribed talk.

    Attributes:
        id: The client's id.
        language: The language code, as it was sent.
        is_transcript: Whether it was spoken.
        items: In order.
    """

    id: str
    language: str
    is_transcript: bool
    items: tuple[ConversationItem, ...]


class ConversationEngine(Protocol):
    """A function from one conversation to the kind's fields of its result."""

    def __call__(
        self, conversation: Conversation, parameters: Mapping[str, Any], categories: Mapping[str, str]
    ) -> dict[str, Any]:
        """Analyse one conversation.

        Each span has ``item``, the position of its item in the conversation, and ``form``, the content
        that its offsets are of, beside ``offset`` and ``length``; the caller converts and removes them.

        Args:
            conversation: What was said.
            parameters: The task's parameters as they were sent.
            categories: What the API version calls the categories of PiiEntityRecognition that it has.
        """


class Engine(Protocol):
    """A function from one document to the kind's fields of its result document."""

    def __call__(self, text: str, language: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """Analyse one document; see the module's text for the terms."""


Engines = Mapping[str, Engine]
"""The engine of each request kind."""

Detector = Callable[[str], DetectedLanguage]
"""What finds the language of a text."""
