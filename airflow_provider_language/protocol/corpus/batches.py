"""A batch of many documents as it is named between tasks: where it is, and by what it is known again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.protocol.corpus.layouts import AS_USUAL, Layout, layout_from
from airflow_provider_language.protocol.inputs.families import Input, InputT


@dataclass(frozen=True)
class Batch:
    """Which of many documents one job takes; it names no text.

    Args:
        number: of the batch, from 0.
        first: how many documents come before it.
        count: how many it has.
        ids: a digest of their ids, in their order.
        offset: where its first document begins in the file, in bytes of what is not compressed; None where
            the documents are not rows of a file.
        files: the paths of its documents below the folder, where they are files.
        layout: how the file was read when it was counted, and is read again.
        total: how many batches there are; None where nobody counted them to the end.
    """

    number: int
    first: int
    count: int
    ids: str
    offset: int | None = None
    files: tuple[str, ...] | None = None
    layout: Layout = AS_USUAL
    total: int | None = None

    @classmethod
    def of(cls, number: int, first: int, documents: Sequence[Input]) -> Batch:
        """The batch of documents of which so many batches and documents come before."""
        return cls(number, first, len(documents), digest_of(one.id for one in documents))

    def to_dict(self) -> dict[str, Any]:
        """The batch as JSON, for an XCom."""
        values = {**asdict(self), "layout": self.layout.to_dict() or None}
        return {name: value for name, value in values.items() if value is not None}

    def read_as(self, layout: Layout) -> Layout:
        """How the file is to be read again, where a task says something of it, too.

        Raises:
            InvalidInputError: it says something else than was said when the file was counted.
        """
        if layout not in (AS_USUAL, self.layout):
            raise InvalidInputError(
                f"Batch {self.number} was counted with {self.layout.to_dict()}, and is to be read with "
                f"{layout.to_dict()}; what LanguageHook.batches was told need not be said again."
            )
        return self.layout

    def checked(self, documents: Sequence[InputT]) -> tuple[InputT, ...]:
        """Documents that were read for this batch, if they are those that it was made of.

        Raises:
            InvalidInputError: they are others.
        """
        if digest_of(document.id for document in documents) != self.ids:
            raise self.changed("their ids are others.")
        return tuple(documents)

    def changed(self, how: str) -> InvalidInputError:
        """The error of a batch whose documents are not found again."""
        return InvalidInputError(
            f"The documents of batch {self.number} have changed since they were counted: {how}"
        )


def digest_of(ids: Iterable[str]) -> str:
    """What tells a list of ids from another one."""
    return hashlib.blake2b(b"".join(map(measured, ids)), digest_size=8).hexdigest()


def measured(text: str) -> bytes:
    """A text behind its length, so that texts in a row cannot be taken for others."""
    content = text.encode(errors="surrogatepass")
    return len(content).to_bytes(8, "big") + content


def batch_from(value: Mapping[str, Any]) -> Batch:
    """Read what :meth:`Batch.to_dict` wrote; fields that are not known are ignored.

    Raises:
        InvalidInputError: it is no batch.
    """
    try:
        offset, files, total = value.get("offset"), value.get("files"), value.get("total")
        return Batch(
            number=int(value["number"]),
            first=int(value["first"]),
            count=int(value["count"]),
            ids=str(value["ids"]),
            offset=None if offset is None else int(offset),
            files=None if files is None else tuple(map(str, files)),
            layout=layout_from(value.get("layout")),
            total=None if total is None else int(total),
        )
    except (KeyError, TypeError, ValueError):
        raise InvalidInputError(
            "A batch is a number, or what LanguageHook.batches tells of it: number, first, count and ids; "
            f"this one has {len(value)} fields."
        ) from None
