"""The redacted copy that is wanted of a source: of which files, by which task and policy."""

from __future__ import annotations

import posixpath
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.protocol.jobs.redaction import redacting_task
from airflow_provider_language.running.corpus.redaction import OwnRedaction, own_redaction
from airflow_provider_language.running.redaction_keys import Secrets
from airflow_provider_language.running.secret_options import secret_of
from airflow_provider_language.storage.copies.reading import Reading

if TYPE_CHECKING:
    from airflow_provider_language.protocol.defaults import SecondPassMode
    from airflow_provider_language.protocol.inputs.tasks import WireTask
    from airflow_provider_language.storage.sources.corpora import SourceFile
    from airflow_provider_language.storage.tables.table_formats import TableFormat


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
    second_pass: SecondPassMode | None = None,
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
        second_pass: what becomes of names that were found in another document; None to look for none.
        audit_format: of the table of what became of each finding; None where there are no other tables.

    Raises:
        InvalidInputError: there is no such copy, since no task redacts, several do, or two files would have
            one place in it; or the policy is none.
    """
    task = redacting_task(tasks)
    twice = [name for name, times in Counter(place_in_copy(name) for _, name in files).items() if times > 1]
    if twice:
        raise InvalidInputError(
            f"{len(twice)} files of the source have one place in its redacted copy with others, such as "
            f"{twice[0]}. Give them to tasks of their own, or copy a folder that has both."
        )
    own = None if policy is None else own_redaction(policy, task, secrets, second_pass)
    return CopyWanted(files, reading, limit, task.name, own, audit_format or "jsonl")


def place_in_copy(name: str) -> str:
    """The place of a file's copy, of a file that is known by its whole location as of others."""
    path = name.partition("://")[2].rpartition("@")[2] if "://" in name else name
    return posixpath.normpath(f"/{path}").lstrip("/")
