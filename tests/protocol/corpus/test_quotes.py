"""The quote of a corpus: it tells what a run would do, in bounded memory, whatever the source says."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from typing import Any

from airflow_provider_language.protocol.corpus.items import Item
from airflow_provider_language.protocol.corpus.quote_words import headline, lines, short_quote
from airflow_provider_language.protocol.corpus.quotes import (
    CODES,
    EXAMPLES,
    LANGUAGES,
    LONGEST,
    OTHERS,
    TOLD,
    Quote,
    Terms,
    quote_of,
)
from airflow_provider_language.protocol.corpus.splitting import Piece
from airflow_provider_language.protocol.jobs.faults import ServiceFault

TERMS = Terms(["pii", "sentiment"], 25, 125_000, "auto", per_minute=1000)
SECRET = "a text that nobody may see"


def told(items: Sequence[Item], terms: Terms = TERMS, **more: Any) -> dict[str, Any]:
    return quote_of(items, terms, **more).told()


def test_text_records_are_those_of_each_document_rounded_up_once_for_each_task() -> None:
    quote = told([Item("a", "x" * 1000), Item("b", "x" * 1001), Item.refused("c", "empty")])

    assert (quote["documents"], quote["refused"], quote["jobs"]) == (3, 1, 1)
    assert quote["text_records"] == 6
    assert quote["text_records_by_task"] == {"pii": 3, "sentiment": 3}
    assert "cost" not in quote


def test_minutes_follow_from_the_rate_of_all_connections_together() -> None:
    quote = told(
        [Item(str(number), "x") for number in range(25 * 300)], Terms(["pii"], 25, 125_000, None, 600)
    )

    assert (quote["jobs"], quote["minutes"], quote["languages"]) == (300, 0.5, {"default": 7500})


def test_a_document_that_is_cut_is_charged_and_packed_by_its_pieces() -> None:
    pieces = (Piece(0, 0, 100_000), Piece(1, 99_990, 150_001, 10))

    quote = told([Item("long", "x" * 150_001, pieces=pieces), Item("a", "x" * 60_000)])

    assert quote["text_records_by_task"] == {"pii": 211, "sentiment": 211}
    assert quote["jobs"] == 2


def test_segments_are_those_of_the_run_so_that_jobs_end_with_them() -> None:
    items = (Item(str(number), "x") for number in range(10_010))

    assert told(list(items))["jobs"] == 401


def test_what_is_known_is_neither_charged_nor_submitted() -> None:
    def known(items: Sequence[Item]) -> Sequence[Collection[int]]:
        both, one, nothing = (0, 1), (1,), ()
        return [{"both": both, "one": one}.get(item.id, nothing) for item in items]

    quote = told([Item("both", "x" * 3000), Item("one", "x"), Item("new", "x")], known=known)

    assert quote["text_records_by_task"] == {"pii": 2, "sentiment": 1}
    assert quote["known"] == {"documents": 2, "text_records": 7}
    assert quote["jobs"] == 2


def test_a_price_makes_a_cost_of_text_records() -> None:
    quote = told([Item("a", "x" * 2500)], Terms(["pii"], 25, 125_000, None, 1000, price=0.75))

    assert (quote["price_per_thousand_records"], quote["cost"]) == (0.75, 0.0022)
    assert "0.0022 at 0.75 per 1,000" in headline(quote)


def test_what_only_the_service_can_measure_has_no_text_records_and_no_cost() -> None:
    terms = Terms(["pii"], 40, 125_000, None, 1000, has_sizes=False, price=1.0)
    quote = told([Item("a", "{}", size=0)], terms)

    assert (quote["text_records"], quote["text_records_by_task"], quote["longest"]) == (None, None, [])
    assert "cost" not in quote
    assert "only the service knows" in headline(quote)
    assert short_quote(quote)["text_records_by_task"] == {}


def test_the_longest_documents_are_told_without_their_texts() -> None:
    quote = told([Item(f"d{size}", SECRET + "x" * size) for size in (5, 90, 30, 70, 60, 10, 80, 80)])

    assert [one["id"] for one in quote["longest"]] == ["d90", "d80", "d80", "d70", "d60"]
    assert len(quote["longest"]) == LONGEST
    assert SECRET not in json.dumps(quote) + repr(list(lines(quote)))


def test_violations_are_told_by_code_with_a_few_ids() -> None:
    quote = told([Item.refused(f"row\n{number}", "empty") for number in range(9)])

    [violation] = quote["violations"]
    assert (violation["code"], violation["documents"]) == ("InvalidDocument", 9)
    assert violation["examples"] == [f"row\\n{number}" for number in range(EXAMPLES)]


def test_hostile_languages_and_codes_are_counted_in_bounded_memory() -> None:
    quote = Quote(TERMS)
    strange = [Item(f"a{number}", "x", f"\x1b{number}" + "y" * 10_000) for number in range(3 * LANGUAGES)]
    usual = [Item(f"b{number}", "x", "en") for number in range(9)]
    faults = [Item(f"c{number}", "", None, ServiceFault(f"code {number}", "")) for number in range(3 * CODES)]
    for items in (usual, strange, usual, faults):
        quote.take(items, [()] * len(items))
    told = quote.told()

    assert next(iter(told["languages"].items())) == ("en", 18)
    assert len(told["languages"]) == TOLD + 1
    assert sum(told["languages"].values()) == len(strange) + 18
    assert told["languages"][OTHERS] > 2 * LANGUAGES
    assert len(told["violations"]) == CODES + 1
    assert told["refused"] == 3 * CODES
    assert all(one.isprintable() and len(one) < 200 for one in told["languages"])


def test_the_short_form_has_less_than_2_kb_however_long_the_names_are() -> None:
    names = [
        f"\N{FACE WITH TEARS OF JOY}{number}" + "\N{FACE WITH TEARS OF JOY}" * 500 for number in range(30)
    ]
    items = [Item(name, "x" * 10**5, name) for name in names]
    items += [Item(name * 2, "", None, ServiceFault(name, name)) for name in names]
    terms = Terms(names, 25, 125_000, None, 1000, price=10.0, max_text_records=10**9)

    short = short_quote(told(items, terms))

    assert len(json.dumps(short)) < 1900
    assert (short["documents"], short["refused"]) == (60, 30)


def test_the_lines_tell_all_that_decides() -> None:
    items = [Item("a", "x", "de"), Item("b", "x"), Item.refused("c", "empty")]
    quote = told(items, Terms(["pii"], 25, 125_000, "auto", 1000, max_text_records=5), known=_first_known)

    assert headline(quote) == "3 documents, 1 text records, 1 jobs, about 0 minutes"
    assert list(lines(quote)) == [
        ("text records", "pii: 1"),
        ("known", "1 text records of 1 documents"),
        ("bound", "max_text_records is 5"),
        ("time", "1 jobs at 1,000 a minute"),
        ("languages", "de 1, auto 1"),
        ("cannot be analyzed", "1 InvalidDocument, such as 'c'"),
        ("longest", "'a': 1 characters"),
        ("longest", "'b': 1 characters"),
    ]
    assert dict(lines(told([])))["languages"] == "none"


def _first_known(items: Sequence[Item]) -> Sequence[Collection[int]]:
    return [(0,), *[()] * (len(items) - 1)]
