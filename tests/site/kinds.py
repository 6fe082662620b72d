"""The page of each task kind, as far as it follows from what the code says, and an example of it."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import fields

from airflow_provider_language.protocol.inputs.task_bases import Task
from airflow_provider_language.protocol.inputs.tasks import TASK_CLASSES
from airflow_provider_language.protocol.lifecycle import LEGACY, day_in_words
from airflow_provider_language.protocol.tables.schema import ALWAYS, Column, tables_of
from tests.kind_table import FILES, ORDER, TALKS, in_order, of_the_provider, ranges

TEXTS = ["Dr. Anna Smith wrote from Seattle that metformin 500 mg helped. The clinic was excellent."]
LETTERS = ["My order 12345678 came late, and the parcel was broken. I want my money back."]
TURNS = [
    {"conversation_id": "1", "speaker": "Bob", "role": "agent", "text": "How can I help you?"},
    {"conversation_id": "1", "speaker": "Anna", "role": "customer", "text": "My kettle is broken."},
    {"conversation_id": "1", "speaker": "Anna", "role": "customer", "text": "I am Anna Smith."},
    {"conversation_id": "1", "speaker": "Bob", "role": "agent", "text": "We send a new one today."},
]
_DEPLOYED = 'deployment_name="production"'
ARGUMENTS = {
    "SentimentAnalysis": ("opinion_mining=True",),
    "PiiEntityRecognition": ('pii_categories=["Person", "PhoneNumber"]',),
    "EntityRecognition": ('inclusion_list=["Person", "Location"]',),
    "Healthcare": ('fhir_version="4.0.1"',),
    "ExtractiveSummarization": ("sentence_count=1",),
    "AbstractiveSummarization": ('summary_length="short"',),
    "CustomEntityRecognition": ('project_name="support-entities"', _DEPLOYED),
    "CustomSingleLabelClassification": ('project_name="support-topic"', _DEPLOYED),
    "CustomMultiLabelClassification": ('project_name="support-concerns"', _DEPLOYED),
    "ConversationalSummarizationTask": ('summary_aspects=["issue", "resolution"]',),
    "CustomConversationalSummarizationTask": (
        'project_name="support-summaries"',
        _DEPLOYED,
        'summary_aspects=["issue"]',
    ),
}
"""What the example of a kind says beside its name."""
VERSIONS = {
    "ConversationalSentimentTask": "2023-11-15-preview",
    "CustomConversationalSummarizationTask": "2025-05-15-preview",
}
"""Of the examples whose kind the newest stable version has not."""
SHOWN = {
    "SentimentAnalysis": ("sentiment", "sentiment"),
    "KeyPhraseExtraction": ("key_phrases", "key_phrase"),
    "EntityRecognition": ("entities", "category"),
    "PiiEntityRecognition": ("redacted_texts", "redacted_text"),
    "EntityLinking": ("entity_links", "name"),
    "Healthcare": ("entities", "category"),
    "ExtractiveSummarization": ("summaries", "text"),
    "AbstractiveSummarization": ("summaries", "text"),
    "CustomEntityRecognition": ("entities", "category"),
    "CustomSingleLabelClassification": ("classes", "category"),
    "CustomMultiLabelClassification": ("classes", "category"),
    "ConversationalSummarizationTask": ("summaries", "aspect"),
    "ConversationalPIITask": ("redacted_texts", "redacted_text"),
    "ConversationalSentimentTask": ("item_sentiments", "sentiment"),
    "CustomConversationalSummarizationTask": ("summaries", "aspect"),
}
"""A table of each kind, and a column of it that the example shows."""
HEAD = "<!-- Written by python -m tests.site. -->\n"


def pages() -> dict[str, str]:
    """The pages of all kinds, by their files' names below docs/kinds."""
    return {"index.md": _index(), **{f"{kind}.md": _page(kind) for kind in TASK_CLASSES}}


def _index() -> str:
    lines = [
        HEAD,
        "# Task kinds\n",
        "What a document can be asked for. Each kind has a page with an example, its parameters and the\n"
        "columns of its results. [Another page](../api-versions.md) tells which version of the API has\n"
        "which kind. Kinds without a remark are those that Microsoft advises for new work.\n",
        "| kind | class | of | remark |",
        "|---|---|---|---|",
    ]
    for kind, class_ in TASK_CLASSES.items():
        lines.append(
            f"| [{kind}]({kind}.md) | `{class_.__name__}` | {', '.join(_families(kind))} | {_remark(kind)} |"
        )
    return "\n".join(lines) + "\n"


def _remark(kind: str) -> str:
    known = LEGACY.get(kind)
    if known is None:
        return ""
    return f"retired on {day_in_words(known.retires)}" if known.retires else "legacy"


def _families(kind: str) -> list[str]:
    return [name for family, name in ORDER.items() if kind in of_the_provider().get(family, {})]


def _page(kind: str) -> str:
    class_ = TASK_CLASSES[kind]
    first = _paragraphs(class_)[0]
    return "\n".join(
        [
            HEAD,
            f"# {kind}\n",
            f"{first}\n",
            *_facts(kind, class_),
            "\n## Example\n",
            *_example(kind, class_),
            "\n## Parameters\n",
            *_parameters(class_),
            "\n## Columns of its results\n",
            "Beside [the tables of all kinds](../tables.md): `documents`, `task_results` and `warnings`.\n",
            *_columns(kind),
            "",
        ]
    )


def _facts(kind: str, class_: type[Task]) -> Iterator[str]:
    yield f"- Class: `airflow_provider_language.tasks.{class_.__name__}`"
    told = of_the_provider()
    for family, name in ORDER.items():
        versions = told.get(family, {}).get(kind)
        if versions:
            among = in_order(set().union(*told[family].values()))
            yield f"- Of {name}, in the versions {ranges(versions, among)}"
    known = LEGACY.get(kind)
    if known is not None:
        when = (
            f"is retired on {day_in_words(known.retires)}"
            if known.retires
            else "is legacy; no day is published"
        )
        yield f"- Lifecycle: {known.feature} {when} ([Microsoft]({known.source})). {known.way_out}"


def _example(kind: str, class_: type[Task]) -> Iterator[str]:
    """An example in the style of the formatter of the code."""
    table, column = SHOWN[kind]
    is_talk = kind in of_the_provider()[TALKS]
    version = f'api_version="{VERSIONS[kind]}"' if kind in VERSIONS else ""
    yield "In a task of your own:\n"
    yield "```python"
    yield "from airflow_provider_language.hooks.language import LanguageHook"
    if is_talk:
        yield "from airflow_provider_language.protocol.inputs.conversations import conversations_from"
    yield f"from airflow_provider_language.tasks import {class_.__name__}"
    yield ""
    yield from _call("task", class_.__name__, ARGUMENTS.get(kind, ()))
    if is_talk:
        yield from _list("turns", [repr(turn).replace("'", '"') for turn in TURNS])
    else:
        yield from _list("texts", [f'"{text}"' for text in (LETTERS if kind.startswith("Custom") else TEXTS)])
    yield f"hook = LanguageHook({version})"
    given = "conversations_from(turns)" if is_talk else "texts"
    yield f'job = hook.submit({given}, [task], language="en")'
    yield f'found = hook.tables(hook.collect(job))["{table}"]'
    yield ""
    yield f'assert all(record["{column}"] for record in found)'
    yield "```"
    yield "\nA corpus of any size, with the same task:\n"
    yield "```python"
    yield "from airflow_provider_language.operators.analyze import AnalyzeCorpusOperator"
    yield ""
    yield "AnalyzeCorpusOperator("
    yield '    task_id="analyze",'
    yield f'    source="/data/{"calls.csv" if is_talk else "reviews.csv"}",'
    yield "    tasks=[task],"
    yield '    destination="/data/analyzed",'
    if version:
        yield f"    {version},"
    yield ")"
    yield "```"
    if kind in of_the_provider().get(FILES, {}):
        yield "\nFor files in blobs, see [native documents](../recipes.md#files-in-blob-storage)."


def _call(name: str, class_: str, arguments: Sequence[str]) -> list[str]:
    if not arguments:
        return [f"{name} = {class_}()"]
    return [f"{name} = {class_}(", *(f"    {argument}," for argument in arguments), ")"]


def _list(name: str, values: Sequence[str]) -> list[str]:
    return [f"{name} = [", *(f"    {value}," for value in values), "]"]


def _parameters(class_: type[Task]) -> Iterator[str]:
    yield "| parameter | type | what it does |"
    yield "|---|---|---|"
    told = _arguments(class_)
    for one in fields(class_):
        type_ = str(one.type).replace("|", "or")
        yield f"| `{one.name}` | `{type_}` | {told.get(one.name, '')} |"


def _arguments(class_: type[Task]) -> dict[str, str]:
    """What the docstrings of a class and of those that it is made of say of its arguments."""
    told: dict[str, str] = {}
    for base in reversed(class_.__mro__):
        lines = textwrap.dedent("    " + (base.__dict__.get("__doc__") or "")).partition("Args:\n")[2]
        text = textwrap.dedent(lines.partition("\n\n")[0])
        for found in re.finditer(r"^(\w+): (.*(?:\n +.*)*)", text, re.MULTILINE):
            told[found[1]] = " ".join(found[2].replace("``", "`").split())
    told.setdefault("string_index_type", "the unit of offsets and lengths.")
    return {name: re.sub(r":class:`(\w+)`", r"`\1`", text) for name, text in told.items()}


def _paragraphs(class_: type[Task]) -> list[str]:
    return [" ".join(part.split()) for part in (class_.__doc__ or "").split("\n\n")]


def _columns(kind: str) -> Iterator[str]:
    yield "| table | columns |"
    yield "|---|---|"
    for table in tables_of([kind]):
        if table not in ALWAYS:
            yield f"| `{table.name}` | {', '.join(map(_column, table.columns))} |"


def _column(column: Column) -> str:
    return f"`{column.name}`" + ("" if column.type == "string" else f" {column.type}")
