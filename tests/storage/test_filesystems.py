"""Who finds storages: Airflow, by its connections; in a process that does without it, fsspec."""

from __future__ import annotations

import sys
from contextlib import suppress
from types import SimpleNamespace

import pytest

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.storage.files import replace_file
from airflow_provider_language.storage.filesystems import without_airflow
from airflow_provider_language.storage.stores import place_of


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What Airflow is asked for."""
    urls: list[str] = []

    def path(url: str) -> SimpleNamespace:
        urls.append(url)
        return SimpleNamespace(protocol="s3", path="bucket/a", fs=None)

    # It finds a file system by an installed package and a connection; a name of ours stands for its look-up.
    monkeypatch.setattr("airflow_provider_language._compat.ObjectStoragePath", path)
    return urls


def test_fsspec_finds_storages_in_a_process_that_does_without_airflow(asked: list[str]) -> None:
    with without_airflow():
        replace_file("memory://box/a", b"content")
        place = place_of("memory://box/a")

    assert place.fs.cat_file(place.path) == b"content"
    assert (place.protocol, place.name, place.is_local) == ("memory", "a", False)
    assert asked == []


def test_a_connection_that_is_named_is_one_of_airflow_nevertheless(asked: list[str]) -> None:
    with without_airflow():
        place_of("s3://conn@bucket/a")
    place_of("s3://bucket/a")

    assert asked == ["s3://conn@bucket/a", "s3://bucket/a"]


def test_the_container_of_an_account_is_no_connection(asked: list[str]) -> None:
    with without_airflow(), suppress(InvalidInputError):  # its package may not be installed here
        place_of("abfs://container@account.dfs.core.windows.net/a")

    assert asked == []


def test_a_scheme_that_nobody_has_is_told_as_that() -> None:
    with without_airflow(), pytest.raises(InvalidInputError, match="no file system for the scheme nowhere"):
        place_of("nowhere://bucket/a")


def test_a_package_that_is_not_installed_is_told_with_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "gcsfs", None)

    with without_airflow(), pytest.raises(InvalidInputError, match="gcsfs"):
        place_of("gs://bucket/a")
