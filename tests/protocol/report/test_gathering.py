"""What is gathered for a report, and what is not."""

from __future__ import annotations

from typing import Any

from airflow_provider_language.protocol.report.figures import SHOWN, Report, report_of
from airflow_provider_language.protocol.report.gathering import OTHERS, VALUES, Gathered

MANIFEST: dict[str, Any] = {
    "path": "/analyzed/results/RUN",
    "complete": True,
    "documents": 4,
    "rows": 8,
    "ok": 7,
    "error": 1,
    "missing": 0,
    "jobs": 1,
    "version": "2025-11-01",
    "text_records": {"quoted": 8, "charged": 8},
    "failures": [],
}


def row(id_: object, kind: str, result: dict[str, Any] | None, **more: Any) -> dict[str, Any]:
    told = {
        "document_id": str(id_),
        "task": kind,
        "kind": kind,
        "status": "ok" if result is not None else "error",
    }
    return {**told, "language": "en", "result": result, **more}


def sentiment(id_: object, said: str, **columns: str) -> dict[str, Any]:
    return row(id_, "SentimentAnalysis", {"sentiment": said}, columns=columns)


def entities(id_: object, *found: tuple[str | None, str]) -> dict[str, Any]:
    told = [{"text": text, "category": category} for text, category in found]
    return row(id_, "EntityRecognition", {"entities": told})


def personal(id_: object, *found: tuple[str, str]) -> dict[str, Any]:
    told = [{"text": text, "category": category} for text, category in found]
    return row(id_, "PiiEntityRecognition", {"redactedText": "***", "entities": told})


def phrases(id_: object, *found: Any) -> dict[str, Any]:
    return row(id_, "KeyPhraseExtraction", {"keyPhrases": list(found)})


def gathered(*rows: dict[str, Any]) -> Gathered:
    found = Gathered()
    for one in rows:
        found.take(one)
    found.end()
    return found


def report(*rows: dict[str, Any]) -> Report:
    return report_of(MANIFEST, gathered(*rows))


def labels(bars: Any) -> list[tuple[str, int]]:
    return [(bar.label, bar.count) for bar in bars]


def test_rows_are_counted_by_task_and_documents_by_language_whatever_the_number_of_tasks() -> None:
    found = report(
        sentiment(1, "positive"),
        entities(1),
        sentiment(2, "negative"),
        row(2, "EntityRecognition", None, language=None),
        row(3, "SentimentAnalysis", None, language=None),
    )

    assert found.documents == 3
    assert labels(found.languages) == [("en", 2), ("unknown", 1)]
    told = {stack.label: [part.count for part in stack.parts] for stack in found.statuses}
    assert told == {"SentimentAnalysis": [2, 1, 0], "EntityRecognition": [1, 1, 0]}


def test_nothing_was_gathered_of_no_rows() -> None:
    found = report()

    assert found.documents == 0
    assert found.sentiment is None
    assert found.statuses == ()
    assert found.languages == found.names == found.phrases == ()


def test_sentiments_are_shown_by_the_values_of_a_column_that_sorts_documents() -> None:
    rows = [sentiment(number, "positive", stars="5") for number in range(4)]
    rows += [sentiment(number, "negative", stars="1") for number in range(4, 7)]
    rows += [sentiment(7, "mixed", stars="3")]

    ((column, stacks),) = report(*rows).columns

    assert column == "stars"
    assert [(stack.label, stack.count) for stack in stacks] == [("1", 3), (OTHERS, 1), ("5", 4)]


def test_a_column_that_tells_documents_apart_is_not_shown() -> None:
    many = [sentiment(number, "positive", customer=f"customer {number}") for number in range(VALUES + 5)]
    few = [sentiment(number, "positive", customer=f"customer {number}") for number in range(2)]

    assert report(*many).columns == ()
    assert report(*few).columns == ()


def test_names_and_phrases_are_shown_that_three_documents_share_each_counted_once() -> None:
    rows = []
    for number in range(3):
        rows.append(
            entities(number, ("Paris", "Location"), ("Paris", "Location"), (f"Only {number}", "Product"))
        )
        rows.append(phrases(number, "clean room", f"phrase {number}", 7))

    found = report(*rows)

    assert [(bar.label, bar.detail, bar.count) for bar in found.names] == [("Paris", "Location", 3)]
    assert labels(found.phrases) == [("clean room", 3)]
    assert labels(found.categories) == [("Location", 6), ("Product", 3)]


def test_of_documents_in_which_nobody_looked_for_persons_no_phrase_is_shown() -> None:
    alone = [phrases(number, "Maria Silva") for number in range(5)]
    failed = [
        one
        for number in range(5)
        for one in (phrases(number, "Maria Silva"), row(number, "EntityRecognition", None))
    ]
    custom = [
        row(number, "CustomEntityRecognition", {"entities": [{"text": "Maria Silva", "category": "Product"}]})
        for number in range(5)
    ]

    assert report(*alone).phrases == report(*failed).phrases == report(*custom).names == ()


def test_what_was_personal_in_one_document_is_shown_of_no_other() -> None:
    rows = [
        one
        for number in range(5)
        for one in (entities(number, ("Silva", "Organization")), phrases(number, "Silva"))
    ]

    assert labels(report(*rows).names) == labels(report(*rows).phrases) == [("Silva", 5)]
    found = report(*rows, personal(9, ("Silva", "Person")))
    assert found.names == found.phrases == ()


def test_of_a_document_with_more_findings_than_can_be_compared_none_is_shown() -> None:
    found = [(f"person {number}", "Person") for number in range(1100)]
    rows = [
        one
        for number in range(3)
        for one in (entities(number, *found), phrases(number, *map(str, range(1000))))
    ]

    assert report(*rows).phrases == ()


def test_a_service_that_invents_words_takes_no_memory_without_bound() -> None:
    rows = []
    for number in range(700):
        odd = f"odd {number}"
        rows += [
            sentiment(number, odd, stars="1"),
            entities(number, ("x", odd)),
            personal(number, ("x", odd)),
            row(number, "CustomSingleLabelClassification", {"class": [{"category": odd}]}),
        ]
    found = gathered(*rows)

    for counts in (
        found.sentiments,
        found.categories,
        found.personal,
        found.personal_documents,
        found.classes,
    ):
        assert len(counts) == 201
        assert counts.total() == 700


def test_no_person_is_named_and_nothing_that_was_found_to_be_personal_is_shown() -> None:
    rows = []
    for number in range(5):
        rows.append(
            entities(
                number,
                ("Maria Silva", "Person"),
                ("Contoso", "Organization"),
                ("today", "DateTime"),
                (None, "Event"),
            )
        )
        rows.append(
            phrases(number, "Maria Silva", "Silva", "room of Maria Silva", "Contoso card 4111", "room")
        )
        rows.append(personal(number, ("4111", "CreditCardNumber"), ("Contoso", "Organization")))

    found = report(*rows)

    assert labels(found.phrases) == [("room", 5)]
    assert found.names == ()
    assert [(bar.label, bar.count, bar.detail) for bar in found.personal] == [
        ("CreditCardNumber", 5, "5 documents"),
        ("Organization", 5, "5 documents"),
    ]


def test_personal_data_in_the_items_of_a_conversation_is_counted() -> None:
    entity = {"text": "Maria", "category": "Person"}
    items = [{"id": "1", "entities": [entity]}, {"id": "2", "entities": [{"category": "Email"}]}]
    found = report(row("call", "ConversationalPIITask", {"conversationItems": items}))

    assert sorted(labels(found.personal)) == [("Email", 1), ("Person", 1)]


def test_classes_of_custom_models_are_counted() -> None:
    said = {"class": [{"category": "complaint", "confidenceScore": 0.9}, {"confidenceScore": 0.1}]}
    found = report(row(1, "CustomMultiLabelClassification", said))

    assert labels(found.classes) == [("complaint", 1), ("unknown", 1)]


def test_languages_without_bound_are_counted_as_others() -> None:
    found = gathered(
        *(row(number, "SentimentAnalysis", None, language=f"x{number}") for number in range(500))
    )

    assert len(found.languages) <= 201
    assert found.languages.total() == 500
    bars = report_of(MANIFEST, found).languages
    assert len(bars) == SHOWN + 1
    assert sum(bar.count for bar in bars) == 500


def test_long_names_are_cut_and_shares_are_of_the_most_frequent() -> None:
    rows = []
    for number in range(6):
        rows += [phrases(number, "x" * 500, *(["room"] if number < 3 else [])), entities(number)]

    bars = report(*rows).phrases

    assert [(len(bar.label), bar.share) for bar in bars] == [(80, 1.0), (4, 0.5)]


def test_a_run_is_compared_with_the_one_before_it() -> None:
    before = gathered(sentiment(1, "positive"), personal(1, ("a@b.c", "Email")))
    now = gathered(sentiment(1, "negative"), sentiment(2, "negative"))
    manifests = [
        {**MANIFEST, "documents": documents, "findings": one.told()}
        for documents, one in ((1, before), (2, now))
    ]

    told = {
        one.label: (one.before, one.now, one.change)
        for one in report_of(manifests[1], now, manifests[0]).differences
    }

    assert told["documents"] == (1, 2, 1)
    assert told["negative"] == (0, 2, 2)
    assert told["positive"] == (1, 0, -1)
    assert told["personal data: Email"] == (1, 0, -1)
    assert report_of(manifests[1], now, {}).differences[0].before == 0
