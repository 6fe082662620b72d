"""A corpus that is the rows of a query: what is asked of the database, and in which order rows come."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.protocol.inputs.fields import means_nothing

_TERM = re.compile(
    r"""\s*(?P<name>[^\W\d][\w$]*|"[^"]+"|`[^`]+`|\[[^\]]+\])(?P<way>\s+(?:ASC|DESC))?\s*""", re.IGNORECASE
)
"""A column as it stands in an ORDER BY: a word, or anything in the quotes of some database."""
_BETWEEN = re.compile(r"""("[^"]*"|`[^`]*`|\[[^\]]*\]|[^,"`\[])+""")


@dataclass(frozen=True)
class SqlSource:
    """A corpus that is the rows of a query, on any database that has a hook of Airflow's common.sql.

    Args:
        conn_id: the connection of the database; by its id, rows are known (``source``, ``warehouse#12``).
        sql: a query that can stand within another one: SELECT, or WITH and SELECT; no ORDER BY of its own
            counts.
        order_by: columns of the query that tell all of its rows apart, which a retry needs to find what it
            has: ``"day, number"`` or a list, each perhaps with ASC or DESC, and in quotes where the database
            needs them. The column of the ids comes last, unless it is among them; by default it is alone.
        parameters: values for the placeholders of the query, as the driver takes them; kept out of ``repr``.

    Raises:
        InvalidInputError: there is no connection or query.
    """

    conn_id: str
    sql: str
    order_by: str | Sequence[str] | None = field(default=None, kw_only=True)
    parameters: Mapping[str, Any] | Sequence[Any] | None = field(default=None, kw_only=True, repr=False)

    def __post_init__(self) -> None:
        for name in ("conn_id", "sql"):
            value = getattr(self, name)
            if value is None or (isinstance(value, str) and means_nothing(value)):
                raise InvalidInputError(f"{name} of SqlSource is {value!r} instead of a text.")
        if isinstance(self.parameters, (str, bytes)):
            raise InvalidInputError("parameters of SqlSource is a text instead of a list or dict of values.")


def order_in(said: object) -> tuple[tuple[str, str], ...]:
    """The terms of an order, each with the column that it names, without quotes.

    Args:
        said: one text, or some; None, or what means nothing, for none.

    Raises:
        InvalidInputError: a term is more than a column and its direction.
    """
    if said is None or (isinstance(said, str) and means_nothing(said)):
        return ()
    told: Sequence[object] = said if isinstance(said, (list, tuple)) else (said,)
    terms = [term for one in told for term in (_parted(one) if isinstance(one, str) else [""])]
    return tuple(_term(term) for term in terms)


def _parted(said: str) -> list[str]:
    """The terms between commas that stand outside of quotes."""
    found = [match.group() for match in _BETWEEN.finditer(said)]
    return found if found and ",".join(found) == said else [""]


def _term(said: str) -> tuple[str, str]:
    found = _TERM.fullmatch(said)
    if found is None:
        raise InvalidInputError(
            "order_by of SqlSource names columns of the query, such as 'day, number DESC', and nothing else: "
            "an expression needs a column of its own in the query, and a name with blanks the quotes of the "
            "database."
        )
    name = found["name"]
    return said.strip(), name if name[0] not in '"`[' else name[1:-1]


def rows_order(
    order: Sequence[tuple[str, str]], columns: Sequence[str], id_column: str
) -> tuple[tuple[str, int], ...]:
    """By which terms the rows are ordered, each with the place of its column among those of the query.

    Args:
        order: as it was told.
        columns: of the query.
        id_column: the one that has the ids, if the query has it.

    Raises:
        InvalidInputError: there is nothing to order by, or a column that is not the query's.
    """
    known = {name.casefold(): place for place, name in enumerate(columns)}
    missing = [name for _, name in order if name.casefold() not in known]
    if missing:
        raise InvalidInputError(
            f"order_by of SqlSource names {', '.join(missing)}, which is none of the query's "
            f"{len(columns)} columns."
        )
    terms = [(term, known[name.casefold()]) for term, name in order]
    if id_column in columns and all(columns[place] != id_column for _, place in terms):
        terms.append((_as_term(id_column), columns.index(id_column)))
    if not terms:
        raise InvalidInputError(
            f"The query has no column {id_column!r}, and SqlSource no order_by: without an order, a retry "
            "could not tell which rows it has. Name the id_column, or in order_by columns that tell all rows "
            "apart."
        )
    return tuple(terms)


def _as_term(column: str) -> str:
    if not _TERM.fullmatch(column):
        raise InvalidInputError(
            f"The id column {column!r} needs the quotes of the database: name it, with them, in order_by."
        )
    return column


def probe(sql: str, order: Collection[str] = ()) -> str:
    """The query without any of its rows, which tells its columns, and whether it can be run.

    Args:
        sql: the query.
        order: terms by which it is ordered.
    """
    return f"{_within(sql)} WHERE 1 = 0{_ordered(order)}"


def ordered(sql: str, order: Collection[str]) -> str:
    """The query with its rows in an order.

    Args:
        sql: the query.
        order: terms by which it is ordered.
    """
    return f"{_within(sql)}{_ordered(order)}"


def _within(sql: str) -> str:
    # A comment at its end ends with the line. Oracle takes no AS here, and others need a name.
    body = sql.lstrip().rstrip("; \t\r\n")
    return f"SELECT * FROM (\n{body}\n) corpus_rows"  # noqa: S608 - the author's own query


def _ordered(order: Collection[str]) -> str:
    return f" ORDER BY {', '.join(order)}" if order else ""
