"""The redacted copy by a policy of our own: pseudonyms that last, an audit of each finding, and no name."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest
from pyarrow import parquet

from airflow_provider_language._compat import AirflowFailException
from airflow_provider_language.emulator import Emulator
from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.operators.analyze import AnalyzeCorpusOperator
from airflow_provider_language.protocol.redaction.policies import policy_from
from airflow_provider_language.running.corpus import manifests
from airflow_provider_language.tasks import PiiEntityRecognition
from tests.airflow_stands import KEY, TaskInstance, context_of
from tests.corpus_runs import Hurried, analyze, manifest_in, paid
from tests.emulator.fakes import CountingEngine, fake_detect, fake_engines
from tests.protocol.redaction.policies import KEY as REDACTION_KEY
from tests.protocol.redaction.policies import OTHER_KEY

if TYPE_CHECKING:
    from tests.conftest import Connect

PII = "PiiEntityRecognition"
POLICY: dict[str, Any] = {
    "version": 1,
    "name": "tickets",
    "default": "mask",
    "categories": {"Person": "pseudonym", "PhoneNumber": {"way": "keep_last", "characters": 2}},
}
FOUND = re.compile(r"(?P<Person>(?i:anna|otto))|(?P<PhoneNumber>555-\d+)|(?P<Email>\S+@\S+)")
ANNA = REDACTION_KEY.pseudonym("Person", "Anna")
OTTO = REDACTION_KEY.pseudonym("Person", "Otto")


class Finding(CountingEngine):
    """Finds names, numbers and addresses of mail by a pattern."""

    def __call__(self, text: str, language: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
        super().__call__(text, language, parameters)
        entities = [
            {
                "text": one[0],
                "category": one.lastgroup,
                "offset": one.start(),
                "length": len(one[0]),
                "confidenceScore": 0.9,
            }
            for one in FOUND.finditer(text)
        ]
        return {"redactedText": FOUND.sub(lambda one: "*" * len(one[0]), text), "entities": entities}


@pytest.fixture
def service(connect: Connect, monkeypatch: pytest.MonkeyPatch) -> Iterator[Emulator]:
    """An emulator that finds, and a key of pseudonyms."""
    use(monkeypatch, REDACTION_KEY.secret)
    engines = {**fake_engines(), PII: Finding({})}
    with Emulator(key=KEY, duration=0, engines=engines, detect_language=fake_detect) as running:
        connect(running.endpoint)
        yield running


def use(monkeypatch: pytest.MonkeyPatch, secret: bytes) -> None:
    monkeypatch.setenv("AIRFLOW__AZURE_LANGUAGE__REDACTION_KEY", secret.decode())


def copied(folder: Path, ti: TaskInstance | None = None, **options: Any) -> dict[str, Any]:
    said = {"tasks": [PII], "redacted_copy": True, "redaction_policy": POLICY, **options}
    return analyze(folder, ti, **said)


def copies(folder: Path) -> dict[str, str]:
    """The files of the copy, by name."""
    files = (folder / "out" / "redacted").glob("*/*")
    return {file.name: file.read_bytes().decode() for file in files if file.suffix != ".parquet"}


def source(folder: Path, *texts: str) -> str:
    file = folder / "in.jsonl"
    file.write_text("".join(json.dumps({"id": str(n), "text": text}) + "\n" for n, text in enumerate(texts)))
    return str(file)


def texts_of(folder: Path) -> list[str | None]:
    return [json.loads(line)["text"] for line in copies(folder)["in.jsonl"].splitlines()]


def audit(folder: Path) -> list[dict[str, Any]]:
    [file] = (folder / "out" / "redactions").glob("*/*.parquet")
    records: list[dict[str, Any]] = parquet.read_table(file).to_pylist()
    return records


@pytest.mark.parametrize("redacted_only", [False, True])
def test_texts_are_redacted_by_the_policy_and_all_else_stays(
    service: Emulator, tmp_path: Path, redacted_only: bool
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.csv").write_bytes(b'id;text;note\r\n007;"Anna; 555-0142";x\r\n008;ANNA otto!;y\r\n')
    (folder / "b.txt").write_text("Dear otto, mail me@here.example.")
    table = pa.table({"n": pa.array([1], pa.int32()), "text": ["Anna"]})
    parquet.write_table(table, folder / "c.parquet")

    told = copied(tmp_path, source=str(folder), delimiter=";", redacted_only=redacted_only)

    assert copies(tmp_path) == {
        "a.csv": f'id;text;note\r\n007;"{ANNA}; ******42";x\r\n008;{ANNA} {OTTO}!;y\r\n',
        "b.txt": f"Dear {OTTO}, mail {'*' * 16}",
    }
    [file] = (tmp_path / "out" / "redacted").glob("*/c.parquet")
    assert parquet.read_table(file).to_pylist() == [{"n": 1, "text": ANNA}]
    assert {name: value for name, value in told["redacted_copy"].items() if name != "path"} == {
        "files": 3,
        "rows": 4,
        "without_text": 0,
        "unfit": 0,
        "redactions": 7,
        "policy_sha256": policy_from(POLICY).digest,
        "key_id": REDACTION_KEY.id,
    }
    assert manifest_in(tmp_path)["redacted_copy"]["policy"] == policy_from(POLICY).told()
    written = b"".join(one.read_bytes() for one in (tmp_path / "out").rglob("*") if one.is_file())
    assert REDACTION_KEY.secret not in written
    if redacted_only:
        assert re.search(rb"(?i)\banna|\botto\b|555-0|me@here", written) is None


def test_the_audit_has_each_finding_and_by_what_it_was_redacted(service: Emulator, tmp_path: Path) -> None:
    told = copied(tmp_path, source=source(tmp_path, "Anna, 555-0142", "nobody"))
    run = Path(told["path"]).name
    by = {
        "document_id": "0",
        "task": PII,
        "item_id": None,
        "model_version": audit(tmp_path)[0]["model_version"],
        "policy": policy_from(POLICY).digest,
        "key_id": REDACTION_KEY.id,
        "run": run,
        "confidence_score": 0.9,
        "found_by": "service",
    }
    assert audit(tmp_path) == [
        by
        | {
            "entity": 0,
            "category": "Person",
            "offset": 0,
            "length": 4,
            "way": "pseudonym",
            "redacted_offset": 0,
            "redacted_length": 27,
        },
        by
        | {
            "entity": 1,
            "category": "PhoneNumber",
            "offset": 6,
            "length": 8,
            "way": "keep_last",
            "redacted_offset": 29,
            "redacted_length": 8,
        },
    ]


def test_two_runs_and_two_columns_of_names_can_be_joined(service: Emulator, tmp_path: Path) -> None:
    for name, column in (("one", "text"), ("two", "body")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "in.csv").write_text(f"id,{column}\n1, aNNa\n")
        copied(tmp_path / name, source=str(tmp_path / name / "in.csv"), text_column=column)
    found = {copies(tmp_path / name)["in.csv"].splitlines()[1] for name in ("one", "two")}
    assert found == {f"1, {ANNA}"}


def test_two_columns_of_a_row_are_redacted_one_after_the_other(service: Emulator, tmp_path: Path) -> None:
    """The copy of the first is the source of the second, and names in both can be joined."""
    (tmp_path / "in.csv").write_text('id,text,n,note\n1,"Anna, 555-0142",5,for ANNA\n')
    first = copied(tmp_path, source=str(tmp_path / "in.csv"))["redacted_copy"]["path"]
    second = copied(tmp_path, TaskInstance(run_id="notes"), source=first, text_column="note")
    assert (Path(second["redacted_copy"]["path"]) / "in.csv").read_text() == (
        f'id,text,n,note\n1,"{ANNA}, ******42",5,for {ANNA}\n'
    )


def test_a_policy_of_a_file_is_read_where_the_task_runs(service: Emulator, tmp_path: Path) -> None:
    (tmp_path / "policy.yaml").write_text("version: 1\ndefault: category\n")
    copied(tmp_path, source=source(tmp_path, "Anna"), redaction_policy=str(tmp_path / "policy.yaml"))
    assert texts_of(tmp_path) == ["[Person]"]
    assert manifest_in(tmp_path)["redacted_copy"]["key_id"] is None


def test_a_clear_with_another_policy_or_key_redacts_again_and_pays_nothing(
    service: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    where = source(tmp_path, "Anna, 555-0142")
    copied(tmp_path, source=where)
    jobs = paid(service)

    use(monkeypatch, OTHER_KEY.secret)
    copied(tmp_path, TaskInstance(try_number=2), source=where)
    assert texts_of(tmp_path) == [f"{OTHER_KEY.pseudonym('Person', 'anna')}, ******42"]
    assert {record["key_id"] for record in audit(tmp_path)} == {OTHER_KEY.id}

    other = {"version": 1, "default": "remove"}
    copied(tmp_path, TaskInstance(try_number=3), source=where, redaction_policy=other)
    assert texts_of(tmp_path) == [", "]
    assert {record["way"] for record in audit(tmp_path)} == {"remove"}
    assert paid(service) == jobs


def test_offsets_in_other_units_are_counted_anew(service: Emulator, tmp_path: Path) -> None:
    copied(
        tmp_path,
        source=source(tmp_path, "👩👩 Anna 👩"),
        tasks=[PiiEntityRecognition(string_index_type="Utf16CodeUnit")],
    )
    assert texts_of(tmp_path) == [f"👩👩 {ANNA} 👩"]
    assert [record["offset"] for record in audit(tmp_path)] == [3]


@pytest.mark.parametrize("redacted_only", [False, True])
def test_another_text_than_was_analyzed_is_in_no_copy(
    service: Emulator, tmp_path: Path, caplog: pytest.LogCaptureFixture, redacted_only: bool
) -> None:
    """As its id and its length are the same, nothing else tells."""
    where = source(tmp_path, "Anna met Otto", "Anna")
    copied(tmp_path, source=where, redacted_only=redacted_only)
    source(tmp_path, "Otto saw Anna", "Anna")
    caplog.set_level(logging.WARNING)

    told = copied(tmp_path, TaskInstance(try_number=2), source=where, redacted_only=redacted_only)

    assert texts_of(tmp_path) == [None, ANNA]
    assert (told["redacted_copy"]["unfit"], told["redacted_copy"]["without_text"]) == (1, 1)
    assert "1 documents have no text in the copy" in caplog.text


def test_a_document_without_a_result_has_no_text(service: Emulator, tmp_path: Path) -> None:
    told = copied(tmp_path, source=source(tmp_path, "", "Anna"), max_failed_documents=1.0)
    assert texts_of(tmp_path) == [None, ANNA]
    assert (told["redacted_copy"]["unfit"], told["redacted_copy"]["without_text"]) == (0, 1)


def test_a_document_that_was_cut_is_redacted_as_a_whole(service: Emulator, tmp_path: Path) -> None:
    text = f"{'It was said. ' * 20}Anna said so, 555-0142. " * 500
    told = copied(tmp_path, source=source(tmp_path, text), split_documents=True)
    assert texts_of(tmp_path) == [text.replace("Anna", ANNA).replace("555-0142", "******42")]
    assert told["redacted_copy"]["redactions"] == 1_000


def test_without_tables_the_audit_is_written_all_the_same(service: Emulator, tmp_path: Path) -> None:
    copied(tmp_path, source=source(tmp_path, "Anna"), tables_format=None)
    [file] = (tmp_path / "out" / "redactions").glob("*/part-00000.jsonl")
    assert json.loads(file.read_text())["way"] == "pseudonym"
    assert "CREATE OR REPLACE VIEW redactions" in (tmp_path / "out" / "tables.sql").read_text()


def test_a_kill_amid_the_copy_leaves_no_audit_and_the_next_try_writes_both(
    service: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    where = source(tmp_path, "Anna", "Otto")
    with monkeypatch.context() as patched:
        patched.setattr("airflow_provider_language.running.corpus.redaction.redact", _killed)
        with pytest.raises(KeyboardInterrupt):
            copied(tmp_path, source=where)
    assert not [*(tmp_path / "out").glob("redacted/*/*"), *(tmp_path / "out").glob("redactions/*/*")]

    copied(tmp_path, TaskInstance(try_number=2), source=where)
    assert texts_of(tmp_path) == [ANNA, OTTO]
    assert len(audit(tmp_path)) == 2


def _killed(*_: Any) -> None:
    raise KeyboardInterrupt


def test_a_policy_that_needs_a_key_is_refused_before_anything_is_sent(
    service: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AIRFLOW__AZURE_LANGUAGE__REDACTION_KEY")
    with pytest.raises(AirflowFailException, match="openssl rand -hex 32"):
        copied(tmp_path, source=source(tmp_path, "Anna"))
    assert paid(service) == 0


@pytest.mark.parametrize("rendered", [None, "", "None", {}])
def test_a_policy_that_is_rendered_to_nothing_is_not_taken_for_none(
    service: Emulator, tmp_path: Path, rendered: Any
) -> None:
    said: dict[str, Any] = {"tasks": [PII], "source": source(tmp_path, "Anna")}
    said |= {"destination": str(tmp_path / "out"), "redaction_policy": "{{ params.policy }}"}
    operator = Hurried(task_id="task", redacted_copy=True, **said)
    operator.redaction_policy = rendered  # as a native template does it
    with pytest.raises(AirflowFailException, match="policy"):
        operator.execute(context_of())
    assert paid(service) == 0


def test_offsets_that_nobody_can_place_are_refused_before_anything_is_sent(
    service: Emulator, tmp_path: Path
) -> None:
    tasks = [PiiEntityRecognition(string_index_type="TextElements_v8")]
    with pytest.raises(AirflowFailException, match="Leave string_index_type out"):
        copied(tmp_path, source=source(tmp_path, "Anna"), tasks=tasks)
    assert paid(service) == 0


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"redacted_copy": False}, "say redacted_copy=True"),
        ({"redaction_policy": {"version": 1, "default": "maks"}}, "did you mean mask"),
        ({"redaction_policy": "mask"}, "redaction_policy is a text"),
    ],
)
def test_what_is_no_policy_is_refused_when_the_dag_is_parsed(options: dict[str, Any], told: str) -> None:
    said = {"redacted_copy": True, "redaction_policy": POLICY, **options}
    with pytest.raises(InvalidInputError, match=told):
        AnalyzeCorpusOperator(task_id="t", source="/s", destination="/d", tasks=[PII], **said)


def test_the_short_form_of_a_manifest_is_short_whatever_the_policy(service: Emulator, tmp_path: Path) -> None:
    copied(tmp_path, source=source(tmp_path, "Anna"))
    assert "policy" not in manifests.short_form(manifest_in(tmp_path))["redacted_copy"]
