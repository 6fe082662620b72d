"""The most frequent names, in bounded memory."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from airflow_provider_language.protocol.report.frequent import Frequent


def counted(names: list[str], counters: int) -> Frequent:
    frequent = Frequent(counters)
    for name in names:
        frequent.add(name)
    return frequent


@given(st.lists(st.sampled_from("abcdefghij")), st.integers(1, 6))
def test_no_count_is_too_high_nor_lower_than_its_error_says(names: list[str], counters: int) -> None:
    frequent, true = counted(names, counters), Counter(names)

    told = dict(frequent.most(100))

    assert len(told) <= counters
    assert frequent.error <= len(names) / (counters + 1)
    for name, count in true.items():
        assert count - frequent.error <= told.get(name, 0) <= count


def test_names_come_from_the_most_frequent_on_and_those_below_the_least_do_not() -> None:
    frequent = counted(list("abbcccdddd"), 10)

    assert frequent.most(2) == [("d", 4), ("c", 3)]
    assert frequent.most(9, least=2) == [("d", 4), ("c", 3), ("b", 2)]


def test_of_equally_frequent_names_the_first_in_the_alphabet_come_first() -> None:
    assert counted(list("cab"), 10).most(2) == [("a", 1), ("b", 1)]
