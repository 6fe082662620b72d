"""What killed writers have left on a storage is found, and only that."""

from __future__ import annotations

import time

import pytest

from airflow_provider_language.running.corpus.cleaning import ABANDONED, abandoned_at
from airflow_provider_language.storage.changes import _time_of, changed_last, leftovers
from airflow_provider_language.storage.files import BLOCK, WholeFile
from airflow_provider_language.storage.stores import place_of
from tests.storage.object_stores import moto


def test_an_upload_that_was_never_finished_is_found_and_removed_below_its_prefix_only() -> None:
    with moto() as server:
        box = server.make_bucket()
        began = time.time()
        held = [
            WholeFile(f"{box}/{folder}/part.jsonl") for folder in ("out/results/run", "out/other", "out2")
        ]
        for file in held:
            file.write(b"x" * BLOCK)  # an upload begins

        [left] = leftovers(f"{box}/out/results")

        assert left.location.endswith("/out/results/run/part.jsonl")
        assert left.since is not None  # moto has one for all
        assert abandoned_at(f"{box}/out/", left.since + ABANDONED) == []
        assert len(abandoned_at(f"{box}/out", left.since + ABANDONED + 1)) == 1
        left.remove()
        assert list(leftovers(f"{box}/out/results")) == []
        assert len(list(leftovers(f"{box}/out"))) == 1
        assert changed_last(f"{box}/out") is None
        place = place_of(f"{box}/out/results/note")
        place.fs.pipe_file(place.path, b"x")
        assert changed_last(f"{box}/out") == pytest.approx(began, abs=60)
        del file, held


@pytest.mark.parametrize(
    ("told", "time_"),
    [
        ({"mtime": 7.5}, 7.5),
        ({"updated": "1970-01-01T00:01:00.000Z"}, 60.0),
        ({"updated": "yesterday"}, None),
        ({"LastModified": None}, None),
        ({}, None),
    ],
)
def test_the_time_of_a_change_is_read_as_storages_tell_it(
    told: dict[str, object], time_: float | None
) -> None:
    assert _time_of(told) == time_
