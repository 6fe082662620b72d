"""The rows of a document's pieces become one row, by the rule of their kind."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from airflow_provider_language.protocol.corpus.joined_findings import REDACTION_UNKNOWN
from airflow_provider_language.protocol.corpus.joining import JOINING, joined
from airflow_provider_language.protocol.corpus.rulers import Ruler
from airflow_provider_language.protocol.corpus.splitting import Piece, split
from airflow_provider_language.protocol.inputs.parameters import PARAMETERS
from airflow_provider_language.protocol.inputs.tasks import WireTask
from airflow_provider_language.protocol.jobs.offsets import OFFSETS_UNKNOWN
from airflow_provider_language.protocol.jobs.results import Row, RowStatus
from airflow_provider_language.protocol.jobs.string_units import (
    Widths,
    code_points,
    elements,
    old_elements,
    utf16,
)
from airflow_provider_language.protocol.surfaces import ANALYZE_TEXT

PAGE = (Path(__file__).parents[3] / "docs" / "splitting.md").read_text()
UNITS: Mapping[str, tuple[str | None, Widths]] = {
    "code points": ("UnicodeCodePoint", code_points),
    "UTF-16": ("Utf16CodeUnit", utf16),
    "text elements of old": (None, old_elements),
    "text elements of today": ("TextElements_v8", elements),
}
WORDS = (
    "Ada",
    "B\u00fccher",
    "x\U0001d4b3y",
    "\u0939\u093f\u0928\u094d\u0926\u0940",
    "e\u0301t\u00e9",
    "New",
    "York",
    "AdaNew",
)
MARKS = (
    " ",
    ", ",
    ". ",
    "-",
    "\r\n",
    "\U0001f468\u200d\U0001f469\u200d\U0001f467",
    "\U0001f44d\U0001f3fd",
    "\u3002",
    "\U0001f1e9\U0001f1ea",
)
TEXTS = st.lists(st.tuples(st.sampled_from(WORDS), st.sampled_from(MARKS)), max_size=80).map(
    lambda parts: "".join(word + mark for word, mark in parts)
)
WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|[\u0301\u093f\u0940\u094d])*")
SEAMLESS = (Piece(0, 0, 10), Piece(1, 10, 30))
OVERLAPPING = (Piece(0, 0, 20), Piece(1, 12, 40, 8))
TEXT = "0123456789" * 4


def row(result: Mapping[str, Any] | None, **told: Any) -> Row:
    status = RowStatus.ERROR if result is None else RowStatus.OK
    new = Row("7", "task", "Kind", status, "en", result, None, None, (), "2026", 1, "job")
    return replace(new, **told)


def task(kind: str, index_type: str | None = "UnicodeCodePoint") -> WireTask:
    return WireTask(kind, "task", {} if index_type is None else {"stringIndexType": index_type})


def result_of(kind: str, results: Sequence[Any], pieces: Sequence[Piece] = SEAMLESS, text: str = TEXT) -> Any:
    return joined(text, pieces, [row(one) for one in results], task(kind)).result


def entity(offset: int, length: int, category: str = "C", text: str = TEXT, **told: Any) -> dict[str, Any]:
    return {
        "text": text[offset : offset + length],
        "category": category,
        "offset": offset,
        "length": length,
        **told,
    }


def words_of(text: str, widths: Widths) -> list[dict[str, Any]]:
    """A recognizer that finds each word, and sees no further than the text that it has."""
    ruler = Ruler(text, widths)
    return [
        {
            "text": match[0],
            "category": "Word",
            "offset": ruler.units(match.start()),
            "length": ruler.units(match.end()) - ruler.units(match.start()),
        }
        for match in WORD.finditer(text)
    ]


def redaction(text: str, mask: Callable[[str, int], str], widths: Widths) -> dict[str, Any]:
    """A recognizer that redacts: each different word by a mask that may have its number."""
    found, done, numbers = words_of(text, widths), 0, dict[str, int]()
    parts: list[str] = []
    for one, match in zip(found, WORD.finditer(text), strict=True):
        hidden = mask(match[0], numbers.setdefault(match[0].casefold(), len(numbers) + 1))
        parts += text[done : match.start()], hidden
        before, done = "".join(parts), match.end()
        units = Ruler(before, widths)
        one["mask"] = hidden
        one["maskOffset"] = units.units(len(before) - len(hidden))
        one["maskLength"] = units.units(len(before)) - one["maskOffset"]
    return {"redactedText": "".join((*parts, text[done:])), "entities": found}


def in_order(result: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return sorted(result["entities"], key=lambda one: (one["offset"], one["length"]))


@pytest.mark.parametrize("unit", UNITS)
@given(text=TEXTS, most=st.integers(100, 160))
def test_what_pieces_find_stands_in_the_document_none_doubled_and_none_lost(
    unit: str, text: str, most: int
) -> None:
    index_type, widths = UNITS[unit]
    pieces = split(text, most, lambda _: (), most)
    rows = [row({"entities": words_of(text[one.begin : one.end], widths)}) for one in pieces]

    whole = joined(text, pieces, rows, task("EntityRecognition", index_type))

    assert whole.warnings == ()
    assert whole.result is not None
    assert in_order(whole.result) == words_of(text, widths)


MASKS: Mapping[str, Callable[[str, int], str]] = {
    "of characters": lambda text, _: "*" * len(text),
    "but for the last character": lambda text, _: "#" * (len(text) - 1) + text[-1],
    "of entities": lambda _, number: f"[WORD_{number}]",
    "synthetic": lambda _, number: f"Sample {number}",
    "none": lambda text, _: text,
}


@pytest.mark.parametrize("mask", MASKS)
@pytest.mark.parametrize("unit", ["code points", "UTF-16"])
@given(text=TEXTS, most=st.integers(100, 160))
def test_a_document_is_redacted_as_if_it_had_not_been_cut(unit: str, mask: str, text: str, most: int) -> None:
    index_type, widths = UNITS[unit]
    # A synthetic replacement has no number by which another one would be told from it.
    policy = MASKS[mask] if mask != "synthetic" else lambda text, _: f"Sample {len(text)}"
    pieces = split(text, most, lambda _: (), most)
    rows = [row(redaction(text[one.begin : one.end], policy, widths)) for one in pieces]

    whole = joined(text, pieces, rows, task("PiiEntityRecognition", index_type))

    assert whole.warnings == ()
    assert whole.result is not None
    wanted = redaction(text, policy, widths)
    assert whole.result["redactedText"] == wanted["redactedText"]
    assert in_order(whole.result) == wanted["entities"]


def test_every_kind_of_texts_has_a_rule_and_the_page_tells_it() -> None:
    told = re.findall(r"^\| (\w+) \| ([a-z ]+) \| [^|]+ \|$", PAGE, re.MULTILINE)

    assert dict(told) == {kind: rule.value for kind, rule in JOINING.items()}
    assert set(JOINING) == set(PARAMETERS[ANALYZE_TEXT.name])


def test_of_what_both_pieces_found_the_first_one_stays_and_relations_refer_to_it() -> None:
    first = {
        "entities": [entity(14, 4)],
        "relations": [{"relationType": "R", "entities": [{"ref": "#/result/entities/0", "role": "a"}]}],
    }
    second = {
        "entities": [entity(2, 4, text=TEXT[12:]), entity(20, 3, text=TEXT[12:])],
        "relations": [
            {"relationType": "R", "entities": [{"ref": "#/result/entities/0", "role": "a"}]},
            {
                "relationType": "S",
                "entities": [{"ref": "#/result/entities/1"}, {"ref": "#/result/entities/9"}, {"ref": 5}],
            },
        ],
    }

    result = result_of("Healthcare", [first, second], OVERLAPPING)

    assert result == {
        "entities": [entity(14, 4), entity(32, 3)],
        "relations": [
            {"relationType": "R", "entities": [{"role": "a", "ref": "#/result/entities/0"}]},
            {"relationType": "S", "entities": [{"ref": "#/result/entities/1"}, {}, {}]},
        ],
    }


@pytest.mark.parametrize(
    ("first", "second", "kept"),
    [
        ([(14, 6)], [(14, 9)], [(14, 9)]),  # the end of the first piece cut it
        ([(8, 8)], [(12, 4)], [(8, 8)]),  # the begin of the second piece cut it
        ([(13, 2)], [(13, 2)], [(13, 2)]),
        ([(13, 6), (15, 2)], [(13, 6), (15, 2)], [(13, 6), (15, 2)]),  # both found one within the other
        ([(13, 6), (15, 2)], [(13, 6)], [(13, 6), (15, 2)]),
        ([(13, 6)], [(13, 6), (15, 2)], [(13, 6), (15, 2)]),
        ([(4, 16)], [(12, 12)], [(4, 16), (12, 12)]),  # longer than the overlap: nobody saw it whole
        ([(13, 2)], [(16, 2)], [(13, 2), (16, 2)]),
        ([(12, 3), (13, 6)], [(12, 8)], [(12, 8)]),
    ],
)
def test_what_a_seam_has_shortened_goes_and_what_stands_within_another_stays(
    first: list[tuple[int, int]], second: list[tuple[int, int]], kept: list[tuple[int, int]]
) -> None:
    results = [
        {"entities": [entity(*one) for one in first]},
        {"entities": [entity(offset - 12, length, text=TEXT[12:]) for offset, length in second]},
    ]

    result = result_of("CustomEntityRecognition", results, OVERLAPPING)

    assert sorted((one["offset"], one["length"]) for one in result["entities"]) == sorted(kept)
    assert all(
        TEXT[one["offset"] : one["offset"] + one["length"]] == one["text"] for one in result["entities"]
    )


@pytest.mark.parametrize(("offset", "category"), [(12, "A"), (16, "B")])
def test_of_two_that_differ_in_their_categories_that_one_stays_which_is_further_from_a_cut(
    offset: int, category: str
) -> None:
    results = [
        {"entities": [entity(offset, 4, "A"), entity(offset, 4, "both")]},
        {"entities": [entity(offset - 12, 4, "B", TEXT[12:]), entity(offset - 12, 4, "both", TEXT[12:])]},
    ]

    result = result_of("EntityRecognition", results, OVERLAPPING)

    assert [one["category"] for one in result["entities"]] in (["both", category], [category, "both"])


def test_what_has_no_place_in_its_piece_has_none_in_the_document() -> None:
    odd = [
        {"text": "a", "offset": "3", "length": 1},
        {"text": "b", "offset": True, "length": 1},
        {"text": "c"},
    ]

    bare = [{"text": "a"}, {"text": "b"}, {"text": "c"}]
    assert result_of("EntityRecognition", [{"entities": odd}, {"entities": odd}])["entities"] == [
        *bare,
        *bare,
    ]
    shown = pii(TEXT[:10], {"text": "a", "offset": "3"})
    assert result_of("PiiEntityRecognition", [shown, pii(TEXT[10:30])])["redactedText"] == TEXT


def test_where_no_unit_fits_there_are_no_offsets_and_a_warning() -> None:
    text = "\U0001f600 Ada and Bob"
    wrong = {"entities": [{"text": "Ada", "category": "C", "offset": 7, "length": 3, "maskOffset": 1}]}

    whole = joined(
        text,
        (Piece(0, 0, len(text)),),
        [row({**wrong, "redactedText": "x"})],
        task("PiiEntityRecognition", None),
    )

    assert whole.result == {"entities": [{"text": "Ada", "category": "C"}]}
    assert whole.warnings == (OFFSETS_UNKNOWN, REDACTION_UNKNOWN)


def test_where_no_unit_fits_opinions_still_refer_to_their_own_sentences() -> None:
    text = "\U0001f600 Ada and Bob" * 2

    def mined(number: int) -> dict[str, Any]:
        reference = {"ref": f"#/result/sentences/{number}/assessments/0"}
        return {"text": "Ada", "targets": [{"relations": [reference]}], "assessments": [{"text": "and"}]}

    told = {**mined(0), "offset": 9, "length": 3, "assessments": [{"text": "and", "offset": 1, "length": 3}]}
    rows = [row({"sentences": [told]})] * 2

    whole = joined(text, (Piece(0, 0, 14), Piece(1, 14, 28)), rows, task("SentimentAnalysis", None))

    assert whole.result is not None
    assert whole.result["sentences"] == [mined(0), mined(1)]


def test_a_linked_entity_has_its_matches_of_all_pieces() -> None:
    def linked(name: str, *matches: dict[str, Any]) -> dict[str, Any]:
        return {"name": name, "id": name, "dataSource": "W", "matches": list(matches)}

    first = {"entities": [linked("Rome", entity(14, 6)), linked("Ro", entity(16, 4)), linked("None")]}
    second = {"entities": [linked("Rome", entity(2, 6, text=TEXT[12:]), entity(20, 6, text=TEXT[12:]))]}

    result = result_of("EntityLinking", [first, second], OVERLAPPING)

    assert result["entities"] == [
        linked("Rome", entity(14, 6), entity(32, 6)),
        linked("Ro", entity(16, 4)),
        linked("None"),
    ]
    shortened = {"entities": [linked("Ro", entity(14, 3))]}
    assert result_of("EntityLinking", [shortened, second], OVERLAPPING)["entities"] == second_only(second)


def second_only(result: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [
        {**one, "matches": [{**match, "offset": match["offset"] + 12} for match in one["matches"]]}
        for one in result["entities"]
    ]


def test_bundles_stay_those_of_the_pieces() -> None:
    bundle = {"resourceType": "Bundle"}

    result = result_of("Healthcare", [{"fhirBundle": bundle}, {"entities": []}])

    assert result == {"entities": [], "relations": [], "fhirBundles": [{"piece": 0, "fhirBundle": bundle}]}


def pii(redacted: object, *entities: dict[str, Any]) -> dict[str, Any]:
    return {"redactedText": redacted, "entities": list(entities)}


def test_masks_of_entities_are_numbered_through_the_document() -> None:
    text = "Ada met Bob, Eve saw Ada."
    pieces = (Piece(0, 0, 13), Piece(1, 13, 25))

    def named(offset: int, number: int, at: int, base: str = text) -> dict[str, Any]:
        mask = f"[PERSON_{number}]"
        return entity(offset, 3, text=base, mask=mask, maskOffset=at, maskLength=len(mask))

    first = pii("[PERSON_1] met [PERSON_2], ", named(0, 1, 0), named(8, 2, 15))
    second = pii("[PERSON_1] saw [PERSON_2].", named(0, 1, 0, text[13:]), named(8, 2, 15, text[13:]))

    result = result_of("PiiEntityRecognition", [first, second], pieces, text)

    assert result["redactedText"] == "[PERSON_1] met [PERSON_2], [PERSON_3] saw [PERSON_1]."
    assert result["entities"] == [named(0, 1, 0), named(8, 2, 15), named(13, 3, 27), named(21, 1, 42)]


def test_two_that_a_piece_tells_apart_stay_so_and_who_is_met_again_has_one_mask() -> None:
    text = "Ada Ada Ada"
    redacted = pii(
        "[P_4] [P_7] [P_4]", entity(0, 3, text=text), entity(4, 3, text=text), entity(8, 3, text=text)
    )

    result = result_of("PiiEntityRecognition", [redacted], (Piece(0, 0, 11),), text)

    assert result["redactedText"] == "[P_1] [P_2] [P_1]"


def test_a_stretch_that_several_findings_share_has_one_mask() -> None:
    first = pii("0123****" + TEXT[8:20], entity(4, 4, "A"), entity(4, 4, "B"), entity(6, 2, "C"))
    second = pii("23**" + TEXT[16:40], entity(2, 2, "A", TEXT[12:]))

    result = result_of("PiiEntityRecognition", [first, second], OVERLAPPING)

    assert result["redactedText"] == "0123****890123**67890123456789" + TEXT[30:]
    assert len(result["entities"]) == 4


def test_what_one_piece_hides_within_what_another_hides_has_no_mask_of_its_own() -> None:
    first = pii(TEXT[:13] + "*" * 6 + TEXT[19], entity(13, 6))
    second = pii(TEXT[12] + "#" * 6 + TEXT[19:], entity(1, 6, text=TEXT[12:]), entity(3, 2, "D", TEXT[12:]))

    result = result_of("PiiEntityRecognition", [first, second], OVERLAPPING)

    assert result["redactedText"] == TEXT[:13] + "*" * 6 + TEXT[19:]
    assert [one["category"] for one in result["entities"]] == ["C", "D"]


def test_what_overlaps_a_seam_in_part_is_hidden_whole() -> None:
    first = pii("0123" + "*" * 16, entity(4, 16))
    second = pii("*" * 12 + TEXT[24:], entity(0, 12, text=TEXT[12:]))

    result = result_of("PiiEntityRecognition", [first, second], OVERLAPPING)

    assert result["redactedText"] == "0123" + "*" * 28 + TEXT[24:]


def test_a_reading_that_goes_leaves_no_mask_and_what_stays_has_the_mask_of_its_piece() -> None:
    first = pii(TEXT[:14] + "#" * 6, entity(14, 6, "short"))
    second = pii(TEXT[12:14] + "*" * 9 + TEXT[23:], entity(2, 9, "long", TEXT[12:]))

    result = result_of("PiiEntityRecognition", [first, second], OVERLAPPING)

    assert result["redactedText"] == TEXT[:14] + "*" * 9 + TEXT[23:]
    assert [one["category"] for one in result["entities"]] == ["long"]


@pytest.mark.parametrize(
    "odd",
    [
        pii(None, entity(2, 3)),
        pii("", entity(2, 3)),
        pii("01***5678", entity(2, 3)),
        pii("01***567890", entity(2, 3)),
        pii("9" + "1***56789", entity(2, 3)),
        pii("***3456789"),
        pii("01***56*89", entity(2, 3)),
        pii("01***5***9", entity(2, 3), entity(7, 2)),
        pii("0", entity(2, 3), entity(5, 3)),
        pii("01", entity(2, 8), entity(50, 3)),
        {"entities": [entity(2, 3)]},
    ],
)
def test_a_redacted_text_that_hides_what_was_not_found_is_not_made_up(odd: dict[str, Any]) -> None:
    masked = {**odd, "entities": [{**one, "maskOffset": 2, "maskLength": 3} for one in odd["entities"]]}
    rows = [row(masked), row(pii(TEXT[10:30]))]

    whole = joined(TEXT[:30], SEAMLESS, rows, task("PiiEntityRecognition"))

    assert whole.warnings == (REDACTION_UNKNOWN,)
    assert whole.result == {"entities": odd["entities"]}


def test_without_redacted_texts_there_is_none() -> None:
    whole = joined(TEXT, SEAMLESS, [row({"entities": [entity(0, 3)]})] * 2, task("PiiEntityRecognition"))

    assert whole.warnings == ()
    assert whole.result is not None
    assert "redactedText" not in whole.result


def test_phrases_are_told_once_in_the_order_of_the_text() -> None:
    results = [{"keyPhrases": ["b", "a", "b"]}, {"keyPhrases": "odd"}, {"keyPhrases": ["c", "a"]}]
    pieces = (*SEAMLESS, Piece(2, 30, 40))

    assert result_of("KeyPhraseExtraction", results, pieces) == {"keyPhrases": ["b", "a", "c"]}


def test_a_single_label_is_the_one_with_the_largest_mean_by_length() -> None:
    results = [
        {"class": [{"category": "short", "confidenceScore": 0.99}]},
        {
            "class": [
                {"category": "long", "confidenceScore": 0.6},
                {"category": 5},
                {"category": "x", "confidenceScore": 7},
            ]
        },
    ]

    assert result_of("CustomSingleLabelClassification", results) == {
        "class": [{"category": "long", "confidenceScore": 0.4}]
    }
    assert result_of("CustomSingleLabelClassification", [{}, {"class": []}]) == {"class": []}


def test_several_labels_have_their_largest_scores() -> None:
    results = [
        {"class": [{"category": "a", "confidenceScore": 0.5}, {"category": "b", "confidenceScore": 0.9}]},
        {"class": [{"category": "c", "confidenceScore": 0.1}, {"category": "a", "confidenceScore": 0.7}]},
    ]

    assert result_of("CustomMultiLabelClassification", results)["class"] == [
        {"category": "a", "confidenceScore": 0.7},
        {"category": "b", "confidenceScore": 0.9},
        {"category": "c", "confidenceScore": 0.1},
    ]


def test_summaries_say_of_which_piece_they_are_and_where_in_the_document() -> None:
    extracted = {"sentences": [entity(3, 4, rankScore=0.5)]}
    again = {"sentences": [entity(0, 4, text=TEXT[12:], rankScore=1.0)]}
    spoken = {"summaries": [{"text": "A.", "contexts": [{"offset": 1, "length": 2}]}, {"text": "B."}]}

    extracts = result_of("ExtractiveSummarization", [extracted, again], OVERLAPPING)
    summaries = result_of("AbstractiveSummarization", [spoken, spoken])

    assert [(one["piece"], one["offset"]) for one in extracts["sentences"]] == [(0, 3), (1, 12)]
    assert summaries["summaries"] == [
        {"text": "A.", "contexts": [{"offset": 1, "length": 2}], "piece": 0},
        {"text": "B.", "piece": 0},
        {"text": "A.", "contexts": [{"offset": 11, "length": 2}], "piece": 1},
        {"text": "B.", "piece": 1},
    ]


def sentence(offset: int, length: int, sentiment: str, text: str = TEXT, **told: Any) -> dict[str, Any]:
    return {
        "text": text[offset : offset + length],
        "offset": offset,
        "length": length,
        "sentiment": sentiment,
        **told,
    }


@pytest.mark.parametrize(
    ("labels", "label"),
    [
        (["neutral", "neutral"], "neutral"),
        (["neutral", "positive"], "positive"),
        (["negative", "neutral"], "negative"),
        (["negative", "positive"], "mixed"),
    ],
)
def test_the_label_of_a_document_follows_from_its_sentences(labels: list[str], label: str) -> None:
    results = [
        {
            "sentiment": "odd",
            "sentences": [sentence(0, 5, one)],
            "confidenceScores": {"positive": 0.9, "neutral": "x"},
        }
        for one in labels
    ]

    result = result_of("SentimentAnalysis", results)

    assert result["sentiment"] == label
    assert result["confidenceScores"] == {"positive": 0.9}
    assert [one["offset"] for one in result["sentences"]] == [0, 10]


def test_of_a_piece_without_sentences_its_own_label_counts_and_means_go_by_length() -> None:
    scores = [
        {"positive": 1.0, "neutral": 0.0, "negative": 0.0},
        {"positive": 0.1, "neutral": 0.0, "negative": 0.9},
    ]
    results = [
        {"sentiment": "mixed", "confidenceScores": scores[0]},
        {"sentences": [], "confidenceScores": scores[1]},
    ]

    result = result_of("SentimentAnalysis", results)

    assert result == {
        "sentiment": "mixed",
        "confidenceScores": {"positive": 0.4, "neutral": 0.0, "negative": 0.6},
        "sentences": [],
    }


def test_sentences_that_pieces_share_are_told_once_with_their_opinions() -> None:
    def words(offset: int, reference: str) -> dict[str, Any]:
        return {"offset": offset, "length": 1, "text": "w", "relations": [{"ref": reference}, {"ref": None}]}

    first = {
        "sentences": [
            sentence(
                0,
                20,
                "neutral",
                targets=[words(3, "#/result/sentences/0/assessments/0")],
                assessments=[{"offset": 5}],
            )
        ]
    }
    rest = TEXT[12:]
    second = {
        "sentences": [
            sentence(0, 4, "positive", rest),
            sentence(
                *(4, 8, "negative", rest),
                targets=[
                    words(5, "#/result/sentences/1/assessments/0"),
                    words(9, "#/result/sentences/1/assessments/1"),
                    {"text": "nowhere"},
                ],
                assessments=[{"offset": 6, "length": 1}, {"offset": 10, "length": 1}],
            ),
            sentence(12, 4, "negative", rest, targets=[words(13, "#/result/sentences/0/assessments/0")]),
            {"text": "nowhere"},
        ]
    }

    result = result_of("SentimentAnalysis", [first, second], OVERLAPPING)

    assert result["sentiment"] == "negative"
    told = result["sentences"]
    assert [one.get("offset") for one in told] == [0, 20, 24, None]
    assert [(one["length"], one["text"]) for one in told[:3]] == [
        (20, TEXT[:20]),
        (4, TEXT[20:24]),
        (4, TEXT[24:28]),
    ]
    assert told[0]["targets"][0]["relations"] == [{"ref": "#/result/sentences/0/assessments/0"}]
    assert told[1]["targets"][0] == {
        **words(21, ""),
        "relations": [{"ref": "#/result/sentences/1/assessments/0"}],
    }
    assert told[1]["targets"][1:] == [{"text": "nowhere"}]
    assert told[1]["assessments"] == [{"offset": 22, "length": 1}]
    assert told[2]["targets"][0]["relations"] == []


def test_what_is_left_of_a_sentence_is_more_than_blanks() -> None:
    text = "One two three four. " + " " * 4 + "Five."
    rest = text[12:]
    results = [
        {"sentences": [sentence(0, 20, "neutral", text)]},
        {"sentences": [sentence(0, 12, "neutral", rest), sentence(12, 5, "neutral", rest)]},
    ]

    result = result_of("SentimentAnalysis", results, (Piece(0, 0, 20), Piece(1, 12, 29, 8)), text)

    assert [one["text"].strip() for one in result["sentences"]] == ["One two three four.", "Five."]


def test_what_is_beside_the_findings_adds_up() -> None:
    warning, other = {"code": "A", "message": "a"}, {"code": "B", "message": "b"}
    statistics = {"charactersCount": 5, "transactionsCount": 1, "flag": True, "odd": "x"}
    rows = [
        row({"keyPhrases": [], "statistics": statistics}, warnings=(warning,), language="fr"),
        row(
            {
                "keyPhrases": [],
                "statistics": {**statistics, "charactersCount": 7},
                "detectedLanguage": {"name": "D"},
            },
            warnings=(warning, other),
            language="de",
            job_id="two",
            model_version="2027",
        ),
    ]

    whole = joined(TEXT, SEAMLESS, rows, task("KeyPhraseExtraction"))

    assert whole == row(
        {
            "keyPhrases": [],
            "detectedLanguage": {"name": "D"},
            "statistics": {"charactersCount": 12, "transactionsCount": 2},
        },
        warnings=(warning, other),
        language="de",
        job_id="job,two",
        model_version="2026,2027",
        text_records=2,
    )


@pytest.mark.parametrize(
    ("statuses", "which"),
    [
        ("om", "Piece 2 of 2 has no result: missing"),
        ("me", "Piece 2 of 2 has no result: Why."),
        ("ee", "Piece 1 of 2 has no result: Why."),
    ],
)
def test_a_document_of_which_a_piece_has_no_result_has_none_and_says_which(statuses: str, which: str) -> None:
    of = {
        "o": row({"keyPhrases": []}),
        "m": row(None, status=RowStatus.MISSING, text_records=None, model_version=None, job_id=""),
        "e": row(None, error_code="Timeout", error_message="Why."),
    }
    rows = [of[one] for one in statuses]

    whole = joined(TEXT, SEAMLESS, rows, task("KeyPhraseExtraction"))

    fault = of["e"] if "e" in statuses else of["m"]
    assert (whole.status, whole.error_code, whole.error_message) == (fault.status, fault.error_code, which)
    assert whole.result is None
    assert whole.text_records == (None if "m" in statuses else 2)
    assert whole.model_version == ("2026" if set(statuses) != {"m"} else None)
