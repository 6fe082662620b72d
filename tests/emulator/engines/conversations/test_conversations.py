"""The engines of conversations: what they find, mask and summarise, and where."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
import regex
from hypothesis import given, settings
from hypothesis import strategies as st

from airflow_provider_language.emulator.engines import (
    CONVERSATION_ENGINES,
    Conversation,
    ConversationItem,
    UnsupportedLanguage,
    WordTiming,
)
from airflow_provider_language.emulator.engines.conversations.categories import EXTENDED, SHORT
from airflow_provider_language.emulator.families.conversation_jobs import convert_spans
from airflow_provider_language.emulator.protocol.job_requests import Task
from tests.emulator.engines.test_promises import VALUES
from tests.emulator.engines.texts import TEXTS, cut

if TYPE_CHECKING:
    from collections.abc import Iterator

PII, SUMMARIES = "ConversationalPIITask", "ConversationalSummarizationTask"
SENTIMENT = "ConversationalSentimentTask"
ASPECTS = ["issue", "resolution", "chapterTitle", "narrative", "recap", "follow-up tasks"]


def item(text: str, participant: str = "p", role: str | None = None, **forms: str) -> ConversationItem:
    return ConversationItem("i", participant, role, {"text": text, **forms})


def chat(*items: ConversationItem, language: str = "en") -> Conversation:
    return Conversation("c", language, is_transcript=False, items=items)


def transcript(*timings: WordTiming, **forms: str) -> Conversation:
    return Conversation(
        "c", "en", is_transcript=True, items=(ConversationItem("i", "p", None, forms, timings),)
    )


def redact(conversation: Conversation, categories: Any = SHORT, **parameters: Any) -> dict[str, Any]:
    found = CONVERSATION_ENGINES[PII](conversation, parameters, categories)
    first: dict[str, Any] = found["conversationItems"][0]
    return first


def summarise(conversation: Conversation, **parameters: Any) -> dict[str, str]:
    found = CONVERSATION_ENGINES[SUMMARIES](conversation, {"summaryAspects": ASPECTS, **parameters}, {})
    assert [warning["code"] for warning in found["warnings"]] == ["EmulatorApproximation"]
    return {summary["aspect"]: summary["text"] for summary in found["summaries"]}


def categories(result: dict[str, Any]) -> list[str]:
    return [entity["category"] for entity in result["entities"]]


def test_a_name_is_masked_in_every_form_of_a_transcript() -> None:
    forms = {
        "text": "Hi, I am John Doe.",
        "lexical": "hi i am john doe",
        "itn": "hi i am john doe",
        "maskedItn": "hi i am john doe",
    }
    found = redact(transcript(**forms))
    assert found["redactedContent"] == {
        "itn": "hi i am ********",
        "maskedItn": "hi i am ********",
        "text": "Hi, I am ********.",
        "lexical": "hi i am ********",
    }
    assert [(entity["text"], entity["form"]) for entity in found["entities"]] == [("john doe", "lexical")]
    told = redact(transcript(**forms), redactionSource="text")["entities"]
    assert [(entity["text"], entity["offset"]) for entity in told] == [("John Doe", 9)]


def test_names_of_which_one_begins_like_the_other_are_masked_to_the_last_word() -> None:
    found = redact(
        transcript(text="Maria Garcia Lopez met Maria Garcia.", lexical="maria garcia lopez met maria garcia")
    )
    assert found["redactedContent"] == {
        "text": "****************** met ************.",
        "lexical": "****************** met ************",
    }


def test_a_chat_is_masked_only_where_something_is_found() -> None:
    found = redact(chat(item("May Miller called. You may call back, miller.")))
    assert found["redactedContent"]["text"] == "********** called. You may call back, miller."


@pytest.mark.parametrize("words", [["hi", "john", "doe"], ["um", "hi", "John", "Doe.", "bye"]])
def test_audio_timings_span_the_words_of_an_entity(words: list[str]) -> None:
    timings = [WordTiming(word, 10 * place, 6) for place, word in enumerate(words)]
    sent = transcript(*timings, text="Hi John Doe.", lexical="hi john doe")
    first = 10 * [word.lower() for word in words].index("john")
    timed = redact(sent, redactAudioTiming=True)["redactedContent"]["audioTimings"]
    assert timed == [{"offset": first, "duration": 16}]
    assert "audioTimings" not in redact(sent)["redactedContent"]


def test_an_entity_without_timings_has_no_audio() -> None:
    sent = transcript(text="Hi John Doe.", lexical="hi john doe")
    assert redact(sent, redactAudioTiming=True)["redactedContent"]["audioTimings"] == []


def test_identifiers_without_a_name_of_their_own_are_numeric_identifiers() -> None:
    sent = chat(item("Ticket AB-123456, IBAN DE89 3704 0044 0532 0130 00, mail to a@example.com."))
    assert categories(redact(sent)) == ["NumericIdentifier", "NumericIdentifier", "Email"]
    assert categories(redact(sent, EXTENDED)) == [
        "NumericIdentifier",
        "InternationalBankingAccountNumber",
        "Email",
    ]


def test_categories_are_chosen_and_excluded() -> None:
    sent = chat(item("John Doe, a@example.com, ticket AB-123456, in Paris."))
    assert categories(redact(sent, piiCategories=["Email"])) == ["Email"]
    assert categories(redact(sent, excludePiiCategories=["Person", "NumericIdentifier"])) == ["Email"]
    assert categories(redact(sent, EXTENDED, piiCategories=["Default", "GPE"])) == [
        "Person",
        "Email",
        "NumericIdentifier",
        "GPE",
    ]
    # A category that the version does not have is neither told nor masked.
    assert "Paris" in redact(sent, SHORT, piiCategories=["All"])["redactedContent"]["text"]


def test_policies_mask_by_the_category_or_not_at_all() -> None:
    sent = chat(item("I am John Doe."))
    masked = redact(sent, redactionPolicy={"policyKind": "entityMask"})
    assert masked["redactedContent"] == {"text": "I am [PERSON_1]."}
    [entity] = masked["entities"]
    assert (entity["mask"], entity["maskOffset"], entity["maskLength"]) == ("[PERSON_1]", 5, 10)
    unmasked = redact(sent, redactionPolicy={"policyKind": "noMask"})
    assert (unmasked["redactedContent"], categories(unmasked)) == ({}, ["Person"])
    assert redact(sent, redactionCharacter="#")["redactedContent"] == {"text": "I am ########."}


CALL = chat(
    item("Welcome to the shop, how can I help you?", "Agent_1"),
    item("My new coffee machine is leaking and the kitchen floor is wet.", "Customer_1"),
    item("I am sorry about the leaking coffee machine. I will send you a new coffee machine.", "Agent_1"),
    item("Thanks.", "Customer_1"),
)


def test_aspects_are_made_of_what_the_right_speaker_said() -> None:
    found = summarise(CALL)
    assert list(found) == ASPECTS
    assert found["issue"] == "My new coffee machine is leaking and the kitchen floor is wet."
    assert "coffee machine" in found["resolution"]
    assert found["resolution"] not in CALL.items[1].contents["text"]
    assert found["follow-up tasks"] == "I will send you a new coffee machine."
    assert len(found["chapterTitle"].split()) <= 8


def test_roles_go_before_the_names_of_participants() -> None:
    swapped = chat(
        item("The coffee machine is leaking.", "Agent_1", "customer"),
        item("The coffee machine will be replaced.", "Customer_1", "agent"),
    )
    found = summarise(swapped)
    assert found["issue"] == "The coffee machine is leaking."
    assert found["resolution"] == "The coffee machine will be replaced."


def test_without_known_speakers_everybody_may_have_the_issue() -> None:
    assert summarise(chat(item("It rains.")))["issue"] == "It rains."


def test_an_aspect_that_nothing_was_said_of_is_left_out() -> None:
    assert "follow-up tasks" not in summarise(chat(item("It rains.")))
    assert summarise(chat(item(" "), item("A."))) == dict.fromkeys(ASPECTS[:5], "A.") | {"chapterTitle": "A"}


def test_lengths_are_counted_in_sentences() -> None:
    assert summarise(CALL, sentenceCount=1)["narrative"].count(".") == 1
    assert len(summarise(CALL, summaryLength="long")["narrative"]) > len(
        summarise(CALL, summaryLength="short")["narrative"]
    )


def moods(conversation: Conversation, **parameters: Any) -> list[str]:
    found = CONVERSATION_ENGINES[SENTIMENT](conversation, parameters, {})
    assert all(
        sum(each["confidenceScores"].values()) == pytest.approx(1) for each in found["conversationItems"]
    )
    return [each["sentiment"] for each in found["conversationItems"]]


def test_each_item_has_the_sentiment_of_its_own_sentences() -> None:
    said = chat(item("The food was great."), item("The waiter was rude. The room was lovely."), item("Hm."))
    assert moods(said) == ["positive", "mixed", "neutral"]


@pytest.mark.parametrize(
    ("parameters", "mood"),
    [
        ({}, "positive"),
        ({"predictionSource": "TEXT"}, "positive"),
        ({"predictionSource": "lexical"}, "negative"),
        ({"predictionSource": "itn"}, "positive"),
        ({"predictionSource": 7}, "positive"),
    ],
)
def test_a_transcript_is_judged_by_the_form_that_is_asked_for(parameters: dict[str, Any], mood: str) -> None:
    assert moods(transcript(text="It was great.", lexical="it was terrible", itn=""), **parameters) == [mood]


def test_an_item_without_a_text_is_neutral_for_sure() -> None:
    found = CONVERSATION_ENGINES[SENTIMENT](chat(item(" ")), {}, {})
    assert found["conversationItems"] == [
        {
            "id": "i",
            "participantId": "p",
            "sentiment": "neutral",
            "confidenceScores": {"positive": 0.0, "neutral": 1.0, "negative": 0.0},
        }
    ]


@pytest.mark.parametrize("kind", sorted(CONVERSATION_ENGINES))
def test_unknown_languages_are_refused(kind: str) -> None:
    with pytest.raises(UnsupportedLanguage):
        CONVERSATION_ENGINES[kind](chat(item("a"), language="xx"), {"summaryAspects": ["issue"]}, SHORT)


UNITS = ("TextElements_v8", "UnicodeCodePoint", "Utf16CodeUnit")


@settings(max_examples=80, deadline=None)
@given(first=TEXTS, second=TEXTS, lexical=TEXTS, source=st.sampled_from(("text", "lexical")))
@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("kind", [PII, SUMMARIES])
def test_every_span_is_where_its_item_says_in_every_unit(
    kind: str, unit: str, *, first: str, second: str, lexical: str, source: str
) -> None:
    forms: tuple[dict[str, str], ...] = ({"text": first, "lexical": lexical}, {"text": second, "lexical": ""})
    items = tuple(ConversationItem(str(place), "p", None, each) for place, each in enumerate(forms))
    sent = Conversation("c", "en", is_transcript=True, items=items)
    parameters = {"redactionSource": source, "stringIndexType": unit, "summaryAspects": ASPECTS}
    found = CONVERSATION_ENGINES[kind](sent, parameters, EXTENDED)
    converted = convert_spans(found, sent, Task(kind, None, parameters))
    for before, after in zip(spans(found), spans(converted), strict=True):
        text = forms[before["item"]][before["form"]]
        start, end = before["offset"], before["offset"] + before["length"]
        assert 0 <= start < end <= len(text)
        assert before.get("text", text[start:end]) == text[start:end]
        assert not {"item", "form"} & set(after)
        asked = cut(text, after["offset"], after["length"], unit)
        # A span that ends inside a text element is widened to the whole element.
        assert text[start:end] in asked if unit == UNITS[0] else text[start:end] == asked


def spans(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        if "offset" in value:
            yield value
        else:
            for each in value.values():
                yield from spans(each)
    elif isinstance(value, list):
        for each in value:
            yield from spans(each)


@settings(max_examples=40, deadline=None)
@given(text=TEXTS)
@pytest.mark.parametrize("kind", sorted(CONVERSATION_ENGINES))
def test_the_same_conversation_gives_the_same_bytes(kind: str, text: str) -> None:
    parameters = {"summaryAspects": ASPECTS}
    runs = (CONVERSATION_ENGINES[kind](chat(item(text)), parameters, EXTENDED) for _ in range(2))
    first, second = (json.dumps(run) for run in runs)
    assert first == second


@settings(max_examples=60, deadline=None)
@given(text=TEXTS)
def test_no_masked_text_is_left_in_the_redacted_item(text: str) -> None:
    found = redact(chat(item(text)), EXTENDED)
    kept = text
    for entity in reversed(found["entities"]):
        start, end = entity["offset"], entity["offset"] + entity["length"]
        mask = "*" * len(regex.findall(r"\X", text[start:end]))
        kept = kept[:start] + mask + kept[end:]
    assert found["redactedContent"]["text"] == kept


NAMES = (
    "excludePiiCategories",
    "piiCategories",
    "predictionSource",
    "redactAudioTiming",
    "redactionCharacter",
    "redactionPolicy",
    "redactionSource",
    "sentenceCount",
    "summaryAspects",
    "summaryLength",
)


@settings(max_examples=60, deadline=None)
@given(parameters=st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=4))
@pytest.mark.parametrize("kind", sorted(CONVERSATION_ENGINES))
def test_no_parameter_makes_an_engine_raise(kind: str, parameters: dict[str, Any]) -> None:
    sent = transcript(WordTiming("doe", 1, 2), text="Hi John Doe.", lexical="hi john doe")
    json.dumps(CONVERSATION_ENGINES[kind](sent, parameters, EXTENDED))


def test_an_item_that_is_judged_by_lists_of_words_marks_its_conversation() -> None:
    german = ConversationItem("i", "p", None, {"text": "Das war sehr schlecht."}, language="de")
    found = CONVERSATION_ENGINES[SENTIMENT](chat(german, item("That was good.")), {}, {})
    assert [each["sentiment"] for each in found["conversationItems"]] == ["negative", "positive"]
    assert [warning["code"] for warning in found["warnings"]] == ["EmulatorApproximation"]


def test_each_item_is_looked_through_in_its_own_language() -> None:
    german = ConversationItem("i", "p", None, {"text": "Ich bin am 3. Mai in Berlin."}, language="de")
    found = CONVERSATION_ENGINES[PII](chat(german, language="xx"), {"piiCategories": ["All"]}, EXTENDED)
    assert [item["id"] for item in found["conversationItems"]] == ["i"]
    with pytest.raises(UnsupportedLanguage):
        CONVERSATION_ENGINES[PII](chat(item("a"), german, language="xx"), {}, EXTENDED)


def test_a_long_transcript_none_of_whose_words_are_its_timings_words_loses_all_timings() -> None:
    timings = [WordTiming(f"w{place}", place, 1) for place in range(5_000)]
    sent = transcript(*timings, text="John Doe", lexical="john doe " * 1_000)
    assert redact(sent, redactAudioTiming=True)["redactedContent"]["audioTimings"] == []
