"""A sample of a corpus of files, drawn before anything is paid, and what the whole of it would cost."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.protocol.corpus.families import TEXTS, Takes
from airflow_provider_language.protocol.corpus.items import Item
from airflow_provider_language.protocol.corpus.layouts import Layout
from airflow_provider_language.protocol.inputs.charges import RECORD_CHARACTERS
from airflow_provider_language.protocol.json_values import encoded
from airflow_provider_language.protocol.redaction.drawing import Drawing
from airflow_provider_language.running.corpus.columns import columns_of
from airflow_provider_language.storage.files import WholeFile
from airflow_provider_language.storage.sources.corpora import corpus_files, corpus_items

NO_LANGUAGE = "-"
"""Of documents that name none."""


@dataclass(frozen=True)
class Drawn:
    """A sample that was drawn.

    Args:
        sizes: documents of the source, by language and file.
        drawn: documents of the sample, by the same.
        text_records: that all documents of the source make, for each task.
    """

    sizes: Counter[tuple[str, str]]
    drawn: Counter[tuple[str, str]]
    text_records: int


def draw(
    sources: Sequence[str],
    layout: Layout,
    *,
    size: int,
    seed: int,
    location: str,
    text_columns: Sequence[str] | None = None,
) -> Drawn:
    """Draw a sample, and write it as JSON lines with ``id``, ``text``, ``language`` and ``source``.

    The source is read twice. Documents that cannot be read are in neither figure.

    Args:
        sources: files, folders or globs.
        layout: how they are written.
        size: of the sample.
        seed: the same one draws the same documents.
        location: of the sample.
        text_columns: that have texts, where these are several; each text is a document then.

    Raises:
        InvalidInputError: the source cannot be read or has no document, or the size is none; or a source has
            no such columns.
    """
    if size < 1:
        raise InvalidInputError(f"size is {size} instead of at least 1.")
    files = corpus_files(sources)
    columns = columns_of(text_columns, layout, files, TEXTS)
    sizes: Counter[tuple[str, str]] = Counter()
    records = 0
    for item in _documents(files, layout, columns):
        sizes[_stratum(item)] += 1
        records += -(-item.characters // RECORD_CHARACTERS)
    if not sizes:
        raise InvalidInputError("There is no document to draw from.")
    drawing, drawn = Drawing(sizes, size, seed), Counter[tuple[str, str]]()
    with WholeFile(location) as file:
        for item in _documents(files, layout, columns):
            if drawing.draws(_stratum(item)):
                drawn[_stratum(item)] += 1
                told = {"id": item.id, "text": item.content, "language": item.language, "source": item.source}
                file.write(encoded(told) + b"\n")
    return Drawn(sizes, drawn, records)


def _documents(files: Sequence[tuple[str, str]], layout: Layout, columns: Sequence[str]) -> Iterator[Item]:
    takes = Takes(sys.maxsize, lambda _: None)
    items = corpus_items(files, layout, repeated="qualify", takes=takes, columns=columns)
    return (item for item in items if item.fault is None)


def _stratum(item: Item) -> tuple[str, str]:
    return item.language or NO_LANGUAGE, item.source
