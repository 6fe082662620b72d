"""Another text in a row of CSV: the other cells stay as they are written there, with their quotes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

_END = re.compile(r"(\r\n|\r|\n)?\Z")


@dataclass(frozen=True)
class _Cell:
    begin: int
    end: int
    value: str
    is_quoted: bool


class CsvTexts:
    """Puts texts into the rows of a CSV file.

    Args:
        head: all that stands before its first row of values.
        delimiter: between its cells.
        has_texts: whether a column of that name has texts; of several of one name, the first one has.
        keeps_rest: whether such a column stays as it is where nothing is said in its place; else it is
            left empty.
    """

    def __init__(
        self, head: str, delimiter: str, has_texts: Callable[[str], bool], *, keeps_rest: bool = True
    ) -> None:
        mark = re.escape(delimiter)
        quoted = r'"(?P<quoted>[^"]*(?:""[^"]*)*)"'
        self._cell = re.compile(rf'(?:{quoted}|(?P<plain>(?!")[^{mark}\r\n]*))(?P<end>{mark}|\r\n|\r|\n|\Z)')
        self._delimiter = delimiter
        names = self._names(head)
        self._width = len(names)
        self._places = {name: names.index(name) for name in names if has_texts(name)}
        self._rest = {} if keeps_rest else dict.fromkeys(self._places)

    def _names(self, head: str) -> list[str]:
        """The first row in which something stands."""
        at = 0
        while at < len(head):
            row = list(self._cells(head, at))
            names = [cell.value for cell in row]
            if any(name.strip() for name in names):
                return names
            at = self._after(head, row)
        return []

    def _after(self, content: str, row: list[_Cell]) -> int:
        """Where the next row begins."""
        end = row[-1].end
        return end + (2 if content[end : end + 2] == "\r\n" else 1)

    def _cells(self, content: str, at: int = 0) -> Iterator[_Cell]:
        """The cells of the row that begins there, as the csv module reads them if it is strict."""
        while (found := self._cell.match(content, at)) is not None:
            is_quoted = found["quoted"] is not None
            value = found["quoted"].replace('""', '"') if is_quoted else found["plain"]
            yield _Cell(at, found.start("end"), value, is_quoted)
            if found["end"] != self._delimiter:
                return
            at = found.end()

    def texts(self, row: str) -> dict[str, str]:
        """The texts of a row by column; none if its cells are not those of the columns."""
        cells = list(self._cells(row))
        if len(cells) != self._width:
            return {}
        return {column: cells[place].value for column, place in self._places.items()}

    def with_texts(self, row: str, texts: Mapping[str, str | None]) -> str:
        """A row with other texts. Of one that has not a cell for each column, none keeps what is in it.

        Args:
            row: with its line end, if it has one; what follows it is left out.
            texts: in the place of those of columns; None for an empty cell.

        Raises:
            KeyError: there is no such column.
        """
        cells = list(self._cells(row))
        if len(cells) != self._width:
            end = _END.search(row)
            empty = self._written(None, is_quoted=False)
            return self._delimiter.join([empty] * self._width) + (end[0] if end else "")
        copied, at = [], 0
        said = {**self._rest, **texts}
        for place, text in sorted((self._places[column], text) for column, text in said.items()):
            cell = cells[place]
            copied += [row[at : cell.begin], self._written(text, is_quoted=cell.is_quoted)]
            at = cell.end
        return "".join(copied) + row[at : self._after(row, cells)]

    def _written(self, text: str | None, *, is_quoted: bool) -> str:
        if text is None:
            return '""' if self._width == 1 else ""  # an empty line would be no row
        if is_quoted or not text or any(mark in text for mark in (self._delimiter, '"', "\r", "\n")):
            return '"' + text.replace('"', '""') + '"'
        return text
