"""Runs of a corpus in tests: looks as fast as the answers come, rows read back, what was paid counted."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from airflow_provider_language.operators.analyze import AnalyzeCorpusOperator
from tests.airflow_stands import HURRIED, TaskInstance, context_of

if TYPE_CHECKING:
    from airflow_provider_language.emulator import Emulator
    from airflow_provider_language.hooks.language import LanguageHook

TASKS = ["KeyPhraseExtraction", "SentimentAnalysis"]
VOLATILE = ("job_id",)
"""What differs between two runs over the same corpus."""


class Hurried(AnalyzeCorpusOperator):
    """Looks as fast as the answers come, and waits for nobody."""

    def _hooks(self) -> list[LanguageHook]:
        hooks = super()._hooks()
        for hook in hooks:
            hook.settings = replace(hook.settings, pace=HURRIED, random=lambda: 0.01)
        return hooks


def analyze(folder: Path, ti: TaskInstance | None = None, **options: Any) -> dict[str, Any]:
    """Run a task to its end; its destination is ``out`` in the folder."""
    said = {"tasks": TASKS, "destination": str(folder / "out"), **options}
    return Hurried(task_id="task", **said).execute(context_of(ti))


def manifest_in(folder: Path) -> dict[str, Any]:
    """The manifest of the only run there."""
    [file] = (folder / "out" / "results").glob("*/_manifest.json")
    manifest: dict[str, Any] = json.loads(file.read_text())
    return manifest


def rows_in(folder: Path) -> list[dict[str, Any]]:
    """The rows of all runs, in the order of their parts."""
    parts = sorted((folder / "out" / "results").glob("*/part-*.jsonl"))
    return [json.loads(line) for part in parts for line in part.read_text().splitlines()]


def lasting(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Rows without what differs between two runs."""
    return [{name: value for name, value in row.items() if name not in VOLATILE} for row in rows]


def write(path: Path, count: int, *, first: int = 0) -> str:
    """Write a file of so many documents, and return its location."""
    lines = (json.dumps({"id": f"id-{one}", "text": f"text {one}"}) for one in range(first, first + count))
    path.write_text("".join(line + "\n" for line in lines))
    return str(path)


def paid(language: Emulator) -> int:
    """How many jobs the service has accepted."""
    return sum(entry.accepted is not None for entry in language.journal)
