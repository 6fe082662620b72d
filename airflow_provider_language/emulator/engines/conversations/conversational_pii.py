"""ConversationalPIITask: what identifies somebody in a conversation, and the conversation without it."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from airflow_provider_language.emulator.engines import parameter_values as wire
from airflow_provider_language.emulator.engines import pii, redaction
from airflow_provider_language.emulator.engines.spans.hits import HEURISTIC, Hit, longest
from airflow_provider_language.emulator.engines.words.text import require

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from airflow_provider_language.emulator.engines.contract import Conversation, ConversationItem, WordTiming

NUMERIC_IDENTIFIER = "NumericIdentifier"
_FORMS = ("itn", "maskedItn", "text", "lexical")
_DEFAULT_SOURCE = "lexical"
_WORD = re.compile(r"\w+")
_TOKEN = re.compile(r"\S+")
# Case, ticket and tracking numbers: at least four digits among capital letters.
_IDENTIFIER = re.compile(r"(?<![\w.-])(?=(?:[A-Z-]*\d){4})[A-Z\d][A-Z\d-]{4,30}[A-Z\d](?![\w-]|\.\d)")
_APPROXIMATION = {
    "code": "EmulatorApproximation",
    "message": "The emulator does not recognise numbers of a transcript that are spelled out in words.",
}
_NO_MASK = {"policyKind": "noMask"}


def analyze(
    conversation: Conversation, parameters: Mapping[str, Any], categories: Mapping[str, str]
) -> dict[str, Any]:
    """Find the personal data of a conversation and mask them in every form of every item.

    A form has what PiiEntityRecognition finds in it, and what it finds in another form of the same item if
    the same words stand there in any case: so the lexical form of a name is masked too.

    Args:
        conversation: Each item in one of `pii.LANGUAGES`.
        parameters: ``piiCategories`` (without it, or for ``Default``, what PiiEntityRecognition finds by
            default, as far as the version has it: inferred), ``excludePiiCategories``, ``redactionSource``
            (of transcripts; the form whose entities are told), ``redactAudioTiming``,
            ``redactionCharacter`` and ``redactionPolicy``.
        categories: From categories of PiiEntityRecognition to those of the API version; others are neither
            told nor masked.

    Returns:
        ``conversationItems``, and for a transcript a warning.

    Raises:
        UnsupportedLanguage: The language of an item is another one.
        MissingEngine: A library is not installed.
    """
    languages = [
        require(item.language or conversation.language, pii.LANGUAGES) for item in conversation.items
    ]
    searches = {language: _Search(language, parameters, categories) for language in languages}
    source = source_form(conversation, parameters)
    rules = redaction.policies(parameters)
    with_audio = wire.flag(parameters, "redactAudioTiming")
    items = [
        _item(item, place, searches[language], source, rules, with_audio=with_audio)
        for place, (item, language) in enumerate(zip(conversation.items, languages, strict=True))
    ]
    warnings = {"warnings": [dict(_APPROXIMATION)]} if conversation.is_transcript else {}
    return {"conversationItems": items, **warnings}


def source_form(conversation: Conversation, parameters: Mapping[str, Any]) -> str:
    """Return the form whose entities are told: the text of a chat, and of a transcript what was asked.

    The documentation names no default for transcripts; its samples and Microsoft's own ingestion client
    take ``lexical`` (inferred).
    """
    if not conversation.is_transcript:
        return "text"
    asked = str(parameters.get("redactionSource") or _DEFAULT_SOURCE).lower()
    return next((form for form in _FORMS if form.lower() == asked), _DEFAULT_SOURCE)


class _Search:
    """What finds the entities of one text, in the categories that were asked and that the version has."""

    def __init__(self, language: str, parameters: Mapping[str, Any], categories: Mapping[str, str]) -> None:
        asked = wire.names(parameters, "piiCategories")
        excluded = wire.names(parameters, "excludePiiCategories")
        self._language = language
        self._told = {name: told for name, told in categories.items() if told.lower() not in excluded}
        self._any_identifier = NUMERIC_IDENTIFIER in self._told and (
            not asked or bool(asked & {"all", "default", NUMERIC_IDENTIFIER.lower()})
        )
        general = [name for name in ("All", "Default") if name.lower() in asked]
        special = [name for name, told in categories.items() if told.lower() in asked]
        self._parameters = {"piiCategories": [*general, *special], "redactionPolicy": _NO_MASK}

    def find(self, text: str) -> list[Hit]:
        if not text:
            return []
        found = pii.analyze(text, self._language, self._parameters)["entities"]
        hits = [
            Hit(entity["offset"], entity["offset"] + entity["length"], told, entity["confidenceScore"])
            for entity in found
            if (told := self._told.get(entity["type"]) or self._told.get(entity["category"])) is not None
        ]
        if self._any_identifier:
            hits += (
                Hit(match.start(), match.end(), NUMERIC_IDENTIFIER, HEURISTIC)
                for match in _IDENTIFIER.finditer(text)
            )
        return longest(hits)


def _item(
    item: ConversationItem,
    place: int,
    search: _Search,
    source: str,
    rules: Sequence[redaction.Policy],
    *,
    with_audio: bool,
) -> dict[str, Any]:
    # Forms are often equal, and each text needs to be searched and masked only once.
    found = {text: search.find(text) for text in dict.fromkeys(item.contents.values())}
    by_text = {
        text: longest([*hits, *_same_words(text, _found_elsewhere(text, found))])
        for text, hits in found.items()
    }
    masked = {text: _redact(text, hits, rules) for text, hits in by_text.items()}
    spans = {form: by_text[text] for form, text in item.contents.items()}
    redacted = {form: masked[text] for form, text in item.contents.items()}
    content: dict[str, Any] = {
        form: redacted[form].text for form in _FORMS if form in redacted and redacted[form].text is not None
    }
    if with_audio:
        content["audioTimings"] = list(_audio(item, spans.get("lexical", [])))
    entities = [_entity(item.contents[source], hit, place, source) for hit in spans.get(source, [])]
    if entities:
        for entity, mask in zip(entities, redacted[source].masks, strict=True):
            if mask is not None:
                entity.update(mask=mask[0], maskOffset=mask[1], maskLength=len(mask[0]))
    return {"id": item.id, "redactedContent": content, "entities": entities}


def _found_elsewhere(text: str, found: Mapping[str, Sequence[Hit]]) -> dict[tuple[str, ...], Hit]:
    """Return the entities of an item's other texts by their words."""
    return {
        words: hit
        for other, hits in found.items()
        if other != text
        for hit in hits
        if (words := _words(other[hit.start : hit.end]))
    }


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.casefold() for word in _WORD.findall(text))


def _same_words(text: str, known: Mapping[tuple[str, ...], Hit]) -> Iterator[Hit]:
    """Yield where the words of known entities stand in a text."""
    if not known:
        return
    sizes: defaultdict[str, set[int]] = defaultdict(set)
    for entity in known:
        sizes[entity[0]].add(len(entity))
    matches = list(_WORD.finditer(text))
    words = [match.group().casefold() for match in matches]
    for first, word in enumerate(words):
        for size in sizes.get(word, ()):
            window = tuple(words[first : first + size])
            hit = known.get(window) if len(window) == size else None
            if hit is not None:
                yield Hit(matches[first].start(), matches[first + size - 1].end(), hit.type, hit.confidence)


def _redact(text: str, hits: Sequence[Hit], rules: Sequence[redaction.Policy]) -> redaction.Redaction:
    return redaction.redact(text, [(hit.start, hit.end, hit.type, hit.type) for hit in hits], rules)


def _entity(text: str, hit: Hit, place: int, form: str) -> dict[str, Any]:
    return {
        "text": text[hit.start : hit.end],
        "category": hit.type,
        "item": place,
        "form": form,
        "offset": hit.start,
        "length": hit.end - hit.start,
        "confidenceScore": hit.confidence,
    }


def _audio(item: ConversationItem, hits: Sequence[Hit]) -> Iterator[dict[str, int]]:
    """Yield when each entity of the lexical form was said."""
    tokens = list(_TOKEN.finditer(item.contents.get("lexical", "")))
    said = _aligned([token.group() for token in tokens], item.timings)
    starts, ends = [token.start() for token in tokens], [token.end() for token in tokens]
    for hit in hits:
        places = range(bisect_right(ends, hit.start), bisect_left(starts, hit.end))
        times = [said[place] for place in places if place in said]
        if times:
            start = min(time.offset for time in times)
            end = max(time.offset + time.duration for time in times)
            yield {"offset": start, "duration": end - start}


def _aligned(tokens: Sequence[str], timings: Sequence[WordTiming]) -> dict[int, WordTiming]:
    """Return the timing of each token: one to one if there are as many, else of equal words in order."""
    if len(tokens) == len(timings):
        return dict(enumerate(timings))
    places: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
    for place, timing in enumerate(timings):
        places[_words(timing.word)].append(place)
    aligned: dict[int, WordTiming] = {}
    following = 0
    for index, token in enumerate(tokens):
        same = places[_words(token)]
        at = bisect_left(same, following)
        if at < len(same):
            aligned[index] = timings[same[at]]
            following = same[at] + 1
    return aligned
