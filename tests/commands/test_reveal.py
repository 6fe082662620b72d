"""Whom a pseudonym stands for is told to who has the key, where the policy says so, and else to nobody."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.fernet import Fernet

from airflow_provider_language.__main__ import main
from airflow_provider_language._compat import AirflowFailException
from airflow_provider_language.protocol.redaction.redacting import redact
from airflow_provider_language.protocol.redaction.spans import Span
from airflow_provider_language.running.corpus.surfaces import Surfaces
from tests.airflow_stands import TaskInstance
from tests.corpus_runs import paid
from tests.operators.test_corpus_policies import ANNA, POLICY, copied, service, source, texts_of
from tests.protocol.redaction.policies import KEY, OTHER_KEY, policy

if TYPE_CHECKING:
    from airflow_provider_language.emulator import Emulator
    from airflow_provider_language.protocol.tables.records import Record

__all__ = ["service"]

REVERSIBLE = {**POLICY, "reversible": True}
FERNET = Fernet.generate_key().decode()


@pytest.fixture(autouse=True)
def _reveal_key(monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, FERNET)


def use(monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    monkeypatch.setenv("AIRFLOW__AZURE_LANGUAGE__REVEAL_KEY", key)


def noted(folder: Path) -> list[dict[str, Any]]:
    files = (folder / "out").glob("pseudonyms/*/*.jsonl")
    return [json.loads(line) for file in files for line in file.read_text().splitlines()]


def reveal(folder: Path, pseudonym: str) -> int:
    return main(["reveal", str(folder / "out"), pseudonym])


def test_a_pseudonym_of_a_reversible_policy_is_revealed_with_the_key(
    service: Emulator, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copied(tmp_path, source=source(tmp_path, "anna", "Anna otto 555-0142"), redaction_policy=REVERSIBLE)

    assert [(one["pseudonym"], one["key_id"]) for one in noted(tmp_path)] == [
        (ANNA, KEY.id),
        (KEY.pseudonym("Person", "otto"), KEY.id),
    ]
    assert not any(name in json.dumps(noted(tmp_path)) for name in ("anna", "otto"))
    capsys.readouterr()
    assert reveal(tmp_path, ANNA) == 0
    assert capsys.readouterr().out == "anna\n"
    assert main(["reveal", str(tmp_path / "out"), ANNA, "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"pseudonym": ANNA, "surface": "anna"}


def test_nothing_that_can_be_reversed_is_written_unless_the_policy_says_so(
    service: Emulator, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copied(tmp_path, source=source(tmp_path, "Anna"))
    assert not (tmp_path / "out" / "pseudonyms").exists()
    assert reveal(tmp_path, ANNA) == 1
    assert "is in no table of pseudonyms" in capsys.readouterr().err


def test_another_policy_takes_away_what_a_reversible_one_has_noted(service: Emulator, tmp_path: Path) -> None:
    where = source(tmp_path, "Anna")
    copied(tmp_path, source=where, redaction_policy=REVERSIBLE)
    copied(tmp_path, TaskInstance(try_number=2), source=where)
    assert not noted(tmp_path)
    assert texts_of(tmp_path) == [ANNA]


def test_another_key_reveals_nothing(
    service: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    copied(tmp_path, source=source(tmp_path, "Anna"), redaction_policy=REVERSIBLE)
    use(monkeypatch, Fernet.generate_key().decode())
    capsys.readouterr()
    assert reveal(tmp_path, ANNA) == 1
    told = capsys.readouterr()
    assert "another key" in told.err
    assert "Anna" not in told.out + told.err


@pytest.mark.parametrize(("key", "told"), [("", "needs a key of its own"), ("guess me", "is no Fernet key")])
def test_a_reversible_policy_without_a_key_is_refused_before_anything_is_sent(
    service: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, key: str, told: str
) -> None:
    use(monkeypatch, key)
    with pytest.raises(AirflowFailException, match=told) as caught:
        copied(tmp_path, source=source(tmp_path, "Anna"), redaction_policy=REVERSIBLE)
    assert "guess me" not in str(caught.value)
    assert paid(service) == 0


def test_what_is_remembered_is_bounded_and_a_span_that_did_not_decide_is_not_noted() -> None:
    records: list[Record] = []
    surfaces = Surfaces(KEY, Fernet(FERNET), records.append, remembered=1)
    by = policy("pseudonym", Email="mask")
    for text in ("Anna", "Otto", "Otto", "Anna"):
        surfaces.take(text, redact(text, [Span(0, 4, "Person"), Span(1, 2, "Person")], by, KEY))
    surfaces.take("a@b.de", redact("a@b.de", [Span(0, 6, "Email")], by, KEY))

    names = ("Anna", "Otto", "Anna")
    assert [record[0] for record in records] == [KEY.pseudonym("Person", name) for name in names]


def test_the_pseudonyms_of_names_are_told_by_the_key_alone(
    service: Emulator, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("ANNA\n"))
    assert main(["pseudonym"]) == 0
    assert capsys.readouterr().out == f"{ANNA}\n"
    monkeypatch.setattr("sys.stdin", io.StringIO("ANNA\nanna\n"))
    monkeypatch.setenv("AZURE_LANGUAGE_REDACTION_KEY", OTHER_KEY.secret.decode())
    assert main(["pseudonym", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == [OTHER_KEY.pseudonym("Person", "Anna")] * 2
    assert main(["pseudonym", "--category", "Persn"]) == 1
    assert "did you mean Person" in capsys.readouterr().err
