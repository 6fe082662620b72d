"""A quote in words: the lines that a log and a terminal show, and the short form that an XCom takes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from airflow_provider_language.protocol.jobs.outcomes import cut

MOST = 4
"""Codes, documents, tasks and languages that the short form tells of each."""
NAME_SIZE = 50
"""Bytes of escaped JSON that it tells of each name."""
_WHOLE = (
    "documents",
    "refused",
    "text_records",
    "max_text_records",
    "jobs",
    "minutes",
    "requests_per_minute",
    "known",
    "price_per_thousand_records",
    "cost",
)


def headline(quote: Mapping[str, Any]) -> str:
    """A quote in one line.

    Args:
        quote: as it is told.
    """
    records = quote["text_records"]
    charged = "text records that only the service knows" if records is None else f"{records:,} text records"
    cost = (
        f", {quote['cost']:,} at {quote['price_per_thousand_records']} per 1,000" if "cost" in quote else ""
    )
    return (
        f"{quote['documents']:,} documents, {charged}{cost}, {quote['jobs']:,} jobs, "
        f"about {quote['minutes']:g} minutes"
    )


def lines(quote: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What a quote tells, each with what it is about.

    Args:
        quote: as it is told.
    """
    for task, records in (quote["text_records_by_task"] or {}).items():
        yield "text records", f"{task}: {records:,}"
    known = quote["known"]
    if known["documents"]:
        yield "known", f"{known['text_records']:,} text records of {known['documents']:,} documents"
    most = quote["max_text_records"]
    if most is not None:
        yield "bound", f"max_text_records is {most:,}"
    yield "time", f"{quote['jobs']:,} jobs at {quote['requests_per_minute']:,} a minute"
    languages = ", ".join(f"{name} {number:,}" for name, number in quote["languages"].items())
    yield "languages", languages or "none"
    for one in quote["violations"]:
        examples = ", ".join(map(repr, one["examples"]))
        yield "cannot be analyzed", f"{one['documents']:,} {one['code']}, such as {examples}"
    for one in quote["longest"]:
        yield "longest", f"{one['id']!r}: {one['characters']:,} characters"


def short_quote(quote: Mapping[str, Any]) -> dict[str, Any]:
    """What an XCom tells of a quote: less than 2 KB.

    Args:
        quote: as it is told.
    """
    short = {name: quote[name] for name in _WHOLE if name in quote}
    for name in ("text_records_by_task", "languages"):
        short[name] = {
            cut(one, NAME_SIZE): number for one, number in list((quote[name] or {}).items())[:MOST]
        }
    short["violations"] = [
        {
            "code": cut(one["code"], NAME_SIZE),
            "documents": one["documents"],
            "examples": [cut(example, NAME_SIZE) for example in one["examples"][:1]],
        }
        for one in quote["violations"][:MOST]
    ]
    short["longest"] = [{**one, "id": cut(one["id"], NAME_SIZE)} for one in quote["longest"][:MOST]]
    return short
