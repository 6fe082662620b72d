"""The redacted copy of a source: each file as it was, with the redacted texts in the place of its texts."""

from __future__ import annotations

import logging
import posixpath
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.protocol.jobs.redaction import redacted_text, redacting_task
from airflow_provider_language.protocol.tables.schema import PSEUDONYMS, REDACTIONS
from airflow_provider_language.running.corpus.places import remove_folder
from airflow_provider_language.running.corpus.redaction import OwnRedaction, PolicyTexts, own_redaction
from airflow_provider_language.running.corpus.surfaces import Surfaces
from airflow_provider_language.running.redaction_keys import Secrets
from airflow_provider_language.running.secret_options import secret_of
from airflow_provider_language.storage.copies.copying import Reading, copy_file
from airflow_provider_language.storage.stores import place_of
from airflow_provider_language.storage.tables.record_writers import RecordsWriter
from airflow_provider_language.storage.tables.row_files import rows_in

if TYPE_CHECKING:
    from airflow_provider_language.protocol.corpus.items import Item
    from airflow_provider_language.protocol.inputs.tasks import WireTask
    from airflow_provider_language.protocol.json_values import JsonObject
    from airflow_provider_language.running.corpus.places import RunPlaces
    from airflow_provider_language.storage.sources.corpora import SourceFile
    from airflow_provider_language.storage.tables.table_formats import TableFormat

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class CopyWanted:
    """A redacted copy of a source.

    Args:
        files: of the source, in their order.
        reading: how they were read.
        limit: rows after which the corpus ended; None for all.
        task: whose redacted texts it has.
        own: our own redaction in the place of the service's; None for that.
        audit_format: of the table that tells what became of each finding by it.
    """

    files: Sequence[SourceFile]
    reading: Reading
    limit: int | None
    task: str
    own: OwnRedaction | None = None
    audit_format: TableFormat = "jsonl"


def copy_wanted(
    files: Sequence[SourceFile],
    reading: Reading,
    limit: int | None,
    tasks: Sequence[WireTask],
    *,
    policy: object = None,
    secrets: Secrets = secret_of,
    audit_format: TableFormat | None = None,
) -> CopyWanted:
    """The copy that is wanted of these files.

    Args:
        files: of the source.
        reading: how they are read.
        limit: rows after which the corpus ends; None for all.
        tasks: of the run.
        policy: of our own redaction, or the location of its file; None for that of the service.
        secrets: from where the keys of a policy are.
        audit_format: of the table of what became of each finding; None where there are no other tables.

    Raises:
        InvalidInputError: there is no such copy, since no task redacts, several do, or two files would have
            one place in it; or the policy is none.
    """
    task = redacting_task(tasks)
    twice = [name for name, times in Counter(_below(name) for _, name in files).items() if times > 1]
    if twice:
        raise InvalidInputError(
            f"{len(twice)} files of the source have one place in its redacted copy with others, such as "
            f"{twice[0]}. Give them to tasks of their own, or copy a folder that has both."
        )
    own = None if policy is None else own_redaction(policy, task, secrets)
    return CopyWanted(files, reading, limit, task.name, own, audit_format or "jsonl")


def _below(name: str) -> str:
    """The place of a file's copy, of a file that is known by its whole location as of others."""
    path = name.partition("://")[2].rpartition("@")[2] if "://" in name else name
    return posixpath.normpath(f"/{path}").lstrip("/")


def write_copy(
    parts: Sequence[str], places: RunPlaces, wanted: CopyWanted, *, is_killed: Callable[[], bool]
) -> dict[str, Any]:
    """Write the redacted copy of a source, which follows from it and the rows: a later try writes the same.

    Args:
        parts: the names of the run's parts, in the order of the source.
        places: of the run.
        wanted: the copy.
        is_killed: whether the task was killed by something that has not ended it.

    Returns:
        Where it lies, its files, its rows, and how many documents have no text, as there is no redacted one.

    Raises:
        InvalidInputError: the source is another one by now.
        InterruptedError: the task was killed.
    """
    own = wanted.own
    if own is None:
        return _written(parts, places, wanted, lambda row, _: redacted_text(row), is_killed)
    name = places.file_of_tables(0)
    if own.fernet is None:
        remove_folder(f"{places.tables}/{PSEUDONYMS.name}/{places.name}")  # of the policy of an earlier try
    with ExitStack() as tables:
        audit = tables.enter_context(RecordsWriter(places.tables, name, wanted.audit_format, REDACTIONS))
        surfaces = None
        if own.fernet is not None and own.key is not None:
            # JSON lines, so that whoever may reveal needs no more than the command line.
            known = tables.enter_context(RecordsWriter(places.tables, name, "jsonl", PSEUDONYMS))
            surfaces = Surfaces(own.key, own.fernet, known.write).take
        texts = PolicyTexts(own, places.name, audit.write, surfaces)
        told = _written(parts, places, wanted, texts.of, is_killed)
    if texts.unfit:
        log.warning("%d documents have no text in the copy: their findings do not fit them", texts.unfit)
    return {**told, "unfit": texts.unfit, "redactions": audit.records, **own.told()}


def _written(
    parts: Sequence[str],
    places: RunPlaces,
    wanted: CopyWanted,
    redact: Callable[[JsonObject, Item], str | None],
    is_killed: Callable[[], bool],
) -> dict[str, Any]:
    place = place_of(places.redacted)
    root = place.path if place.is_local else places.redacted  # in a URL of a disk, names are quoted
    texts = _Texts(_rows(parts, places, wanted.task), redact, is_killed)
    written = rows = 0
    for location, name in wanted.files:
        left = None if wanted.limit is None else wanted.limit - rows
        if left == 0:
            break
        target = f"{root}/{_below(name)}"
        rows += copy_file((location, name), target, wanted.reading, texts, left)
        written += 1
    texts.end(None)
    log.info(
        "The redacted copy has %d files and %d rows, and %d documents have no text in it",
        written,
        rows,
        texts.missing,
    )
    return {"path": places.redacted, "files": written, "rows": rows, "without_text": texts.missing}


def _rows(parts: Sequence[str], places: RunPlaces, task: str) -> Iterator[JsonObject]:
    for part in parts:
        for row in rows_in(f"{places.results}/{part}"):
            if row.get("task") == task:
                yield row


class _Texts:
    """The redacted texts, one after another, each for the document that it was made of and for no other."""

    def __init__(
        self,
        rows: Iterator[JsonObject],
        redact: Callable[[JsonObject, Item], str | None],
        is_killed: Callable[[], bool],
    ) -> None:
        self._rows = rows
        self._redact = redact
        self._next = next(rows, None)
        self._is_killed = is_killed
        self.taken = 0
        self.missing = 0

    def of(self, item: Item) -> str | None:
        """The redacted text of the next document; None if it has none.

        Raises:
            InvalidInputError: another document stands there by now.
            InterruptedError: the task was killed.
        """
        if self._is_killed():
            raise InterruptedError("The task was killed; its next try writes the redacted copy.")
        row, self._next = self._next, None
        characters = None if item.fault else len(item.content)
        found = (item.id, item.source, item.row_number, characters)
        if row is None or tuple(map(row.get, _KNOWN_BY)) != found:
            raise _changed(f"document {self.taken}, in {item.source}, is another one")
        self._next = next(self._rows, None)
        self.taken += 1
        text = self._redact(row, item)
        self.missing += text is None
        return text

    def end(self, name: str | None) -> None:
        """Refuse to be left with texts of a file that has ended, or of the whole source.

        Raises:
            InvalidInputError: there are some.
        """
        if self._next is not None and name in (None, self._next.get("source")):
            raise _changed(f"{name or 'it'} has fewer documents")


_KNOWN_BY = ("document_id", "source", "row_number", "characters")


def _changed(how: str) -> InvalidInputError:
    return InvalidInputError(
        f"The source has changed since it was analyzed: {how}. Its redacted copy is not complete. Put back "
        "what was there and clear the task, which pays nothing again; or start over with refresh=True."
    )
