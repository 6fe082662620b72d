"""The example that a privacy officer signs: figures are shown and no text, and the sample is paid once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from airflow_provider_language.emulator import Emulator
from tests.airflow_stands import KEY, context_of
from tests.corpus_runs import paid
from tests.dags.conftest import EXAMPLES, SIGNER
from tests.dags.first_screen import detect
from tests.dags.run_dags import load
from tests.dags.test_plan_approve_analyze import Told, can_ask

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conftest import Connect

FILE = EXAMPLES / f"{SIGNER}.py"
ORDER = ("draw", "analyze_sample", "plan", "inspect", "approve", "redact", "analyze_labelled", "evaluate")
NAMES = ("Anna Whitfield", "Thomas Okafor", "Maria Lindqvist")


@pytest.fixture
def service(connect: Connect) -> Iterator[Emulator]:
    """An emulator with its real engines."""
    with Emulator(key=KEY, duration=0, detect_language=detect) as running:
        connect(running.endpoint)
        yield running


@pytest.mark.parametrize("version", ["2.11.2", "3.0.6"])
def test_on_an_airflow_that_cannot_ask_the_file_loads_and_has_no_dag(
    monkeypatch: pytest.MonkeyPatch, version: str
) -> None:
    monkeypatch.setattr("airflow.__version__", version)

    assert not hasattr(load(FILE), SIGNER)


@pytest.mark.skipif(not can_ask(), reason="this Airflow has no tasks that ask people")
def test_a_sample_is_shown_in_figures_and_the_whole_is_redacted_and_measured(
    service: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AIRFLOW__AZURE_LANGUAGE__DIGEST_KEY", "a-digest-key-that-is-long-enough")
    source = tmp_path / "letters.jsonl"
    lines = (
        {
            "id": f"{n}",
            "language": "en",
            "text": f"Letter {n}: call {name} of Contoso on +1 206 555 01{n:02d}.",
        }
        for n, name in enumerate(NAMES * 4)
    )
    source.write_text("".join(json.dumps(line) + "\n" for line in lines))
    params = {"source": str(source), "output": str(tmp_path / "out"), "size": 4, "price": 2}
    dag = getattr(load(FILE), SIGNER)()
    tasks = {name: dag.get_task(name) for name in ORDER}
    assert [task.downstream_task_ids for task in tasks.values()] == [*({one} for one in ORDER[1:]), set()]
    ti = Told()

    for name, task in tasks.items():
        ti.task_id = name
        context: Any = context_of(ti, params=params)
        task.render_template_fields(context)
        if name != "approve":
            ti.xcoms[name] = json.loads(json.dumps(task.execute(context)))
        if name == "plan":
            assert paid(service) == 1
            assert ti.xcoms[name]["known"]["text_records"] == 4

    body = tasks["approve"].body
    assert tasks["approve"].subject == "Redact 12 documents for 8 text records?"
    assert "| of them, in the sample | 4 |" in body
    assert "| Person | en | 4 | 4 |" in body
    assert "Left in the clear: Organization." in body
    assert "| cost |" in body
    page = (tmp_path / "out" / "inspection.html").read_text()
    assert f"All of this is a page, too: {ti.xcoms['inspect']['report']}" in body
    assert "A sample: 4 of 12 documents." in page
    assert f"<dt>cost</dt><dd>{ti.xcoms['plan']['cost']:.4f}</dd>" in page
    assert '<td class="clear">left in the clear</td>' in page
    told = page + body + tasks["approve"].subject + json.dumps(ti.xcoms)
    assert not [name for name in (*NAMES, "Contoso", "555") if name in told]
    assert ti.xcoms["redact"]["text_records"]["charged"] == 8
    [copy] = (tmp_path / "out" / "redacted").glob("*/letters.jsonl")
    assert json.loads(copy.read_text().splitlines()[0])["text"].startswith(
        "Letter 0: call [Person] of Contoso on *"
    )
    assert ti.xcoms["evaluate"]["documents"] == 39
    assert (tmp_path / "out" / "evaluation.json").exists()
