"""The quote of a run: made before anything is sent, told in the log, and held against its bound."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.protocol.corpus.families import NATIVE_DOCUMENTS
from airflow_provider_language.protocol.corpus.quote_words import headline, lines, short_quote
from airflow_provider_language.protocol.corpus.quotes import Known, Terms, nothing_known, quote_of
from airflow_provider_language.running.corpus.heaps import heap_settled
from airflow_provider_language.running.corpus.reuse import Reuse
from airflow_provider_language.storage.files import replace_file

if TYPE_CHECKING:
    from airflow_provider_language.protocol.corpus.items import Item
    from airflow_provider_language.running.corpus.connections import Resource
    from airflow_provider_language.running.corpus.places import RunPlaces
    from airflow_provider_language.running.corpus.wanted import Corpus

log = logging.getLogger(__name__)


def is_quoted(corpus: Corpus) -> bool:
    """Whether a run is quoted before it begins, for which its source is read once more."""
    return corpus.limits.max_text_records is not None or corpus.price is not None


def quoted(
    corpus: Corpus, hooks: Sequence[Resource], known: Known, is_killed: Callable[[], bool]
) -> dict[str, Any]:
    """Read a corpus once, and tell its quote, in the log, too.

    Args:
        corpus: what is to be done.
        hooks: of the connections, whose rate limits decide on the time.
        known: tells what need not be submitted.
        is_killed: whether the task was killed by something that has not ended it.

    Raises:
        InvalidInputError: the source cannot be read.
        InterruptedError: it was killed.
    """
    shape = corpus.shape
    terms = Terms(
        tasks=[task.name for task in shape.tasks],
        max_documents=shape.max_documents,
        max_characters=shape.max_characters,
        language=shape.language,
        per_minute=sum(hook.connection_settings.limits.per_minute for hook in hooks),
        has_sizes=shape.family is not NATIVE_DOCUMENTS,
        price=corpus.price,
        max_text_records=corpus.limits.max_text_records,
    )
    with heap_settled():
        told = quote_of(until(is_killed, corpus.items()), terms, known).told()
    log.info("::group::Quote: %s", headline(told))
    for about, line in lines(told):
        log.info("%s: %s", about, line)
    log.info("::endgroup::")
    return told


def quoted_before(
    corpus: Corpus, places: RunPlaces, hooks: Sequence[Resource], is_killed: Callable[[], bool]
) -> dict[str, Any]:
    """Quote a run that has not begun, by what its ledger knows; see :func:`quoted`.

    Args:
        corpus: what would be done.
        places: of the run.
        hooks: of the connections, which are not asked.
        is_killed: whether the task was killed by something that has not ended it.
    """
    if corpus.ledger is None:
        return quoted(corpus, hooks, nothing_known, is_killed)
    with Reuse(corpus.ledger, corpus.shape, corpus.options, places) as reuse:
        return quoted(corpus, hooks, reuse.known_tasks, is_killed)


def check_quote(quote: dict[str, Any], most: int | None) -> None:
    """Refuse a corpus that costs more than is allowed, before anything is sent.

    Raises:
        InvalidInputError: it does.
    """
    if most is not None and quote["text_records"] > most:
        raise InvalidInputError(
            f"The corpus makes {quote['text_records']} text records, and max_text_records is {most}. Nothing "
            "was sent."
        )


def planned(
    corpus: Corpus,
    places: RunPlaces,
    hooks: Sequence[Resource],
    is_killed: Callable[[], bool] = lambda: False,
) -> dict[str, Any]:
    """Quote a run, write that beside where it would land, and submit nothing.

    Args:
        corpus: what would be done.
        places: of the run.
        hooks: of the connections, which are not asked.
        is_killed: whether the task was killed by something that has not ended it.

    Returns:
        The short form of the quote, with the location of the whole of it as ``plan``.
    """
    quote = quoted_before(corpus, places, hooks, is_killed)
    replace_file(places.plan, json.dumps(quote, indent=1).encode())
    return {"plan": places.plan, **short_quote(quote)}


def until(is_over: Callable[[], bool], items: Iterator[Item]) -> Iterator[Item]:
    """Read on until the run is over, which waits for who reads.

    Raises:
        InterruptedError: it is.
    """
    for item in items:
        if is_over():
            raise InterruptedError("The run has ended.")
        yield item
