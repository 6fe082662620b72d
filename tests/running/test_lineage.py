"""What came of what is named by storage, without a connection, and assets know what came of a fetch."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from airflow_provider_language.documents import SqlSource
from airflow_provider_language.hooks.language import LanguageHook
from airflow_provider_language.operators.analyze import AnalyzeCorpusOperator, FetchAnalyzeResultsOperator
from airflow_provider_language.protocol.corpus.batches import Batch
from airflow_provider_language.protocol.corpus.layouts import Layout
from airflow_provider_language.protocol.jobs.expected import Source
from airflow_provider_language.protocol.lineage import Name
from airflow_provider_language.running.job_inputs import source_of
from airflow_provider_language.running.lineage import named, of_corpus
from tests.airflow_stands import CANARY, context_of
from tests.storage.object_stores import ACCOUNT, Server

if TYPE_CHECKING:
    from airflow_provider_language.emulator import Emulator

MANIFEST: dict[str, Any] = {
    "documents": 7,
    "rows": 14,
    "ok": 14,
    "error": 0,
    "missing": 0,
    "jobs": 1,
    "lost_submissions": 0,
    "text_records": {"billed": 14},
    "model_versions": {"2025-11-01": 14},
    "tables": None,
    "redacted_copy": None,
}


def corpus(source: Any, **options: Any) -> AnalyzeCorpusOperator:
    options = {"tasks": ["PiiEntityRecognition"], "destination": "/data/analyzed", **options}
    return AnalyzeCorpusOperator(task_id="corpus", source=source, **options)


@pytest.mark.parametrize(
    ("scheme", "told"),
    [
        ("s3", Name("s3://texts", "in/reviews.csv")),
        ("abfs", Name(f"abfss://texts@{ACCOUNT}.dfs.core.windows.net", "in/reviews.csv")),
    ],
)
def test_a_storage_is_named_by_its_account_and_not_by_the_connection(scheme: str, told: Name) -> None:
    pytest.importorskip("adlfs", reason="adlfs and s3fs are installed on one Airflow")
    Server(scheme, "http://127.0.0.1:1").attach()

    assert named(f"{scheme}://storage@texts/in/reviews.csv") == told


def test_a_local_place_is_a_file_by_path_and_by_url() -> None:
    assert named("/data/my docs") == named("file:///data/my%20docs") == Name("file", "/data/my docs")


@pytest.mark.parametrize(
    ("documents", "conversations", "batch", "layout", "told"),
    [
        ("/a.csv", None, None, Layout(), Source("/a.csv")),
        ("/a.csv", None, 3, Layout(text_column="review"), Source("/a.csv", "review")),
        (None, "/a.csv", None, Layout(), Source("/a.csv", id_column="conversation_id")),
        (
            "/a.csv",
            None,
            Batch(0, 0, 1, "", layout=Layout(id_column="key")).to_dict(),
            Layout(),
            Source("/a.csv", id_column="key"),
        ),
        ([CANARY], None, None, Layout(), None),
        (None, [{"text": CANARY}], None, Layout(), None),
    ],
)
def test_where_a_job_was_read_is_told_with_its_columns(
    documents: Any, conversations: Any, batch: Any, layout: Layout, told: Source | None
) -> None:
    assert source_of(documents, conversations, batch, layout) == told


def test_documents_are_counted_by_place_where_there_is_one_place() -> None:
    [one] = of_corpus(corpus("/in/a.csv"), "/data/analyzed", MANIFEST).inputs
    two = of_corpus(corpus(["/in/a.csv", "/in/b.csv", "/in/a.csv"]), "/data/analyzed", MANIFEST).inputs

    assert (one.name.name, one.documents) == ("/in/a.csv", 7)
    assert [(each.name.name, each.documents) for each in two] == [("/in/a.csv", None), ("/in/b.csv", None)]


def test_conversations_are_known_by_another_column() -> None:
    options: dict[str, Any] = {"tasks": ["ConversationalPIITask"], "text_column": "words"}
    [one] = of_corpus(corpus("/in/calls.csv", **options), "/data/analyzed", MANIFEST).inputs

    assert (one.text_column, one.id_column) == ("words", "conversation_id")


def test_a_query_is_not_told_of_since_it_may_quote_texts() -> None:
    query = SqlSource("warehouse", f"SELECT '{CANARY}' AS text, 1 AS id")
    told = of_corpus(corpus(query), "/data/analyzed", MANIFEST)

    assert told.inputs == ()
    assert CANARY not in repr(told)


def test_the_asset_of_a_fetch_tells_what_came_of_it_and_no_text(language: Emulator, tmp_path: Path) -> None:
    asset = SimpleNamespace(uri="x-language://rows")
    event = SimpleNamespace(extra={})
    operator = FetchAnalyzeResultsOperator(
        task_id="task",
        operation_location=LanguageHook().submit([CANARY], ["KeyPhraseExtraction"]),
        output_path=str(tmp_path / "rows.jsonl"),
    )
    operator.outlets = [asset, SimpleNamespace(name="an alias")]
    LanguageHook().wait(str(operator.operation_location))

    manifest = operator.execute(context_of(outlet_events=_ById({id(asset): event})))

    assert event.extra == manifest
    assert manifest["rows"] == 1
    assert CANARY not in json.dumps(manifest)
    assert len(json.dumps(manifest)) < 2_000


class _ById:
    """Airflow's events of outlets, of things that have no hash."""

    def __init__(self, events: dict[int, Any]) -> None:
        self._events = events

    def __getitem__(self, outlet: object) -> Any:
        return self._events[id(outlet)]
