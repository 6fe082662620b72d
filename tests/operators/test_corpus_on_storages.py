"""A corpus on object storage: rows land and a run goes on there as on a disk, whatever its keys are like."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from airflow_provider_language.emulator import Fault
from airflow_provider_language.exceptions import ServiceUnavailableError
from airflow_provider_language.operators.analyze import InspectFindingsOperator
from airflow_provider_language.storage.stores import place_of
from tests.airflow_stands import TaskInstance, context_of
from tests.corpus_runs import Hurried, lasting, paid
from tests.storage.object_stores import Server, azurite, moto

if TYPE_CHECKING:
    from airflow_provider_language.emulator import Emulator

KEYS = ("a b.jsonl", "100%25.jsonl", "deep/z+&=.jsonl.gz", "x%20y.jsonl", "ü/c#d e.jsonl")
DOCUMENTS = 60


@pytest.fixture(scope="module", params=["s3", "abfs"])
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with moto() if request.param == "s3" else azurite(tmp_path_factory.mktemp("azurite")) as running:
        yield running


@pytest.fixture
def box(server: Server) -> str:
    """A bucket with documents below ``in/``, among them markers of folders."""
    location = server.make_bucket()
    for number, key in enumerate(KEYS):
        ids = range(number * DOCUMENTS, (number + 1) * DOCUMENTS)
        lines = "".join(json.dumps({"id": f"id-{one}", "text": f"text {one}"}) + "\n" for one in ids).encode()
        put(f"{location}/in/{key}", gzip.compress(lines) if key.endswith(".gz") else lines)
    for marker in ("in", "in/deep"):
        server.mark_folder(location, marker)
    return location


def put(location: str, content: bytes) -> None:
    place = place_of(location)
    place.fs.pipe_file(place.path, content)


def below(location: str) -> dict[str, bytes]:
    """All files below a folder, by their paths there."""
    place = place_of(location)
    place.fs.invalidate_cache()
    root = place.path.rstrip("/")
    names = (str(one).removeprefix(f"{root}/") for one in place.fs.find(root))
    return {name: place.fs.cat_file(f"{root}/{name}") for name in names if not name.endswith("/")}


def rows_below(location: str) -> list[dict[str, Any]]:
    parts = sorted((name, content) for name, content in below(location).items() if "part-" in name)
    return [json.loads(line) for _, content in parts for line in content.splitlines()]


def analyze(source: Any, destination: str, ti: TaskInstance | None = None, **options: Any) -> dict[str, Any]:
    said = {"tasks": ["KeyPhraseExtraction"], "source": source, "destination": destination, **options}
    return Hurried(task_id="task", **said).execute(context_of(ti))


@pytest.mark.parametrize("destination", ["my%20o ut/ü/", "in/", ""])
def test_a_run_that_was_interrupted_goes_on_from_its_journal(
    language: Emulator, box: str, destination: str
) -> None:
    whole = analyze(f"{box}/in", f"{box}/whole", TaskInstance(run_id="whole"))
    paid_before = paid(language)
    fault = language.faults.add(Fault("error", operation="status", nth=6, times=None))
    with pytest.raises(ServiceUnavailableError):
        analyze(f"{box}/in/", f"{box}/{destination}", tolerance=0)
    language.faults.remove(fault)

    manifest = analyze(f"{box}/in/", f"{box}/{destination}", TaskInstance(try_number=2))

    assert (manifest["documents"], manifest["ok"], manifest["jobs"]) == (300, 300, whole["jobs"])
    assert paid(language) - paid_before == whole["jobs"]
    rows = rows_below(manifest["path"])
    assert len(rows) == 300
    assert lasting(rows) == lasting(rows_below(whole["path"]))
    assert {"_SUCCESS", "_manifest.json", "part-00000.jsonl", "report.html"} == set(below(manifest["path"]))


def test_the_page_of_an_inspection_lies_where_it_was_asked_for(language: Emulator, box: str) -> None:
    manifest = analyze(f"{box}/in", f"{box}/out", tasks=["PiiEntityRecognition"])
    page = f"{box}/signed ü/100%25/inspection.html"

    for _ in range(2):
        operator = InspectFindingsOperator(task_id="inspect", results=manifest["path"], report_path=page)
        assert operator.execute(context_of())["report"] == page

    place = place_of(page)
    assert f"<dt>documents looked at</dt><dd>{manifest['documents']}</dd>" in (
        place.fs.cat_file(place.path).decode()
    )
    assert "inspection.html" not in " ".join(below(manifest["path"]))


def test_markers_of_folders_hide_no_journal(language: Emulator, server: Server, box: str) -> None:
    fault = language.faults.add(Fault("error", operation="status", nth=6, times=None))
    with pytest.raises(ServiceUnavailableError):
        analyze(f"{box}/in", f"{box}/out", tolerance=0)
    language.faults.remove(fault)
    files = [name.rpartition("/")[0] for name in below(f"{box}/out")]
    for folder in {"results", "_journal", *files, *(name.rpartition("/")[0] for name in files)}:
        server.mark_folder(box, f"out/{folder}")

    manifest = analyze(f"{box}/in", f"{box}/out", TaskInstance(try_number=2))

    assert manifest["ok"] == 300
    assert manifest["jobs"] == paid(language)


def test_results_below_the_source_are_not_read_as_documents(language: Emulator, box: str) -> None:
    for number in range(3):
        found = analyze(f"{box}/in", f"{box}/in", TaskInstance(run_id=str(number)))
        assert found["documents"] == 300
    for source in (f"{box}/", f"{box}/**/*.jsonl*"):
        found = analyze(source, f"{box}/in/deep", TaskInstance(run_id=source))
        assert found["documents"] == 300


@pytest.mark.parametrize("name", ["my%20o ut/ü", "m*1"])
def test_replacing_removes_other_runs_of_the_task_and_nothing_else(
    language: Emulator, box: str, name: str
) -> None:
    destination = f"{box}/{name}"
    first = analyze(f"{box}/in", destination, TaskInstance(run_id="1"))
    run = first["path"].rpartition("/")[2]
    put(f"{destination}/results/of-somebody/part-00000.jsonl", b"mine")
    put(f"{destination}/results/note.txt", b"mine")
    put(f"{destination}/results/x{run}/part-00000.jsonl", b"mine")
    put(f"{destination}/results-of-mine/{run}/part-00000.jsonl", b"mine")
    put(f"{box}/my1/results/{run}/part-00000.jsonl", b"mine")
    put(f"{box}/my o ut/ü/results/{run}/part-00000.jsonl", b"mine")
    other = analyze(f"{box}/in", destination, TaskInstance(run_id="1", dag_id="another"))
    before = set(below(box))

    second = analyze(f"{box}/in", destination, TaskInstance(run_id="2"), if_exists="replace")

    gone = {name.rpartition("/")[0] for name in before - set(below(box))}
    tables = {f"{name}/{table}/{run}" for table in first["tables"]}
    assert gone == {f"{name}/results/{run}", f"{name}/_journal/{run}/000000"} | tables
    assert len(rows_below(other["path"])) == len(rows_below(second["path"])) == 300
