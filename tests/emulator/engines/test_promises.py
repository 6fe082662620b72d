"""What every engine promises, on texts that hypothesis invents."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from airflow_provider_language.emulator.engines import ENGINES, UnsupportedLanguage

from .processes import run
from .texts import TEXTS

if TYPE_CHECKING:
    from collections.abc import Iterator

PARAMETERS: dict[str, dict[str, Any]] = {"SentimentAnalysis": {"opinionMining": True}}
NAMES = (
    "confidenceScoreThreshold",
    "domain",
    "entitySynonyms",
    "excludePiiCategories",
    "exclusionList",
    "inclusionList",
    "inferenceOptions",
    "opinionMining",
    "overlapPolicy",
    "piiCategories",
    "redactionCharacter",
    "redactionPolicies",
    "redactionPolicy",
    "sentenceCount",
    "sortBy",
    "summaryLength",
    "valueExclusionPolicy",
)
KEYS = ("default", "entityType", "entityTypes", "excludedValues", "policyKind", "synonyms", "overrides")
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=5), st.floats()),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(KEYS), inner, max_size=3)
    ),
    max_leaves=6,
)


def spans(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        if "offset" in value:
            yield value
        for item in value.values():
            yield from spans(item)
    elif isinstance(value, list):
        for item in value:
            yield from spans(item)


@pytest.mark.parametrize("kind", ENGINES)
@settings(max_examples=60, deadline=None)
@given(text=TEXTS, language=st.sampled_from(("en", "de-AT", "zh_chs")))
def test_every_span_is_the_text_it_names_whatever_the_text(kind: str, text: str, language: str) -> None:
    try:
        result = ENGINES[kind](text, language, PARAMETERS.get(kind, {}))
    except UnsupportedLanguage:
        if language == "en":
            raise
        return
    for span in spans(result):
        start, length = span["offset"], span["length"]
        assert start >= 0
        assert 0 < length <= len(text) - start
        if "text" in span:
            assert text[start : start + length] == span["text"]


@pytest.mark.parametrize("kind", ENGINES)
@settings(max_examples=20, deadline=None)
@given(text=TEXTS)
def test_the_same_text_gives_the_same_bytes(kind: str, text: str) -> None:
    first, second = (json.dumps(ENGINES[kind](text, "en", PARAMETERS.get(kind, {}))) for _ in range(2))
    assert first == second


@pytest.mark.parametrize("kind", ENGINES)
@settings(max_examples=30, deadline=None)
@given(parameters=st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=4))
def test_no_parameter_makes_an_engine_raise(kind: str, parameters: dict[str, Any]) -> None:
    result = ENGINES[kind]("Maria Garcia of Contoso paid $5 in Berlin. It was great.", "en", parameters)
    json.dumps(result)


@pytest.mark.parametrize(
    "kind", sorted(ENGINES.keys() - {"AbstractiveSummarization", "ExtractiveSummarization"})
)
def test_the_longest_document_that_the_service_takes_is_read_to_its_end(kind: str) -> None:
    sentence = "Maria Garcia of Microsoft liked the small hotel in Berlin on 3 May 2024 but paid $5. "
    end = "Microsoft gave Olga Schmidt the terrible ibuprofen 400 mg in Berlin."
    text = (sentence * 1500)[: 125_000 - len(end)] + end
    result = ENGINES[kind](text, "en", PARAMETERS.get(kind, {}))
    found = {text[span["offset"] : span["offset"] + span["length"]] for span in spans(result)}
    assert any("ibuprofen" in each for each in (*found, *result.get("keyPhrases", ()))) or any(
        span["offset"] > len(text) - len(end) for span in spans(result)
    )


def test_engines_may_be_called_from_several_threads_at_once_even_for_the_first_time() -> None:
    code = """
        import json
        from concurrent.futures import ThreadPoolExecutor
        from airflow_provider_language.emulator.engines import ENGINES, detect_language
        text = "Maria Garcia liked the hotel in Berlin, but the breakfast was cold. Call +1 425 555 0137."
        def work(number):
            found = {kind: engine(text, "en", {"opinionMining": True}) for kind, engine in ENGINES.items()}
            return json.dumps(found), detect_language(text)
        with ThreadPoolExecutor(8) as pool:
            print(len(set(pool.map(work, range(16)))))
    """
    assert run(code).strip() == "1"
