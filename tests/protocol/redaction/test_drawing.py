"""A sample has of each stratum its share, and the same seed draws it again."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from airflow_provider_language.protocol.redaction.drawing import Drawing

sizes_of = st.dictionaries(st.sampled_from("abcdef"), st.integers(1, 40), min_size=1).map(Counter)


def drawn(sizes: Counter[str], size: int, seed: int = 0) -> Counter[str]:
    drawing = Drawing(sizes, size, seed)
    return Counter(stratum for stratum in sizes.elements() if drawing.draws(stratum))


@given(sizes_of, st.integers(1, 100), st.integers())
def test_a_sample_has_the_size_that_is_wanted_or_all(sizes: Counter[str], size: int, seed: int) -> None:
    found = drawn(sizes, size, seed)
    assert found.total() == min(size, sizes.total())
    assert all(found[stratum] <= number for stratum, number in sizes.items())


@given(sizes_of, st.integers(6, 100))
def test_no_stratum_is_left_out_where_there_is_room(sizes: Counter[str], size: int) -> None:
    assert drawn(sizes, size).keys() == sizes.keys()


def test_each_stratum_has_its_share() -> None:
    found = drawn(Counter(a=900, b=90, c=10), 100)
    assert found["a"] in range(86, 92)
    assert found["b"] in range(8, 12)
    assert found["c"] in (1, 2)


def test_a_seed_draws_the_same_and_another_one_others() -> None:
    def places(seed: int) -> list[int]:
        drawing = Drawing(Counter(a=1_000), 20, seed)
        return [place for place in range(1_000) if drawing.draws("a")]

    assert places(1) == places(1) != places(2)
