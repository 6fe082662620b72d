"""An id that stands twice is found, among any number of others, and no other id is taken for it."""

from __future__ import annotations

from airflow_provider_language.storage.sources.id_sets import IdSet


def test_ids_are_new_once_and_known_from_then_on_however_many_there_are() -> None:
    seen = IdSet()
    ids = [f"review-{number}" for number in range(20_000)]

    assert all(seen.add(one) for one in ids)
    assert not any(seen.add(one) for one in ids)
    assert seen.add("another")
