"""The redacted copy of a source: all of it but the texts, and no text that was not redacted."""

from __future__ import annotations

import gzip
import json
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
from airflow_provider_language.protocol.corpus import items
from airflow_provider_language.running.corpus import redacting, row_texts
from airflow_provider_language.storage.copies import copying
from airflow_provider_language.tasks import NoMask, PiiEntityRecognition
from tests.airflow_stands import KEY, TaskInstance
from tests.corpus_runs import analyze, manifest_in, paid, write
from tests.emulator.fakes import CountingEngine, fake_detect, fake_engines

if TYPE_CHECKING:
    from tests.conftest import Connect

SECRET = "Anna"
PII = "PiiEntityRecognition"


class Redacting(CountingEngine):
    """Redacts a name, and finds nothing."""

    def __call__(self, text: str, language: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
        super().__call__(text, language, parameters)
        return {"redactedText": text.replace(SECRET, "****"), "entities": []}


@pytest.fixture
def service(connect: Connect) -> Iterator[Emulator]:
    """An emulator that redacts."""
    engines = {**fake_engines(), PII: Redacting({})}
    with Emulator(key=KEY, duration=0, engines=engines, detect_language=fake_detect) as running:
        connect(running.endpoint)
        yield running


@pytest.fixture
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Segments of ten documents."""
    bounds = items.segments.__kwdefaults__ or {}
    monkeypatch.setattr(items.segments, "__kwdefaults__", {**bounds, "most": 10})


def copy_of(folder: Path, ti: TaskInstance | None = None, **options: Any) -> dict[str, Any]:
    said = {"tasks": [PII], "redacted_copy": True, "max_failed_documents": 1.0, **options}
    return analyze(folder, ti, **said)


def copies(folder: Path) -> dict[str, bytes]:
    """The files of the only copy there, by their paths in it."""
    [copy] = (folder / "out" / "redacted").iterdir()
    return {str(file.relative_to(copy)): file.read_bytes() for file in copy.rglob("*") if file.is_file()}


def test_each_file_of_a_folder_is_copied_under_its_name_with_redacted_texts(
    service: Emulator, tmp_path: Path
) -> None:
    source = tmp_path / "in"
    (source / "deep er").mkdir(parents=True)
    (source / "a.csv").write_bytes(b'\xef\xbb\xbfid;text;note\r\n007;"Anna; hi";"5"\r\n\r\n008;Anna!;x\r\n')
    (source / "deep er" / "b.jsonl").write_bytes(
        b'{"n": 1.50,  "big": 123456789012345678901234567890, "text": "Anna \\u00e9", '
        b'"x": {"text": "Anna"}}\r\n'
        b"\n"
        b'"Anna alone"\n'
        b'{"text":"","id":"e"}'
    )
    (source / "c.jsonl.gz").write_bytes(gzip.compress(b'{"text": "Anna c"}\n'))
    (source / "d.txt").write_bytes(b"\xef\xbb\xbfAnna\r\nhere.")
    (source / "e.csv.gz").write_bytes(gzip.compress(b"text;id\nAnna;z\n"))
    (source / "f.ndjson").write_bytes(b"")
    table = pa.table(
        {"id": pa.array([1, 2], pa.int32()), "text": pa.array(["Anna", None], pa.large_string())}
    )
    parquet.write_table(table.replace_schema_metadata({"of": "mine"}), source / "g.parquet")

    manifest = copy_of(tmp_path, source=str(source), delimiter=";")

    found = copies(tmp_path)
    copied = found.pop("g.parquet")
    assert {name: gzip.decompress(one) if name.endswith(".gz") else one for name, one in found.items()} == {
        "a.csv": b'\xef\xbb\xbfid;text;note\r\n007;"****; hi";"5"\r\n008;****!;x\r\n',
        "deep er/b.jsonl": (
            b'{"n": 1.50,  "big": 123456789012345678901234567890, "text": "**** \xc3\xa9", '
            b'"x": {"text": "Anna"}}\r\n'
            b'"**** alone"\n'
            b'{"text":null,"id":"e"}'
        ),
        "c.jsonl.gz": b'{"text": "**** c"}\n',
        "d.txt": b"\xef\xbb\xbf****\r\nhere.",
        "e.csv.gz": b"text;id\n****;z\n",
        "f.ndjson": b"",
    }
    (tmp_path / "g.parquet").write_bytes(copied)
    again = parquet.read_table(tmp_path / "g.parquet")
    assert again.schema.equals(table.replace_schema_metadata({"of": "mine"}).schema, check_metadata=True)
    assert again.to_pylist() == [{"id": 1, "text": "****"}, {"id": 2, "text": None}]
    told = {name: value for name, value in manifest["redacted_copy"].items() if name != "path"}
    assert told == {"files": 7, "rows": 10, "without_text": 2}
    assert manifest_in(tmp_path)["redacted_copy"] == manifest["redacted_copy"]
    assert Path(manifest["redacted_copy"]["path"], "a.csv").is_file()


ROWS = (
    (b'{"id": "bad", "text": 1e999, "secret": "Anna"}', b'{"id": "bad", "text": null, "secret": "Anna"}'),
    (b'{"text": "Anna", "text": "Anna"}', b'{"text": null}'),
    (b'{"Text": "Anna"}', b'{"text": null}'),
    (b'{"text": "Anna"', b'{"text": null}'),
    (b'{"text": "Anna"} Anna', b'{"text": null}'),
    (b'{"text": ["Anna"], "day": 1}', b'{"text": null, "day": 1}'),
    (b'{"text": "Anna \xff"}', b'{"text": null}'),
    (b'["Anna"]', b'{"text": null}'),
    (b'"Anna', b"null"),
    (b'{"t\\u0065xt": "Anna", "n": NaN}', b'{"t\\u0065xt": null, "n": NaN}'),
    (b'{"text": "Anna", "n": ' + b"[" * 100_000 + b"}", b'{"text": null}'),
    (b'{"text": "' + b"Anna" * 40_000 + b'", "n": -0.0}', b'{"text": null, "n": -0.0}'),
    (b'{"text": "' + b"Anna" * 5_000_000 + b'"}', b'{"text": null}'),
    (b'{"conversationItems": [{"text": "Anna"}]}', b'{"text": null}'),
)


def test_a_row_that_cannot_be_read_has_no_text_in_the_copy_and_keeps_its_place(
    service: Emulator, tmp_path: Path
) -> None:
    """What stays of it is what is no text of its own: other columns, which nobody redacts."""
    lines = [b'{"text": "first"}', *(row for row, _ in ROWS), b'{"text": "Anna, last"}']
    (tmp_path / "in.jsonl").write_bytes(b"\n".join(lines))

    manifest = copy_of(tmp_path, source=str(tmp_path / "in.jsonl"))

    expected = [b'{"text": "first"}', *(copied for _, copied in ROWS), b'{"text": "****, last"}']
    assert copies(tmp_path)["in.jsonl"].split(b"\n") == expected
    assert manifest["redacted_copy"]["without_text"] == len(ROWS)


def test_a_ragged_row_of_csv_keeps_its_place_and_nothing_else(service: Emulator, tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_bytes(b'text,id\nAnna,a\nAnna,b,Anna\n"Anna",c')
    copy_of(tmp_path, source=str(tmp_path / "in.csv"))
    assert copies(tmp_path)["in.csv"] == b'text,id\n****,a\n,\n"****",c'


def test_a_table_of_texts_alone_has_a_row_for_each_of_them(service: Emulator, tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_bytes(b'text\nAnna\n""\nAnna,Anna\nlast\n')
    copy_of(tmp_path, source=str(tmp_path / "in.csv"))
    assert copies(tmp_path)["in.csv"] == b'text\n****\n""\n""\nlast\n'


def test_a_document_that_failed_has_no_text_in_the_copy(connect: Connect, tmp_path: Path) -> None:
    with Emulator(key=KEY, duration=0, engines=fake_engines(), detect_language=fake_detect) as running:
        connect(running.endpoint)
        (tmp_path / "in.jsonl").write_text('{"text": "Anna", "language": "tlh"}\n{"text": "Anna"}\n')
        manifest = copy_of(tmp_path, source=str(tmp_path / "in.jsonl"))
    assert b"Anna" not in copies(tmp_path)["in.jsonl"].splitlines()[0]
    assert copies(tmp_path)["in.jsonl"].splitlines()[0] == b'{"text": null, "language": "tlh"}'
    assert manifest["redacted_copy"]["without_text"] >= 1


@pytest.mark.usefixtures("small_pieces")
@pytest.mark.parametrize(("limit", "counts"), [(None, (30, 5)), (30, (30,)), (33, (30, 3)), (7, (7,))])
def test_a_copy_ends_where_the_corpus_ended(
    service: Emulator, tmp_path: Path, limit: int | None, counts: tuple[int, ...]
) -> None:
    names = [write(tmp_path / "one.jsonl", 30), write(tmp_path / "two.jsonl", 5, first=30)]
    copy_of(tmp_path, source=names, limit=limit)
    found = copies(tmp_path)
    expected = [
        Path(name).read_bytes().splitlines(keepends=True)[:count]
        for name, count in zip(names, counts, strict=False)
    ]
    assert [found[name].splitlines(keepends=True) for name in sorted(found)] == expected


def test_what_is_broken_behind_the_limit_is_not_read(service: Emulator, tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_bytes(b'text,id\nAnna,a\r\nAnna,b\n"never closed')
    copy_of(tmp_path, source=str(tmp_path / "in.csv"), limit=2)
    assert copies(tmp_path)["in.csv"] == b"text,id\n****,a\r\n****,b\n"


def test_files_of_one_name_keep_their_folders(service: Emulator, tmp_path: Path) -> None:
    sources = []
    for number, name in enumerate("ab"):
        (tmp_path / name).mkdir()
        sources.append(write(tmp_path / name / "in.jsonl", 1, first=number))
    copy_of(tmp_path, source=sources)
    assert sorted(copies(tmp_path)) == [one.lstrip("/") for one in sources]


def test_two_files_of_one_place_are_refused_before_anything_is_sent(
    service: Emulator, tmp_path: Path
) -> None:
    source = write(tmp_path / "in.jsonl", 1)
    with pytest.raises(AirflowFailException, match="files of the source have one place in its redacted copy"):
        copy_of(tmp_path, source=[source, source], repeated_ids="qualify")
    assert paid(service) == 0


def test_files_keep_names_that_mean_something_in_a_url(service: Emulator, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    names = ["a b.jsonl", "a%20b.jsonl", "ü #1?.jsonl"]
    for number, name in enumerate(names):
        write(tmp_path / "in" / name, 1, first=number)
    copy_of(tmp_path, source=str(tmp_path / "in"), destination=(tmp_path / "out").as_uri())
    assert sorted(copies(tmp_path)) == names


@pytest.mark.parametrize(
    ("tasks", "why"),
    [
        (["SentimentAnalysis"], "there is none"),
        ([PII, PiiEntityRecognition(task_name="other", domain="phi")], "there are 2"),
        ([PiiEntityRecognition(redaction_policies=[NoMask()])], "asks for noMask"),
    ],
)
def test_what_cannot_redact_is_refused_before_anything_is_sent(
    service: Emulator, tmp_path: Path, tasks: list[Any], why: str
) -> None:
    with pytest.raises(AirflowFailException, match=why):
        copy_of(tmp_path, source=write(tmp_path / "in.jsonl", 1), tasks=tasks)
    assert paid(service) == 0


def test_a_place_for_the_copy_is_refused_when_the_dag_is_parsed() -> None:
    said: Any = "/elsewhere"
    with pytest.raises(InvalidInputError, match="redacted_copy is a str instead of True or False"):
        AnalyzeCorpusOperator(
            task_id="task", source="/in.jsonl", tasks=[PII], destination="/out", redacted_copy=said
        )


def test_other_tasks_stand_beside_the_one_that_redacts(service: Emulator, tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text('{"text": "Anna"}\n')
    copy_of(tmp_path, source=str(tmp_path / "in.jsonl"), tasks=["SentimentAnalysis", PII])
    assert copies(tmp_path) == {"in.jsonl": b'{"text": "****"}\n'}


def test_a_copy_below_the_source_is_not_read_as_documents(service: Emulator, tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    write(tmp_path / "deep" / "in.jsonl", 5)
    for run_id in ("one", "two"):
        ti = TaskInstance(run_id=run_id)
        assert copy_of(tmp_path, ti, source=str(tmp_path), tables_format=None)["documents"] == 5
    copied = tmp_path / "out" / "redacted"
    named = copy_of(tmp_path, TaskInstance(run_id="three"), source=str(copied), repeated_ids="qualify")
    assert named["documents"] == 10, "a source that names the folder has what is in it"


class Mutations:
    """What may become of a source while its documents are with the service."""

    @staticmethod
    def another_text(file: Path) -> None:
        file.write_text(file.read_text().replace("text 3", "a longer text 3"))

    @staticmethod
    def another_id(file: Path) -> None:
        file.write_text(file.read_text().replace("id-3", "id-X"))

    @staticmethod
    def a_row_more(file: Path) -> None:
        file.write_text(file.read_text() + '{"id": "new", "text": "Anna"}\n')

    @staticmethod
    def a_row_less(file: Path) -> None:
        file.write_text("".join(file.read_text().splitlines(keepends=True)[:-1]))

    @staticmethod
    def nothing_left(file: Path) -> None:
        file.unlink()


@pytest.mark.parametrize(
    "change",
    [
        Mutations.another_text,
        Mutations.another_id,
        Mutations.a_row_more,
        Mutations.a_row_less,
        Mutations.nothing_left,
    ],
)
def test_a_source_that_changed_meanwhile_has_no_copy_and_paid_results_stay(
    service: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: Any
) -> None:
    ti, source = TaskInstance(), write(tmp_path / "in.jsonl", 5)
    before = Path(source).read_text()

    def changed(*args: Any) -> None:
        change(Path(source))
        copying.copy_file(*args)

    with monkeypatch.context() as patched:
        patched.setattr(redacting, "copy_file", changed)
        with pytest.raises(AirflowFailException, match=r"has changed since it was analyzed|nothing at"):
            copy_of(tmp_path, ti, source=source)
    assert list((tmp_path / "out").rglob("redacted/*/*")) == []
    assert not list((tmp_path / "out").rglob("_SUCCESS"))
    accepted = paid(service)
    Path(source).write_text(before)
    ti.try_number = 2

    assert copy_of(tmp_path, ti, source=source)["complete"]
    assert paid(service) == accepted
    assert copies(tmp_path)["in.jsonl"].decode() == before


@pytest.mark.usefixtures("small_pieces")
def test_a_try_that_ends_amid_the_copy_is_made_good_by_the_next_one_with_the_same_files(
    service: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sources = []
    for number in range(3):
        file = tmp_path / f"{number}.jsonl.gz"
        lines = (json.dumps({"id": f"{number}-{one}", "text": f"Anna {one}"}) + "\n" for one in range(20))
        file.write_bytes(gzip.compress("".join(lines).encode()))
        sources.append(str(file))
    whole = copy_of(tmp_path, TaskInstance(run_id="whole"), source=sources)
    expected = {path.name: path.read_bytes() for path in Path(whole["redacted_copy"]["path"]).iterdir()}
    ti = TaskInstance(run_id="ended")
    asked = 0
    ask = row_texts.RowTexts.of

    def ending(self: Any, item: Any) -> Any:
        nonlocal asked
        asked += 1
        if asked == 47:
            raise KeyboardInterrupt
        return ask(self, item)

    with monkeypatch.context() as patched:
        patched.setattr(row_texts.RowTexts, "of", ending)
        with pytest.raises(KeyboardInterrupt):
            copy_of(tmp_path, ti, source=sources)
    [begun] = (one for one in (tmp_path / "out" / "redacted").iterdir() if str(one) not in str(whole))
    assert sorted(file.name for file in begun.iterdir()) == ["0.jsonl.gz", "1.jsonl.gz"]
    accepted = paid(service)
    ti.try_number = 2

    manifest = copy_of(tmp_path, ti, source=sources)

    assert paid(service) == accepted
    assert manifest["redacted_copy"]["path"] == str(begun)
    assert {path.name: path.read_bytes() for path in begun.iterdir()} == expected


def test_a_killed_task_leaves_the_copy_to_its_next_try(
    service: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_copy = redacting.write_copy

    def killed(*args: Any, **_: Any) -> dict[str, Any]:
        return write_copy(*args, is_killed=lambda: True)

    monkeypatch.setattr("airflow_provider_language.running.corpus.run.write_copy", killed)
    with pytest.raises(InterruptedError, match="its next try writes the redacted copy"):
        copy_of(tmp_path, source=write(tmp_path / "in.jsonl", 5))
    assert list((tmp_path / "out").rglob("redacted/*/*")) == []


def test_another_run_that_is_replaced_and_one_that_starts_over_leave_no_copy(
    service: Emulator, tmp_path: Path
) -> None:
    ti = TaskInstance(run_id="one")
    copy_of(tmp_path, ti, source=write(tmp_path / "one.jsonl", 2))
    ti.try_number, ti.max_tries = 2, 1
    copy_of(tmp_path, ti, source=write(tmp_path / "two.jsonl", 2), refresh=True)
    assert set(copies(tmp_path)) == {"two.jsonl"}
    copy_of(tmp_path, TaskInstance(run_id="two"), source=write(tmp_path / "3.jsonl", 2), if_exists="replace")
    assert set(copies(tmp_path)) == {"3.jsonl"}


def test_a_copy_that_is_asked_for_afterwards_is_made_of_what_has_landed(
    service: Emulator, tmp_path: Path
) -> None:
    ti, source = TaskInstance(), write(tmp_path / "in.jsonl", 3)
    assert copy_of(tmp_path, ti, source=source, redacted_copy=False)["redacted_copy"] is None
    accepted = paid(service)
    ti.try_number = 2
    assert copy_of(tmp_path, ti, source=source)["redacted_copy"]["rows"] == 3
    assert paid(service) == accepted
