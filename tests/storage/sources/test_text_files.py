"""A folder gives its own regular text files, and nothing that a link or a pipe in it leads to."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.storage.sources.batches import batches_of, read_batch
from airflow_provider_language.storage.sources.documents import read_documents


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "folder"
    made.mkdir()
    (made / "a.txt").write_text("one")
    return made


def test_a_folder_that_is_named_like_a_text_is_a_folder(folder: Path) -> None:
    (folder / "x.txt").mkdir()
    (folder / "x.txt" / "b.txt").write_text("two")

    assert [(one.id, one.text) for one in read_documents(str(folder))] == [
        ("a.txt", "one"),
        ("x.txt/b.txt", "two"),
    ]


def test_a_suffix_in_capitals_is_the_same_suffix(folder: Path) -> None:
    (folder / "B.TXT").write_text("two")

    assert {one.id for one in read_documents(str(folder))} == {"a.txt", "B.TXT"}


def test_links_within_the_folder_and_to_the_folder_are_followed(folder: Path, tmp_path: Path) -> None:
    (folder / "b.txt").symlink_to("a.txt")
    (tmp_path / "current").symlink_to(folder)

    for location in (folder, tmp_path / "current", f"{folder}/"):
        assert [one.text for one in read_documents(str(location))] == ["one", "one"]


@pytest.mark.parametrize(
    ("target", "words"),
    [
        ("/etc/passwd", "is a link that leaves the folder"),
        ("../secret.txt", "is a link that leaves the folder"),
        ("nowhere.txt", "no longer there"),
        ("/dev/zero", "is a link that leaves the folder"),
        ("b.txt", "leads nowhere|no longer there"),
    ],
)
def test_a_link_out_of_the_folder_is_refused(folder: Path, target: str, words: str) -> None:
    (folder.parent / "secret.txt").write_text("secret")
    (folder / "b.txt").symlink_to(target)

    with pytest.raises(InvalidInputError, match=f"'b.txt' below .* {words}"):
        read_documents(str(folder))


def test_a_linked_folder_is_not_entered(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "secret.txt").write_text("secret")
    (folder / "link").symlink_to(tmp_path / "other")
    (folder / "circle").symlink_to(folder)

    assert [one.text for one in read_documents(str(folder))] == ["one"]


def test_a_pipe_is_refused_and_not_waited_for(folder: Path) -> None:
    os.mkfifo(folder / "b.txt")
    os.mkfifo(folder / "b.jsonl")

    for location in (folder, folder / "b.txt", folder / "b.jsonl"):
        with pytest.raises(InvalidInputError, match="neither a file nor a folder"):
            read_documents(str(location))


@pytest.mark.parametrize("name", ["../secret.txt", "/etc/passwd", "x/../../secret.txt"])
def test_a_batch_that_names_files_elsewhere_is_refused(folder: Path, name: str) -> None:
    (folder.parent / "secret.txt").write_text("secret")
    (batch,) = batches_of(str(folder), 25, 1000)

    with pytest.raises(InvalidInputError, match="is not below it"):
        read_batch(str(folder), replace(batch, files=(name,)))


def test_a_batch_that_names_a_folder_for_a_file_is_refused(folder: Path) -> None:
    (folder / "x.txt").mkdir()
    (batch,) = batches_of(str(folder), 25, 1000)

    with pytest.raises(InvalidInputError, match="is not a file"):
        read_batch(str(folder), replace(batch, files=("x.txt",)))
