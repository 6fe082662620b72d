"""What came of what, for a catalogue of data: datasets, their columns and their figures; no text is in it.

Datasets are named as OpenLineage names those of object storages and local files.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from airflow_provider_language.protocol.tables.schema import TABLES, Column, Table, tables_of

ROWS = (
    Column("document_id"),
    Column("task"),
    Column("kind"),
    Column("status"),
    Column("language"),
    Column("result"),
    Column("error_code"),
    Column("error_message"),
    Column("warnings"),
    Column("model_version"),
    Column("text_records", "int64"),
    Column("job_id"),
)
"""Of rows; what the service found, and its warnings, are JSON."""

_NO_FINDING = frozenset({"task", "kind", "source", "row_number"})
"""What the author says, and where a document stood."""
_COPIED = "document_id"
_REDACTED = frozenset({"redacted_text", "mask"})
_BLOBS = {"abfs": "abfss", "abfss": "abfss", "adl": "abfss", "wasb": "wasbs", "wasbs": "wasbs"}
_HOSTS = {"abfss": "dfs.core.windows.net", "wasbs": "blob.core.windows.net"}
_SAME = {"s3a": "s3", "s3n": "s3", "gcs": "gs"}
_LOCAL = frozenset({"", "file", "local"})
_PATTERN = frozenset("*?[")

Models: TypeAlias = Mapping[str, Sequence[str]]
"""The versions of the models that answered, by kind."""


@dataclass(frozen=True)
class Name:
    """How OpenLineage names a dataset.

    Args:
        namespace: the storage.
        name: the place on it.
    """

    namespace: str
    name: str

    @classmethod
    def of(cls, protocol: str, path: str, account: str | None = None) -> Name:
        """Name a file or a folder; of a pattern, the folder below which all is that it matches.

        Args:
            protocol: the scheme of its URL; empty for a local path.
            path: as a file system takes it: of a storage, the bucket or container before the rest.
            account: of Azure's storages; None where nobody knows.
        """
        path = _before_pattern(path)
        if protocol in _LOCAL:
            return cls("file", path.rstrip("/") or "/")
        bucket, _, rest = path.strip("/").partition("/")
        scheme = _BLOBS.get(protocol, _SAME.get(protocol, protocol))
        host = f"{bucket}@{account}.{_HOSTS[scheme]}" if account and scheme in _HOSTS else bucket
        return cls(f"{scheme}://{host}", rest or "/")

    def below(self, name: str) -> Name:
        """What lies in this folder."""
        return Name(self.namespace, f"{self.name.rstrip('/')}/{name}")


def _before_pattern(path: str) -> str:
    parts = path.split("/")
    plain = next((place for place, part in enumerate(parts) if _PATTERN & set(part)), len(parts))
    return "/".join(parts[:plain]) or "/"


@dataclass(frozen=True)
class Input:
    """What was read.

    Args:
        name: of the dataset.
        documents: how many were read of it; None where that is not known of it alone.
        text_column: that has the texts.
        id_column: that has the ids.
    """

    name: Name
    documents: int | None = None
    text_column: str = "text"
    id_column: str = "id"


@dataclass(frozen=True)
class Origin:
    """What a column was made of: one column of each input.

    Args:
        is_copied: whether it is the input's id; else it was found in the input's text.
        is_masked: whether it is the text without what was found.
        description: by what it was found.
    """

    is_copied: bool
    is_masked: bool
    description: str


@dataclass(frozen=True)
class Output:
    """What was written.

    Args:
        name: of the dataset.
        columns: of the dataset; empty where they are those of the input.
        rows: how many were written.
        size: of it in bytes; None where it is not known.
        origins: of columns, by name.
    """

    name: Name
    columns: tuple[Column, ...]
    rows: int | None
    size: int | None = None
    origins: Mapping[str, Origin] = field(default_factory=dict)


@dataclass(frozen=True)
class Lineage:
    """What came of what in a task.

    Args:
        inputs: what was read.
        outputs: what was written.
        kinds: what was asked for, of the service.
        figures: of the results, by name.
    """

    inputs: tuple[Input, ...] = ()
    outputs: tuple[Output, ...] = ()
    kinds: tuple[str, ...] = ()
    figures: Mapping[str, object] = field(default_factory=dict)


def rows_output(name: Name, rows: int, size: int | None, models: Models) -> Output:
    """The dataset of rows.

    Args:
        name: of the dataset.
        rows: how many were written.
        size: of it in bytes; None where it is not known.
        models: of the kinds that were asked for.
    """
    return Output(name, ROWS, rows, size, _origins(ROWS, models))


def table_outputs(folder: Name, records: Mapping[str, int], models: Models) -> tuple[Output, ...]:
    """The datasets of tables, one folder each.

    Args:
        folder: below which they lie.
        records: how many each of them has; a table that this release does not know is left out.
        models: of the kinds that were asked for.
    """
    return tuple(
        _table_output(folder, TABLES[name], number, models)
        for name, number in records.items()
        if name in TABLES
    )


def _table_output(folder: Name, table: Table, number: int, models: Models) -> Output:
    of_table = {kind: told for kind, told in models.items() if table in tables_of([kind])}
    return Output(folder.below(table.name), table.columns, number, None, _origins(table.columns, of_table))


def _origins(columns: Iterable[Column], models: Models) -> dict[str, Origin]:
    found = "; ".join(_by(kind, told) for kind, told in models.items())
    return {
        column.name: Origin(
            is_copied=column.name == _COPIED,
            is_masked=column.name in _REDACTED,
            description="" if column.name == _COPIED else found,
        )
        for column in columns
        if column.name not in _NO_FINDING
    }


def _by(kind: str, models: Sequence[str]) -> str:
    return f"{kind} by model {', '.join(models)}" if models else kind
