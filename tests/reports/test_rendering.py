"""The page of a report: whole HTML, whatever stands in the documents, and nothing from outside of it."""

from __future__ import annotations

import re
from typing import Any

import html5lib
import pytest

from airflow_provider_language.protocol.report.figures import report_of
from airflow_provider_language.protocol.report.gathering import Gathered
from airflow_provider_language.reports.rendering import rendered
from tests.protocol.report.test_gathering import MANIFEST, entities, gathered, personal, phrases, sentiment

HOSTILE = "<script>alert(1)</script>\"'&amp;{{ 7 * 7 }}\u202e\0\x1b[31m]]>"


def page(found: Gathered, **more: Any) -> str:
    return rendered(report_of({**MANIFEST, **more}, found)).decode()


def check(html: str) -> None:
    """Refuse what a strict reader of HTML stumbles over."""
    html5lib.HTMLParser(strict=True).parse(html)


def many(documents: int, name: str = "Contoso") -> Gathered:
    rows = []
    for number in range(documents):
        rows.append(sentiment(number, "negative" if number % 3 else "positive", stars=str(number % 5)))
        rows.append(entities(number, (name, "Organization")))
        rows.append(phrases(number, f"{name} room"))
        rows.append(personal(number, (f"m{number}@example.com", "Email")))
    return gathered(*rows)


@pytest.mark.parametrize("documents", [0, 3, 1000])
def test_a_page_is_valid_and_small_however_many_documents_there_are(documents: int) -> None:
    html = page(many(documents))

    check(html)
    assert len(html) < 50_000
    assert "Compared with" not in html


def test_the_reader_of_the_tests_stumbles_over_what_is_not_valid() -> None:
    with pytest.raises(html5lib.html5parser.ParseError):
        check(page(many(3)).replace("</h1>", "</h2>"))


def test_whatever_stands_in_a_document_is_text_on_the_page() -> None:
    found = many(5, HOSTILE)
    failures = [{"task": HOSTILE, "code": HOSTILE, "language": HOSTILE, "rows": 1, "example": HOSTILE}]

    html = page(found, failures=failures, path=f"/tmp/{HOSTILE}", began=HOSTILE, complete=False)

    check(html)
    assert "alert(1)" in html
    assert "<script" not in html
    assert "49" not in re.sub(r"<style>.*?</style>", "", html, flags=re.DOTALL)
    assert not set("\u202e\0\x1b") & set(html)


def test_thousands_stand_apart_and_so_do_words_of_any_space() -> None:
    found = many(5, "S.\u00a0A.\u202fContoso")

    html = page(found, rows=1_234_567)

    assert "1\u202f234\u202f567" in html
    assert "S.\u00a0A.\u202fContoso" in html
    assert "\N{REPLACEMENT CHARACTER}" not in html


def test_nothing_on_a_page_is_fetched_or_run() -> None:
    html = page(many(20))

    assert "default-src 'none'" in html
    assert not re.search(r"<(script|link|img|iframe|object)|\bon\w+=|\bsrc=|\bhref=|url\(", html)


def test_no_personal_value_is_on_a_page() -> None:
    html = page(many(20))

    assert "Email" in html
    assert "@example.com" not in html


def test_a_page_says_how_exact_its_counts_are_and_what_was_saved_or_lost() -> None:
    found = many(20)
    for number in range(6000):
        found.phrases.add(f"other {number}")

    html = page(found, text_records={"quoted": 20, "charged": 8, "saved": 12, "healed": 0, "lost": 3})

    assert re.search(r"too low by \d", html)
    assert "saved by the ledger" in html
    assert "perhaps lost" in html
    assert "submitted again" not in html


def test_a_page_tells_what_was_copied_what_it_cost_and_that_another_model_has_judged() -> None:
    changes = {"pii": {"before": ["2025-01-01"], "now": ["2025-01-01", HOSTILE]}}
    cost = {"price_per_thousand_records": 1.0, "quoted": 3.0, "charged": 1.25}

    html = page(many(3), reused=1234, left_out=56, cost=cost, model_changes=changes)

    check(html)
    assert re.search(r"copied from equal texts</dt>\s*<dd>1.234<", html)
    assert re.search(r"that earlier runs have</dt>\s*<dd>56<", html)
    assert ">1.25<" in html
    assert "<script" not in html
    assert not set("\u202e\0\x1b") & set(html)
