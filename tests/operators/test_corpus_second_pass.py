"""What was found in one document is looked for in all, and suggested or redacted where it stands."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest
from pyarrow import parquet

from airflow_provider_language.__main__ import main
from airflow_provider_language._compat import AirflowFailException
from airflow_provider_language.emulator import Emulator
from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.operators.analyze import AnalyzeCorpusOperator, EvaluateFindingsOperator
from airflow_provider_language.protocol.redaction import forms
from airflow_provider_language.running.corpus import manifests, row_texts
from airflow_provider_language.tasks import PiiEntityRecognition
from tests.airflow_stands import KEY, TaskInstance, context_of
from tests.corpus_runs import Hurried, manifest_in, paid
from tests.emulator.fakes import fake_detect, fake_engines
from tests.operators.test_corpus_canaries import written
from tests.operators.test_corpus_policies import (
    ANNA,
    PII,
    POLICY,
    Finding,
    audit,
    copied,
    copies,
    source,
    texts_of,
    use,
)
from tests.protocol.redaction.policies import KEY as REDACTION_KEY

if TYPE_CHECKING:
    from tests.conftest import Connect

SEEN, MISSED = "Dear Anna, call 555-0142.", "(anna) said: ANNA, not Annabel."
AT = [1, 13]
"""Where she stands in the latter."""
TOLD = {"mode": "suggest", "shortest": 4, "confidence": 0.8, "misses_per_finding": 10}


class Overlooking(Finding):
    """Finds nothing in texts that begin with a bracket."""

    def __call__(self, text: str, language: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
        if text.startswith("("):
            return {"redactedText": text, "entities": []}
        return super().__call__(text, language, parameters)


@pytest.fixture
def service(connect: Connect, monkeypatch: pytest.MonkeyPatch) -> Iterator[Emulator]:
    """An emulator that overlooks some names, and a key of pseudonyms."""
    use(monkeypatch, REDACTION_KEY.secret)
    engines = {**fake_engines(), PII: Overlooking({})}
    with Emulator(key=KEY, duration=0, engines=engines, detect_language=fake_detect) as running:
        connect(running.endpoint)
        yield running


def told_of(folder: Path) -> dict[str, Any]:
    told: dict[str, Any] = manifest_in(folder)["redacted_copy"]
    return told


def again(folder: Path) -> list[dict[str, Any]]:
    """What the second pass has found."""
    return [record for record in audit(folder) if record["found_by"] == "second_pass"]


def files_of(folder: Path) -> dict[str, bytes]:
    names = ("redacted", "redactions")
    return {
        str(file.relative_to(folder)): file.read_bytes()
        for name in names
        for file in (folder / "out" / name).rglob("*")
        if file.is_file()
    }


@pytest.mark.parametrize("redacted_only", [False, True])
def test_a_name_that_was_missed_is_suggested_and_stays_in_the_copy(
    service: Emulator, tmp_path: Path, redacted_only: bool
) -> None:
    where = source(tmp_path, MISSED, SEEN)
    copied(tmp_path, source=where, redacted_only=redacted_only)
    before = copies(tmp_path)

    told = copied(
        tmp_path,
        TaskInstance(try_number=2),
        source=where,
        redacted_only=redacted_only,
        second_pass="suggest",
    )

    assert copies(tmp_path) == before
    found = [(one["document_id"], one["offset"], one["length"], one["category"]) for one in again(tmp_path)]
    assert found == [("0", at, 4, "Person") for at in AT]
    for one in again(tmp_path):
        assert (one["way"], one["confidence_score"]) == ("leave", None)
        assert (one["redacted_offset"], one["redacted_length"]) == (one["offset"], one["length"])
    assert told["redacted_copy"]["redactions"] == 2
    assert told["redacted_copy"]["second_pass"] == {
        **TOLD,
        "forms": 1,
        "ordinary": 0,
        "left_out": 0,
        "found": 2,
        "documents": 1,
    }
    assert paid(service) == 1


def test_a_name_that_was_missed_is_redacted_where_that_is_asked_with_the_same_pseudonym(
    service: Emulator, tmp_path: Path
) -> None:
    told = copied(tmp_path, source=source(tmp_path, MISSED, SEEN), second_pass="apply")

    assert texts_of(tmp_path) == [f"({ANNA}) said: {ANNA}, not Annabel.", f"Dear {ANNA}, call ******42."]
    text = str(texts_of(tmp_path)[0])
    for one in again(tmp_path):
        assert one["way"] == "pseudonym"
        assert text[one["redacted_offset"] :][: one["redacted_length"]] == ANNA
    assert [one["offset"] for one in again(tmp_path)] == AT
    assert told["redacted_copy"]["redactions"] == 2
    assert (told["redacted_copy"]["second_pass"]["mode"], told["redacted_copy"]["second_pass"]["found"]) == (
        "apply",
        2,
    )


def test_nothing_is_looked_for_unasked(service: Emulator, tmp_path: Path) -> None:
    section = {**POLICY, "second_pass": {"shortest": 2}}
    told = copied(tmp_path, source=source(tmp_path, MISSED, SEEN), redaction_policy=section)
    assert texts_of(tmp_path) == [MISSED, f"Dear {ANNA}, call ******42."]
    assert "second_pass" not in told["redacted_copy"]
    assert {record["found_by"] for record in audit(tmp_path)} == {"service"}


def test_each_format_and_each_column_is_looked_through(service: Emulator, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.csv").write_text(f'subject,note\n"{SEEN}",(anna)\n')
    (folder / "b.jsonl").write_text('{"subject": "(Anna", "note": null}\n')
    parquet.write_table(pa.table({"subject": ["(ANNA"], "note": ["(x"]}), folder / "c.parquet")

    copied(tmp_path, source=str(folder), text_columns=["subject", "note"], second_pass="apply")

    assert copies(tmp_path)["a.csv"].endswith(f'******42.",({ANNA})\n')
    assert copies(tmp_path)["b.jsonl"] == f'{{"subject": "({ANNA}", "note": null}}\n'
    [file] = (tmp_path / "out" / "redacted").glob("*/c.parquet")
    assert parquet.read_table(file).to_pylist() == [{"subject": f"({ANNA}", "note": "(x"}]
    assert [one["document_id"] for one in again(tmp_path)] == [
        "a.csv#0#note",
        "b.jsonl#0#subject",
        "c.parquet#0#subject",
    ]


def test_offsets_in_other_units_are_counted_anew(service: Emulator, tmp_path: Path) -> None:
    tasks = [PiiEntityRecognition(string_index_type="Utf16CodeUnit")]
    copied(tmp_path, source=source(tmp_path, "(👩👩 Anna", "👩 Anna"), tasks=tasks, second_pass="apply")
    assert texts_of(tmp_path) == [f"(👩👩 {ANNA}", f"👩 {ANNA}"]
    assert [one["offset"] for one in again(tmp_path)] == [4]


def test_a_document_that_was_cut_is_looked_through_as_a_whole(service: Emulator, tmp_path: Path) -> None:
    text = "(" + f"{'It was said. ' * 20}Anna said so. " * 500
    copied(tmp_path, source=source(tmp_path, SEEN, text), second_pass="apply")
    assert texts_of(tmp_path)[1] == text.replace("Anna", ANNA)


def test_a_word_that_stands_in_many_documents_is_not_looked_for(service: Emulator, tmp_path: Path) -> None:
    section = {**POLICY, "second_pass": {"misses_per_finding": 2}}
    texts = [SEEN, "Otto", *["(anna"] * 3, *["(otto"] * 2]
    told = copied(tmp_path, source=source(tmp_path, *texts), redaction_policy=section, second_pass="suggest")[
        "redacted_copy"
    ]["second_pass"]
    assert (told["forms"], told["ordinary"], told["found"], told["documents"]) == (1, 1, 2, 2)
    assert [one["document_id"] for one in again(tmp_path)] == ["5", "6"]


def test_more_forms_than_fit_in_memory_are_told(
    service: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(forms.FoundForms.__init__, "__defaults__", (1,))
    copied(tmp_path, source=source(tmp_path, SEEN, "Otto", "(otto", "(anna"), second_pass="suggest")
    assert [one["document_id"] for one in again(tmp_path)] == ["3"]
    assert told_of(tmp_path)["second_pass"]["left_out"] == 1
    assert "1 findings are not looked for" in caplog.text


def test_documents_without_a_text_in_the_copy_are_neither_looked_through_nor_learned_from(
    service: Emulator, tmp_path: Path
) -> None:
    where = source(tmp_path, "Otto met Anna", "", "(otto", "(anna", "Anna")
    said: dict[str, Any] = {"source": where, "max_failed_documents": 1.0}
    copied(tmp_path, **said)
    source(tmp_path, "Anna met Otto", "", "(otto", "(anna", "Anna")  # the first is another text by now

    told = copied(tmp_path, TaskInstance(try_number=2), second_pass="apply", **said)

    assert texts_of(tmp_path) == [None, None, "(otto", f"({ANNA}", ANNA]
    assert (told["redacted_copy"]["unfit"], told["redacted_copy"]["without_text"]) == (1, 2)


def test_a_corpus_with_a_limit_is_looked_through_up_to_it(service: Emulator, tmp_path: Path) -> None:
    copied(tmp_path, source=source(tmp_path, SEEN, "(anna", "(anna"), limit=2, second_pass="suggest")
    assert [one["document_id"] for one in again(tmp_path)] == ["1"]


def test_a_source_that_changes_between_two_readings_has_no_copy(
    service: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    where = source(tmp_path, SEEN, MISSED)
    search = forms.MissedForms.search

    def changed(self: forms.MissedForms) -> forms.FormSearch:
        source(tmp_path, SEEN)
        return search(self)

    monkeypatch.setattr(forms.MissedForms, "search", changed)
    with pytest.raises(AirflowFailException, match="has fewer documents"):
        copied(tmp_path, source=where, second_pass="suggest")
    assert files_of(tmp_path) == {}


@pytest.mark.parametrize("at", range(1, 7))
def test_a_kill_at_any_document_of_any_reading_leaves_the_same_to_the_next_try(
    service: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    """Two documents are read three times."""
    for name in ("whole", "killed"):
        (tmp_path / name).mkdir()
    where = source(tmp_path, MISSED, SEEN)
    ti = TaskInstance(try_number=1)
    said: dict[str, Any] = {"source": where, "second_pass": "apply"}
    copied(tmp_path / "whole", ti, **said)
    seen = []
    of = row_texts.RowTexts.of

    def killed(self: row_texts.RowTexts, item: Any) -> Any:
        seen.append(item)
        if len(seen) == at:
            raise KeyboardInterrupt
        return of(self, item)

    with monkeypatch.context() as patched:
        patched.setattr(row_texts.RowTexts, "of", killed)
        with pytest.raises(KeyboardInterrupt):
            copied(tmp_path / "killed", ti, **said)
    assert files_of(tmp_path / "killed") == {}

    copied(tmp_path / "killed", TaskInstance(try_number=2), **said)
    assert files_of(tmp_path / "killed") == files_of(tmp_path / "whole") != {}


def test_a_killed_task_looks_for_nothing_more(
    service: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    where = source(tmp_path, MISSED, SEEN)
    copied(tmp_path, source=where)
    operator = Hurried(
        task_id="task",
        source=where,
        destination=str(tmp_path / "out"),
        tasks=[PII],
        redacted_copy=True,
        redaction_policy=POLICY,
        second_pass="apply",
    )
    take = forms.FoundForms.take
    taken: list[str] = []

    def killed(self: forms.FoundForms, text: str, spans: Any) -> None:
        taken.append(text)
        operator.on_kill()
        take(self, text, spans)

    monkeypatch.setattr(forms.FoundForms, "take", killed)
    with pytest.raises(InterruptedError):
        operator.execute(context_of(TaskInstance(try_number=2)))
    assert taken == [MISSED]


def test_a_clear_that_asks_for_another_second_pass_pays_nothing(service: Emulator, tmp_path: Path) -> None:
    where = source(tmp_path, MISSED, SEEN)
    for number, asked in enumerate(("apply", "suggest", None), start=1):
        copied(tmp_path, TaskInstance(try_number=number), source=where, second_pass=asked)
        assert (ANNA in str(texts_of(tmp_path)[0])) is (asked == "apply")
        assert len(again(tmp_path)) == (2 if asked else 0)
    assert paid(service) == 1


def test_what_is_looked_for_is_nowhere_but_where_the_source_had_it(
    service: Emulator, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    ti = TaskInstance()
    texts = [SEEN.replace("Anna", name) for name in ("Anna", "Otto")]
    texts += [f"({name} {number}" for number in range(20) for name in ("anna", "otto")]
    section = {**POLICY, "second_pass": {"misses_per_finding": 100}}
    said: dict[str, Any] = {"redacted_only": True, "redaction_policy": section, "tables_format": "jsonl"}

    told = copied(tmp_path, ti, source=source(tmp_path, *texts), second_pass="suggest", **said)

    places = dict(written(tmp_path / "out"))
    quoting = {place for place, content in places.items() if "anna" in content.lower()}
    # What the service has not found is in the texts that it has redacted, and in ours.
    assert {Path(place).relative_to(tmp_path / "out").parts[0] for place in quoting} == {
        "redacted",
        "redacted_texts",
        "results",
    }
    for place in quoting:
        assert "Anna" not in places[place]
    assert all("report" not in place and "manifest" not in place for place in quoting)
    assert "anna" not in (caplog.text + json.dumps([told, ti.xcoms], default=str)).lower()

    copied(tmp_path, TaskInstance(try_number=2), source=source(tmp_path, *texts), second_pass="apply", **said)
    assert "anna" not in copies(tmp_path)["in.jsonl"].lower()


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"second_pass": "propose"}, "second_pass is 'propose' instead of suggest or apply"),
        ({"second_pass": True}, "second_pass is True"),
        ({"redaction_policy": None}, "say redaction_policy, too"),
    ],
)
def test_what_is_no_second_pass_is_refused_when_the_dag_is_parsed(options: dict[str, Any], told: str) -> None:
    said = {"redacted_copy": True, "redaction_policy": POLICY, "second_pass": "suggest", **options}
    with pytest.raises(InvalidInputError, match=told):
        AnalyzeCorpusOperator(task_id="t", source="/s", destination="/d", tasks=[PII], **said)


def test_a_policy_with_nothing_to_look_for_is_refused_before_anything_is_sent(
    service: Emulator, tmp_path: Path
) -> None:
    masks = {"version": 1, "default": "mask"}
    with pytest.raises(AirflowFailException, match="name what else is to be looked for"):
        copied(tmp_path, source=source(tmp_path, SEEN), redaction_policy=masks, second_pass="suggest")
    assert paid(service) == 0
    masks["second_pass"] = {"categories": ["Person"]}
    copied(tmp_path, source=source(tmp_path, SEEN, MISSED), redaction_policy=masks, second_pass="apply")
    assert texts_of(tmp_path)[1] == "(****) said: ****, not Annabel."


def test_the_short_form_of_a_manifest_tells_of_the_second_pass_and_stays_short(
    service: Emulator, tmp_path: Path
) -> None:
    copied(tmp_path, source=source(tmp_path, SEEN, MISSED), second_pass="suggest")
    short = manifests.short_form(manifest_in(tmp_path))
    assert short["redacted_copy"]["second_pass"]["found"] == 2
    assert len(json.dumps(short)) < 2_000


@pytest.mark.parametrize("tables_format", ["parquet", "jsonl"])
def test_an_evaluation_counts_what_was_found_again_where_that_is_asked(
    service: Emulator, tmp_path: Path, tables_format: str, capsys: pytest.CaptureFixture[str]
) -> None:
    places = {SEEN: [(5, 4)], MISSED: [(at, 4) for at in AT], "no sample": []}
    lines = [
        {
            "id": str(number),
            "text": text,
            "entities": [
                {"category": "Person", "offset": offset, "length": length} for offset, length in places[text]
            ],
        }
        for number, text in enumerate(places)
    ]
    where = source(tmp_path, *places, "(anna, who is in no sample")
    results = copied(tmp_path, source=where, second_pass="suggest", tables_format=tables_format)["path"]
    sample = tmp_path / "sample.jsonl"
    sample.write_text("".join(json.dumps(line) + "\n" for line in lines))
    said: dict[str, Any] = {"task_id": "evaluate", "results": results, "sample": str(sample)}

    without = EvaluateFindingsOperator(**said).execute(context_of())
    told = EvaluateFindingsOperator(second_pass=True, **said).execute(context_of())

    assert (without["recall"]["Person"], without["misses"]) == (0.3333, 2)
    assert (told["recall"]["Person"], told["precision"]["Person"], told["misses"]) == (1.0, 1.0, 0)
    demanded = ["evaluate", results, "--sample", str(sample), "--minimum-recall", "Person=1"]
    assert main(demanded) == 1
    assert main([*demanded, "--second-pass"]) == 0
    assert "anna" not in capsys.readouterr().out.lower()


def test_an_evaluation_of_a_second_pass_that_there_was_not_is_refused(
    service: Emulator, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    where = source(tmp_path, SEEN)
    sample = tmp_path / "sample.jsonl"
    sample.write_text(json.dumps({"id": "0", "text": SEEN, "entities": []}) + "\n")
    results = [copied(tmp_path, source=where)["path"]]
    results += [f"{results[0][:-4]}0000", str(tmp_path / "rows.jsonl")]
    for path, told in zip(results, ("looked for nothing", "looked for nothing", "not the name"), strict=True):
        assert main(["evaluate", path, "--sample", str(sample), "--second-pass"]) == 1
        assert told in capsys.readouterr().err


def test_a_document_that_is_forgotten_has_no_suggestion_left(service: Emulator, tmp_path: Path) -> None:
    copied(tmp_path, source=source(tmp_path, MISSED, SEEN, "(anna"), second_pass="suggest")
    assert main(["forget", str(tmp_path / "out"), "0"]) == 0
    assert [(one["document_id"], one["found_by"]) for one in audit(tmp_path)] == [
        ("1", "service"),
        ("1", "service"),
        ("2", "second_pass"),
    ]
    assert copies(tmp_path) == {}
