"""A redaction policy is read from a file that says it once, and from no other."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.protocol.redaction.policies import policy_from
from airflow_provider_language.storage.policies import read_policy
from tests.protocol.redaction.policies import SAID

YAML = """
# Signed by the data protection officer.
version: 1
default: mask
categories:
  Address: remove
  Email: category
  Organization: leave
  Person: pseudonym
  PhoneNumber: {way: keep_last, characters: 4}
  USBankAccountNumber: {way: keep_last, characters: 2, character: "#"}
"""


@pytest.mark.parametrize("content", [YAML, json.dumps(SAID)])
def test_a_file_of_yaml_or_json_says_what_an_object_says(tmp_path: Path, content: str) -> None:
    file = tmp_path / "policy.yaml"
    file.write_text(content)
    assert read_policy(str(file)) == read_policy(file) == read_policy(SAID) == policy_from(SAID)
    assert read_policy(file).digest == policy_from(SAID).digest


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "is an object, and this is a NoneType"),
        (b"version: 1\nversion: 1\ndefault: mask", "no YAML \\('version' stands twice in line 1"),
        (b"version: 1\ndefault: mask\ncategories: {Person: mask, Person: leave}", "'Person' stands twice"),
        (b"version: 1\n  default: [", "in line 2"),
        (b"default: \xff", "no YAML"),
        (b"default: !!python/object/apply:os.getcwd []", "no YAML"),
        (b"? [a]\n: b", "no YAML"),
        pytest.param(b"[" * 100_000, "no YAML", id="nested"),
        pytest.param(b"#" * (2**20 + 1), "too large", id="large"),
        (b"version: 1\ndefault: maks", "did you mean mask"),
    ],
)
def test_what_is_no_policy_is_refused(tmp_path: Path, content: bytes, told: str) -> None:
    file = tmp_path / "policy.yaml"
    file.write_bytes(content)
    with pytest.raises(InvalidInputError, match=told):
        read_policy(file)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError, match=r"no redaction policy at .*gone\.yaml"):
        read_policy(tmp_path / "gone.yaml")


def test_what_is_neither_an_object_nor_a_location_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="redaction_policy"):
        read_policy("mask")
