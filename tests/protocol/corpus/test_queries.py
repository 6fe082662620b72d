"""A query as a source: what is asked of the database, and which orders tell its rows apart."""

from __future__ import annotations

from typing import Any

import pytest

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.protocol.corpus.queries import SqlSource, order_in, ordered, probe, rows_order


@pytest.mark.parametrize("nothing", ["", " ", "None", None])
@pytest.mark.parametrize("name", ["conn_id", "sql"])
def test_a_source_without_connection_or_query_is_refused(name: str, nothing: Any) -> None:
    with pytest.raises(InvalidInputError, match=name):
        SqlSource(**{"conn_id": "warehouse", "sql": "SELECT 1", name: nothing})


def test_a_text_is_no_parameters() -> None:
    with pytest.raises(InvalidInputError, match="instead of a list or dict"):
        SqlSource("warehouse", "SELECT 1", parameters="Margaret Ellis")


def test_what_logs_and_rendered_fields_show_of_it_has_no_parameters() -> None:
    assert "Margaret" not in repr(SqlSource("warehouse", "SELECT %s", parameters=["Margaret Ellis"]))


@pytest.mark.parametrize(
    ("said", "terms"),
    [
        (None, []),
        ("None", []),
        ([], []),
        ("id", [("id", "id")]),
        (" day , number desc", [("day", "day"), ("number desc", "number")]),
        (["day ASC", "number"], [("day ASC", "day"), ("number", "number")]),
        ('"ReviewId"', [('"ReviewId"', "ReviewId")]),
        ('"a, b" DESC, [c d], `e,f`', [('"a, b" DESC', "a, b"), ("[c d]", "c d"), ("`e,f`", "e,f")]),
        ("größe", [("größe", "größe")]),
    ],
)
def test_an_order_is_columns_with_their_directions(said: Any, terms: list[tuple[str, str]]) -> None:
    assert list(order_in(said)) == terms


@pytest.mark.parametrize(
    "said",
    [
        *(
            "lower(name)",
            "id; DROP TABLE reviews",
            "id -- all",
            "1",
            "r.id",
            '"a',
            "a b",
            "id,",
            ",id",
            "a,,b",
        ),
        *("id UNION SELECT 1", '"a""b"', ["id", ""], ["id", 3], 7, "id NULLS LAST", "'id'"),
    ],
)
def test_an_order_that_is_more_than_columns_is_refused(said: Any) -> None:
    with pytest.raises(InvalidInputError, match="names columns of the query"):
        order_in(said)


def test_the_ids_come_last_in_the_order_and_are_enough_alone() -> None:
    columns = ["day", "id", "text"]

    assert rows_order((), columns, "id") == (("id", 1),)
    assert rows_order(order_in("day DESC"), columns, "id") == (("day DESC", 0), ("id", 1))
    assert rows_order(order_in("ID DESC, day"), columns, "id") == (("ID DESC", 1), ("day", 0))
    assert rows_order(order_in("day"), columns, "key") == (("day", 0),)


def test_rows_that_nothing_tells_apart_are_refused_with_what_to_name() -> None:
    with pytest.raises(InvalidInputError, match="no column 'id', and SqlSource no order_by"):
        rows_order((), ["text"], "id")
    with pytest.raises(InvalidInputError, match="names nope, which is none of the query's 2 columns"):
        rows_order(order_in("nope, id"), ["id", "text"], "id")
    with pytest.raises(InvalidInputError, match="'review id' needs the quotes of the database"):
        rows_order((), ["review id", "text"], "review id")
    assert rows_order(order_in('"review id"'), ["review id"], "review id") == (('"review id"', 0),)


def test_the_query_stands_within_another_whatever_it_ends_with() -> None:
    sql = "WITH a AS (SELECT 1 AS id) SELECT * FROM a ORDER BY 1 -- the newest; ;"

    assert ordered(sql, ["day", "id"]).splitlines() == [
        "SELECT * FROM (",
        sql.rstrip("; "),
        ") corpus_rows ORDER BY day, id",
    ]
    assert probe("SELECT 1;\n") == "SELECT * FROM (\nSELECT 1\n) corpus_rows WHERE 1 = 0"
    assert probe("SELECT 1", ["id"]).endswith("WHERE 1 = 0 ORDER BY id")


def test_an_id_column_that_is_no_word_can_be_named_in_quotes() -> None:
    assert rows_order(order_in('[review id] DESC, "day"'), ["review id", "day"], "review id") == (
        ("[review id] DESC", 0),
        ('"day"', 1),
    )
