"""A surface form has one pseudonym wherever it stands, and another one with another key."""

from __future__ import annotations

import re
import subprocess
import sys
import unicodedata
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.protocol.redaction.keys import RedactionKey
from airflow_provider_language.protocol.redaction.spelling import normalised
from tests.protocol.redaction.policies import KEY, OTHER_KEY

Form = Literal["NFC", "NFD", "NFKC", "NFKD"]
ANY_TEXT = st.text(st.characters(codec=None), max_size=30)


@given(ANY_TEXT)
def test_a_normal_form_is_its_own(surface: str) -> None:
    assert normalised(normalised(surface)) == normalised(surface)


@given(st.text(max_size=30), st.sampled_from(["NFC", "NFD", "NFKC", "NFKD"]))
def test_the_form_of_unicode_in_which_a_name_is_written_says_nothing(surface: str, form: Form) -> None:
    assert normalised(unicodedata.normalize(form, surface)) == normalised(surface)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Anna Smith", "  anna \n\t SMITH "),
        ("Zoë", "Zoe\N{COMBINING DIAERESIS}"),
        ("STRASSE", "Straße"),
        ("ΟΔΥΣΣΕΥΣ", "οδυσσευς"),
        ("\N{FULLWIDTH DIGIT ONE}\N{FULLWIDTH DIGIT TWO}", "12"),
        ("ﬁ", "FI"),
        ("Anna\N{NO-BREAK SPACE}Smith", "Anna Smith"),
    ],
)
def test_two_spellings_of_a_form_have_one_pseudonym(one: str, other: str) -> None:
    assert KEY.pseudonym("Person", one) == KEY.pseudonym("Person", other)


@pytest.mark.parametrize(
    ("one", "other"), [("Müller", "Mueller"), ("Zoë", "Zoe"), ("J. Doe", "J Doe"), ("a", "")]
)
def test_two_forms_have_two_pseudonyms(one: str, other: str) -> None:
    assert KEY.pseudonym("Person", one) != KEY.pseudonym("Person", other)


@given(ANY_TEXT)
def test_a_pseudonym_tells_its_category_and_nothing_of_the_form(surface: str) -> None:
    assert re.fullmatch(r"Person-[0-9a-f]{20}", KEY.pseudonym("Person", surface))


@given(ANY_TEXT)
def test_another_key_or_category_gives_another_pseudonym(surface: str) -> None:
    digits = {
        key.pseudonym(category, surface).partition("-")[2]
        for key in (KEY, OTHER_KEY)
        for category in ("Person", "Organization")
    }
    assert len(digits) == 4


def test_another_process_gives_the_same_pseudonym() -> None:
    surface = "Žofie Ünal 山田"
    program = (
        "import sys\n"
        "from airflow_provider_language.protocol.redaction.keys import RedactionKey\n"
        f"print(RedactionKey({KEY.secret!r}).pseudonym('Person', {surface!a}))"
    )
    said = [
        subprocess.run(
            [sys.executable, "-c", program],
            env={"PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert said == [KEY.pseudonym("Person", surface) + "\n"] * 2


def test_the_id_of_a_key_tells_keys_apart_and_nothing_of_them() -> None:
    assert KEY.id == RedactionKey(KEY.secret).id != OTHER_KEY.id
    assert re.fullmatch(r"[0-9a-f]{8}", KEY.id)
    assert KEY.secret.decode() not in repr(KEY)


def test_a_key_that_could_be_guessed_is_refused_without_being_told() -> None:
    with pytest.raises(InvalidInputError, match="openssl rand -hex 32") as caught:
        RedactionKey(b"guess me")
    assert "guess me" not in str(caught.value)
