"""The second pass over a corpus: what was found in one document is looked for in all others.

What is looked for is personal data. It is made of rows and source each time, lives in memory, and is neither
written nor told: of it, there are figures alone.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from airflow_provider_language.protocol.redaction.forms import FormSearch, FoundForms, MissedForms
from airflow_provider_language.protocol.redaction.redacting import hidden_by
from airflow_provider_language.running.corpus.redaction import OwnRedaction, searched
from airflow_provider_language.running.corpus.row_texts import RowTexts, rows_of
from airflow_provider_language.storage.sources.corpora import corpus_items

if TYPE_CHECKING:
    from airflow_provider_language.protocol.corpus.items import Item
    from airflow_provider_language.protocol.json_values import JsonObject
    from airflow_provider_language.protocol.redaction.spans import Span
    from airflow_provider_language.running.corpus.copies import CopyWanted
    from airflow_provider_language.running.corpus.places import RunPlaces

log = logging.getLogger(__name__)


class Sought(NamedTuple):
    """What is looked for.

    Args:
        search: looks for it.
        told: how much of it there is, by what bounds; none of it is in there.
    """

    search: FormSearch
    told: dict[str, Any]


def forms_sought(
    parts: Sequence[str],
    places: RunPlaces,
    wanted: CopyWanted,
    own: OwnRedaction,
    *,
    is_killed: Callable[[], bool],
) -> Sought:
    """What is to be looked for, for which the source is read twice: it follows from that and the rows.

    Args:
        parts: the names of the run's parts, in the order of the source.
        places: of the run.
        wanted: the copy.
        own: how it is redacted.
        is_killed: whether the task was killed by something that has not ended it.

    Raises:
        InvalidInputError: the source is another one by now.
        InterruptedError: the task was killed.
    """

    def read(take: Callable[[str, tuple[Span, ...]], None]) -> None:
        def of(row: JsonObject, item: Item) -> None:
            for text, spans in searched(row, item, own, has_turns=wanted.reading.has_turns):
                take(text, spans)

        texts = RowTexts(rows_of(parts, places, wanted.task), of, is_killed)
        for item in _items(wanted):
            texts.of(item)
        texts.end(None)

    bounds = own.policy.looked_for
    found = FoundForms(own.policy)
    read(found.take)
    missed = MissedForms(found, bounds.misses_per_finding)
    read(lambda text, spans: missed.take(text, hidden_by(own.policy, spans)))
    search = missed.search()
    if found.left_out:
        log.warning(
            "%d findings are not looked for: there are more surface forms than fit in memory", found.left_out
        )
    figures = {"forms": len(search.categories), "ordinary": missed.ordinary, "left_out": found.left_out}
    return Sought(search, {"mode": own.second_pass, **bounds.told(), **figures})


def _items(wanted: CopyWanted) -> Iterator[Item]:
    reading = wanted.reading
    return corpus_items(
        wanted.files,
        reading.layout,
        limit=wanted.limit,
        repeated="qualify" if reading.qualified else "fail",
        takes=reading.takes,
        columns=reading.columns,
        family=reading.family,
        keep=reading.kept,
    )
