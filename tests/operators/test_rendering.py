"""What Airflow renders, it stores and shows: templates work, and no text is among it."""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any, cast

import pytest

from airflow_provider_language._compat import AIRFLOW_3, AirflowFailException
from airflow_provider_language.documents import (
    AzureBlob,
    Conversation,
    ConversationItem,
    Document,
    NativeDocument,
    SqlSource,
)
from airflow_provider_language.exceptions import IncompleteInputError
from airflow_provider_language.operators.analyze import (
    AnalyzeCorpusOperator,
    CancelAnalyzeJobOperator,
    FetchAnalyzeResultsOperator,
    SubmitAnalyzeJobOperator,
)
from airflow_provider_language.protocol.inputs.fields import number_in, text_in
from airflow_provider_language.protocol.inputs.tasks import tasks_from
from airflow_provider_language.running.given import listed, locations_of
from airflow_provider_language.sensors.analyze import AnalyzeJobSensor
from airflow_provider_language.tasks import (
    CharacterMask,
    EntityMask,
    ExtractiveSummarization,
    KeyPhraseExtraction,
    PiiEntityRecognition,
)
from tests.airflow_stands import CANARY, TaskInstance, context_of

if TYPE_CHECKING:
    from airflow.sdk import DAG

    from airflow_provider_language._compat import Context
elif AIRFLOW_3:
    from airflow.sdk import DAG
else:
    from airflow import DAG

xcom_arg: Any = importlib.import_module(
    "airflow.sdk.definitions.xcom_arg" if AIRFLOW_3 else "airflow.models.xcom_arg"
)

RUN_ID = "of-today"


def stored_fields(task: Any) -> dict[str, Any]:
    """What Airflow stores of a task's rendered fields, made by Airflow's own function of this version."""
    if AIRFLOW_3:
        from airflow.sdk.execution_time.task_runner import _serialize_rendered_fields

        fields = _serialize_rendered_fields(task)
    else:
        from airflow.models.renderedtifields import get_serialized_template_fields

        fields = get_serialized_template_fields(task)
    return cast("dict[str, Any]", json.loads(json.dumps(fields)))


@pytest.fixture
def dag() -> DAG:
    return DAG("reviews", schedule=None, start_date=datetime(2026, 1, 1, tzinfo=timezone.utc))


class _DagRun:
    conf: Mapping[str, Any] = {}


def rendering(dag: DAG, **more: Any) -> Context:
    """A context with what Jinja, and the unmapping of a mapped task, look for."""
    return context_of(
        TaskInstance(task_id="submit", **more), dag=dag, run_id=RUN_ID, dag_run=_DagRun(), params={}
    )


def submitter(dag: DAG, **options: Any) -> SubmitAnalyzeJobOperator:
    options = {"documents": ["a"], "tasks": ["KeyPhraseExtraction"], **options}
    return SubmitAnalyzeJobOperator(task_id="submit", dag=dag, **options)


@pytest.mark.parametrize(
    "documents",
    [
        [CANARY],
        (CANARY,),
        [{"id": "the-id", "text": CANARY, "language": "en"}],
        [Document("the-id", CANARY)],
    ],
    ids=["texts", "a tuple", "rows", "documents"],
)
def test_rendered_documents_show_ids_and_no_text(dag: DAG, documents: Any) -> None:
    task = submitter(dag, documents=documents)

    task.render_template_fields(rendering(dag))

    stored = stored_fields(task)
    assert CANARY not in json.dumps(stored)
    assert "Document(id=" in json.dumps(stored["documents"])
    assert [document.text for document in cast("tuple[Document, ...]", task.documents)] == [CANARY]


@pytest.mark.parametrize("how", ["rows", "texts"])
def test_rendered_documents_of_a_mapped_task_show_ids_and_no_text(dag: DAG, how: str) -> None:
    rows = [{"id": "the-id", "text": CANARY}]
    partial = SubmitAnalyzeJobOperator.partial(task_id="submit", dag=dag, tasks=["KeyPhraseExtraction"])
    mapped: Any = partial.expand(documents=[["another"], rows if how == "rows" else [CANARY]])
    context = rendering(dag, map_index=1)
    context["ti"].task = mapped

    mapped.render_template_fields(context)

    task = cast("Any", context)["task"]
    stored = stored_fields(task)
    assert CANARY not in json.dumps(stored)
    assert "Document(id=" in json.dumps(stored["documents"])
    assert [document.text for document in task.documents] == [CANARY]


def test_a_location_of_documents_is_shown_as_it_is(dag: DAG) -> None:
    task = submitter(dag, documents="s3://reviews/{{ run_id }}.jsonl")

    task.render_template_fields(rendering(dag))

    assert stored_fields(task)["documents"] == f"s3://reviews/{RUN_ID}.jsonl"


def test_templates_are_rendered_in_texts_names_languages_and_tasks(dag: DAG) -> None:
    task = submitter(
        dag,
        documents=[{"id": "{{ run_id }}", "text": "written in {{ run_id }}"}],
        tasks=[{"kind": "KeyPhraseExtraction", "taskName": "{{ run_id }}"}],
        display_name="reviews {{ run_id }}",
        language="{{ run_id[:2] }}",
        api_version="{{ run_id }}",
        batch="{{ run_id }}",
    )

    task.render_template_fields(rendering(dag))

    (document,) = cast("tuple[Document, ...]", task.documents)
    assert (document.id, document.text) == (RUN_ID, f"written in {RUN_ID}")
    assert task.tasks == [{"kind": "KeyPhraseExtraction", "taskName": RUN_ID}]
    assert task.display_name == f"reviews {RUN_ID}"
    assert (task.language, task.api_version, task.batch) == ("of", RUN_ID, RUN_ID)


def test_typed_tasks_are_shown_with_their_options(dag: DAG) -> None:
    task = submitter(dag, tasks=[KeyPhraseExtraction(model_version="2022-10-01")])

    task.render_template_fields(rendering(dag))

    assert "KeyPhraseExtraction" in json.dumps(stored_fields(task)["tasks"])
    assert "2022-10-01" in json.dumps(stored_fields(task)["tasks"])


def test_typed_tasks_are_shown_with_what_is_set_and_no_more(dag: DAG) -> None:
    policy = CharacterMask(unmask_length=4)
    task = submitter(dag, tasks=[PiiEntityRecognition(domain="phi", redaction_policies=[policy])])

    task.render_template_fields(rendering(dag))

    (shown,) = task.tasks
    assert repr(shown) in stored_fields(task)["tasks"]
    assert repr(shown) == (
        "PiiEntityRecognition(domain='phi', redaction_policies=[CharacterMask(unmask_length=4)])"
    )


BATCH = {"number": 2, "first": 50, "count": 25, "ids": "0123456789abcdef"}


@pytest.mark.parametrize(
    ("fixed", "mapped", "name"),
    [
        ({"documents": "s3://c@b/a.csv"}, {"batch": {**BATCH, "total": 12}}, "a.csv, batch 3 of 12"),
        ({"documents": "/in/reviews/"}, {"batch": 7}, "reviews, batch 7"),
        ({"documents": "/in/reviews.csv"}, {"batch": BATCH}, "reviews.csv"),
        ({}, {"documents": "/in/a.jsonl"}, "a.jsonl"),
        ({}, {"documents": [{"id": "a", "text": CANARY}, {"id": "z", "text": CANARY}]}, "a to z"),
        ({}, {"documents": [{"id": "x" * 300, "text": CANARY}]}, "x" * 59 + "\N{HORIZONTAL ELLIPSIS}"),
        ({}, {"documents": [CANARY]}, "0"),
        ({}, {"documents": []}, ""),
        ({}, {"conversations": [{"conversation_id": "c", "speaker": "Agent", "text": CANARY}]}, "c"),
    ],
)
def test_mapped_submissions_are_named_by_what_they_submit_and_by_no_text(
    dag: DAG, fixed: dict[str, Any], mapped: dict[str, Any], name: str
) -> None:
    tasks = ["KeyPhraseExtraction"]
    partial = SubmitAnalyzeJobOperator.partial(task_id="submit", dag=dag, tasks=tasks, **fixed)
    task: Any = partial.expand(**{field: [value] for field, value in mapped.items()})
    context = rendering(dag, map_index=0)
    context["ti"].task = task
    template = task.map_index_template

    task.render_template_fields(context)

    assert dag.get_template_env().from_string(template).render(context) == name


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("s3://c@b/a.csv", "a.csv"),
        (["/in/a.csv"], "a.csv"),
        (["/in/letters/", "/in/a.csv", "/in/b.csv"], "letters and 2 more"),
        (SqlSource("warehouse", "SELECT 1 AS id, 'CANARY' AS text"), ""),
    ],
)
def test_mapped_corpora_are_named_by_their_files_and_by_no_query(dag: DAG, source: Any, name: str) -> None:
    partial = AnalyzeCorpusOperator.partial(
        task_id="corpus", dag=dag, tasks=["KeyPhraseExtraction"], destination="/out"
    )
    task: Any = partial.expand(source=[source])
    context = rendering(dag, map_index=0)
    context["ti"].task = task
    template = task.map_index_template

    task.render_template_fields(context)

    assert dag.get_template_env().from_string(template).render(context) == name


def test_a_name_that_the_author_of_a_dag_gives_stays(dag: DAG) -> None:
    partial = SubmitAnalyzeJobOperator.partial(
        task_id="submit", dag=dag, tasks=["KeyPhraseExtraction"], map_index_template="{{ mine }}"
    )

    assert partial.expand(documents=[["a"]]).map_index_template == "{{ mine }}"


def test_a_single_row_is_refused_for_good_when_it_is_rendered(dag: DAG) -> None:
    with pytest.raises(AirflowFailException, match="a single dict"):
        submitter(dag, documents={"id": "a", "text": "b"}).render_template_fields(rendering(dag))


@pytest.mark.parametrize(
    "make",
    [
        lambda **common: AnalyzeJobSensor(operation_location="https://{{ run_id }}", **common),
        lambda **common: CancelAnalyzeJobOperator(operation_location="https://{{ run_id }}", **common),
        lambda **common: FetchAnalyzeResultsOperator(
            operation_location="https://{{ run_id }}", output_path="s3://{{ run_id }}", **common
        ),
    ],
    ids=["sensor", "cancel", "fetch"],
)
def test_locations_and_paths_are_templates(dag: DAG, make: Any) -> None:
    task = make(task_id="submit", dag=dag, azure_language_conn_id="{{ run_id }}")

    task.render_template_fields(rendering(dag))

    stored = stored_fields(task)
    assert stored["operation_location"] == f"https://{RUN_ID}"
    assert stored["azure_language_conn_id"] == RUN_ID
    assert stored.get("output_path", f"s3://{RUN_ID}") == f"s3://{RUN_ID}"


class LazyXComs(Sequence[Any]):
    """The XComs of a mapped task as Airflow gives them: asked for one by one; an error ends them."""

    def __init__(self, *values: Any, broken_at: int | None = None) -> None:
        self._values = list(values)
        self._broken_at = broken_at

    def __len__(self) -> int:
        return len(self._values)

    def __getitem__(self, place: Any) -> Any:
        if isinstance(place, slice):
            raise TypeError("A lazy sequence is iterated, never sliced.")
        if place == self._broken_at:
            raise IndexError(place)
        return self._values[place]


def mapped(values: Sequence[Any], function: Callable[[Any], Any]) -> Sequence[Any]:
    """What ``.map()`` makes of them, by the class of this Airflow."""
    return cast("Sequence[Any]", xcom_arg._MapResult(values, [function]))


def row_of(text: str) -> dict[str, str]:
    return {"id": f"of {text}", "text": text}


LAZY = {
    "mapped": LazyXComs("one", "two", "three"),
    ".map()": mapped(LazyXComs("one", "two", "three"), str),
    ".concat()": xcom_arg._ConcatResult([LazyXComs("one"), LazyXComs("two", "three")]),
}


@pytest.mark.parametrize("lazy", LAZY.values(), ids=LAZY)
def test_every_lazy_sequence_of_documents_is_iterated(dag: DAG, lazy: Any) -> None:
    task = submitter(dag)

    task.documents = lazy

    assert [document.text for document in cast("tuple[Document, ...]", task.documents)] == [
        "one",
        "two",
        "three",
    ]


def test_the_rows_that_a_map_makes_are_the_documents(dag: DAG) -> None:
    task = submitter(dag)

    task.documents = mapped(LazyXComs("one", "two"), row_of)

    documents = cast("tuple[Document, ...]", task.documents)
    assert [(one.id, one.text) for one in documents] == [("of one", "one"), ("of two", "two")]


def test_the_pairs_that_a_zip_makes_are_no_documents(dag: DAG) -> None:
    task = submitter(dag)
    with pytest.raises(AirflowFailException, match="Document 0 is a tuple"):
        task.documents = xcom_arg._ZipResult([LazyXComs("1", "2"), LazyXComs("one", "two")])


def test_lazy_rows_are_conversations(dag: DAG) -> None:
    rows = [{"conversation_id": "c", "speaker": "s", "text": text} for text in ("a", "b")]
    task = submitter(dag, documents=None, conversations=["later"])

    task.conversations = mapped(LazyXComs(*rows), dict)

    (conversation,) = cast("tuple[Conversation, ...]", task.conversations)
    assert [item.text for item in conversation.items] == ["a", "b"]


@pytest.mark.parametrize(
    "lazy",
    [*LAZY.values(), xcom_arg._ZipResult([LazyXComs("one", "three"), LazyXComs("two")], fillvalue="four")],
    ids=[*LAZY, ".zip()"],
)
def test_every_lazy_sequence_of_locations_is_iterated(lazy: Any) -> None:
    assert locations_of(lazy)[:3] == ["one", "two", "three"]


def test_lazy_sequences_may_stand_in_parameters() -> None:
    lazy = mapped(LazyXComs("Person", "Email"), str)
    (task,) = tasks_from([{"kind": "PiiEntityRecognition", "parameters": {"piiCategories": lazy}}])
    assert task.parameters["piiCategories"] == ["Person", "Email"]


def test_xcoms_that_end_early_are_not_taken_for_all() -> None:
    """Airflow reads an error of its server as the end of the sequence."""
    with pytest.raises(IncompleteInputError, match="1 of 3 values") as raised:
        listed(mapped(LazyXComs("one", "two", "three", broken_at=1), str))
    assert raised.value.retryable


def test_templates_are_rendered_in_typed_values(dag: DAG) -> None:
    documents = [Document("{{ run_id }}", "of {{ run_id }}", "{{ run_id[:2] }}")]
    task = submitter(
        dag,
        documents=documents,
        tasks=[
            PiiEntityRecognition(
                task_name="{{ run_id }}",
                model_version="{{ run_id }}",
                pii_categories=["{{ params.category }}"],
                redaction_policies=[EntityMask(policy_name="{{ run_id }}"), {"policyName": "{{ run_id }}"}],
            )
        ],
    )
    context = rendering(dag)
    cast("Any", context)["params"] = {"category": "Email"}

    task.render_template_fields(context)

    (rendered,) = cast("tuple[Document, ...]", task.documents)
    assert (rendered.id, rendered.text, rendered.language) == (RUN_ID, f"of {RUN_ID}", "of")
    (wire,) = tasks_from(task.tasks)
    assert wire.name == RUN_ID
    assert wire.parameters["modelVersion"] == RUN_ID
    assert wire.parameters["piiCategories"] == ["Email"]
    policies = cast("Any", wire.parameters["redactionPolicies"])
    assert [policy["policyName"] for policy in policies] == [RUN_ID, RUN_ID]
    assert documents == [Document("{{ run_id }}", "of {{ run_id }}", "{{ run_id[:2] }}")]


def test_templates_are_rendered_in_typed_conversations_and_native_documents(dag: DAG) -> None:
    item = ConversationItem(id="1", participant_id="{{ run_id }}", text="{{ run_id }}")
    talk = submitter(dag, documents=None, conversations=[Conversation(id="{{ run_id }}", items=(item,))])
    native = NativeDocument(
        id="1", source=AzureBlob("https://a/{{ run_id }}"), target=AzureBlob("https://b?sig=of-{{ run_id }}")
    )
    with DAG("files", schedule=None, start_date=datetime(2026, 1, 1, tzinfo=timezone.utc)) as other:
        files = submitter(other, documents=[native])

    talk.render_template_fields(rendering(dag))
    files.render_template_fields(rendering(other))

    (conversation,) = cast("tuple[Conversation, ...]", talk.conversations)
    assert (conversation.id, conversation.items[0].text) == (RUN_ID, RUN_ID)
    assert conversation.items[0].participant_id == RUN_ID
    (document,) = cast("tuple[NativeDocument, ...]", files.documents)
    assert (document.source.location, document.target.location) == (
        f"https://a/{RUN_ID}",
        f"https://b?sig=of-{RUN_ID}",
    )


def test_no_text_of_somebody_else_is_a_template(dag: DAG) -> None:
    """Neither the values of an XCom, nor what is rendered again where a task is resumed in one process."""
    theirs = [{"id": "1", "text": "{{ run_id }}"}, Document("2", "{{ run_id }}")]
    task = submitter(dag)
    task.documents = cast("Any", theirs)

    task.render_template_fields(rendering(dag))
    task.render_template_fields(rendering(dag))

    assert [one.text for one in cast("tuple[Document, ...]", task.documents)] == ["{{ run_id }}"] * 2
    xcom = Document("3", "{{ run_id }}")
    assert task.render_template(xcom, rendering(dag), seen_oids={id(xcom)}) is xcom


def test_a_native_template_s_numbers_are_what_their_fields_take(dag: DAG) -> None:
    native = DAG(
        "native",
        schedule=None,
        start_date=datetime(2026, 1, 1, tzinfo=timezone.utc),
        render_template_as_native_obj=True,
    )
    task = submitter(
        native,
        documents=["{{ 7 }}", {"id": "{{ 8 }}", "text": "{{ 9 }}"}],
        tasks=[ExtractiveSummarization(task_name="{{ 10 }}", sentence_count=cast("Any", "{{ '3' }}"))],
        display_name="{{ 20260501 }}",
        cancel_after="{{ 5 }}",
        language="{{ none }}",
    )

    task.render_template_fields(rendering(native))

    assert [(one.id, one.text) for one in cast("tuple[Document, ...]", task.documents)] == [
        ("0", "7"),
        ("8", "9"),
    ]
    (wire,) = tasks_from(task.tasks)
    assert (wire.name, wire.parameters["sentenceCount"]) == ("10", 3)
    assert (text_in(task.display_name, "It"), number_in(task.cancel_after, "It")) == ("20260501", 5)


def test_the_outputs_in_typed_values_are_waited_for_and_resolved(dag: DAG) -> None:
    upstream = submitter(dag).output
    task = SubmitAnalyzeJobOperator(
        task_id="second",
        dag=dag,
        documents=[Document("1", cast("Any", upstream))],
        tasks=[PiiEntityRecognition(redaction_policies=[{"policyName": upstream}])],
    )
    assert task.upstream_task_ids == {"submit"}


@pytest.mark.parametrize("seed", ["1", "2", "3"])
def test_a_set_in_a_task_is_the_same_in_every_process(seed: str) -> None:
    """Airflow stores ``repr`` of it with the DAG: another order would be another version of the DAG."""
    lines = (
        "from airflow_provider_language.protocol.wire_names import in_order",
        "from airflow_provider_language.tasks import EntityMask, PiiEntityRecognition",
        "names = {'Person', 'Email', 'Address', 'URL'}",
        "policy = EntityMask(entity_types=names)",
        "print(PiiEntityRecognition(pii_categories=names, redaction_policies=[policy, {'a': names}]))",
        "print(in_order([{'kind': 'PiiEntityRecognition', 'parameters': {'piiCategories': names}}]))",
    )
    told = subprocess.run(
        [sys.executable, "-c", "\n".join(lines)],
        env={**os.environ, "PYTHONHASHSEED": seed},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert told.count("('Address', 'Email', 'Person', 'URL')") == 4


def test_an_operator_s_dicts_have_their_sets_in_order(dag: DAG) -> None:
    task = submitter(
        dag, tasks=[{"kind": "PiiEntityRecognition", "parameters": {"piiCategories": {"b", "a"}}}]
    )
    assert task.tasks == [{"kind": "PiiEntityRecognition", "parameters": {"piiCategories": ("a", "b")}}]
