"""The corpus of a command: the options that say what is analyzed and how, as the operator's arguments do."""

from __future__ import annotations

import argparse
import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from airflow_provider_language.commands.locations import located, typed_location
from airflow_provider_language.commands.secrets import secret_in_environment
from airflow_provider_language.protocol.corpus.layouts import Layout
from airflow_provider_language.protocol.defaults import (
    CORPUS_DEFER_AFTER,
    MAX_UNKNOWN,
    OnModelChange,
    Policy,
    Rows,
    SecondPassMode,
)

if TYPE_CHECKING:
    from airflow_provider_language.hooks.plain import PlainResource
    from airflow_provider_language.protocol.inputs.tasks import TaskLike
    from airflow_provider_language.protocol.tables.kept import KeepColumns
    from airflow_provider_language.running.corpus.places import RunPlaces
    from airflow_provider_language.running.corpus.wanted import Corpus, IfExists
    from airflow_provider_language.running.redaction_keys import Secrets
    from airflow_provider_language.storage.sources.corpora import Repeated
    from airflow_provider_language.storage.tables.table_formats import TableFormat

DIGEST_KEY = "AZURE_LANGUAGE_DIGEST_KEY"
_LAYOUT = {
    "text_column": "that has the text",
    "id_column": "that has the id",
    "language_column": "that has the language",
    "speaker_column": "that says who speaks, in conversations",
    "delimiter": "between the cells of CSV",
    "encoding": "as Python names it",
}
_CHANGEABLE = frozenset(
    {
        "max_text_records",
        "price_per_thousand_records",
        "max_active_jobs",
        "on_lost_submission",
        "destination",
        "ledger",
        "on_model_change",
        "redaction_policy",
        "second_pass",
    }
)
"""What may be said otherwise where a run goes on."""


@dataclass
class AskedCorpus:
    """What a corpus is asked to be, under the names of the arguments of ``AnalyzeCorpusOperator``."""

    source: Sequence[str]
    tasks: Sequence[TaskLike]
    destination: Any = None
    ledger: Any = False
    rows: Rows | None = None
    on_model_change: OnModelChange = "warn"
    language: str | None = None
    default_language: str | None = None
    limit: int | str | None = None
    max_text_records: int | str | None = None
    price_per_thousand_records: float | str | None = None
    max_active_jobs: int | None = None
    native_documents: bool = False
    split_documents: bool = True
    redacted_only: bool = False
    redacted_copy: bool = False
    redaction_policy: str | None = None
    second_pass: SecondPassMode | None = None
    keep_columns: KeepColumns = ()
    repeated_ids: Repeated = "fail"
    if_exists: IfExists = "append"
    tables_format: TableFormat | None = None
    report: bool = True
    on_lost_submission: Policy = "resubmit"
    layout: Layout = field(default_factory=Layout)
    text_columns: Sequence[str] | None = None
    cancel_after: float | None = None
    max_unknown: int = MAX_UNKNOWN
    cancel_on_kill: bool = False
    deferrable: bool = False
    defer_after: float = CORPUS_DEFER_AFTER

    @property
    def policy(self) -> str | None:
        """By which the copy is redacted."""
        return self.redaction_policy

    @property
    def secrets(self) -> Secrets:
        """What gives the keys of the policy: the environment."""
        return secret_in_environment

    @property
    def name(self) -> str:
        """What its runs are called by: its first file or folder."""
        return Path(self.source[0].rstrip("/")).name.partition(".")[0] or "corpus"

    def digest(self, version: str | None) -> str:
        """What tells it from others, so that the same command goes on where it was ended.

        Args:
            version: of the API.
        """
        told = {name: value for name, value in asdict(self).items() if name not in _CHANGEABLE}
        said = json.dumps([version, told], sort_keys=True, default=str)
        return hashlib.blake2b(said.encode(), digest_size=8).hexdigest()


def add_corpus_to(parser: argparse.ArgumentParser) -> None:
    """Add what is analyzed."""
    parser.add_argument("source", nargs="+", type=typed_location, help="a file, a folder or a glob")
    parser.add_argument(
        "--tasks",
        required=True,
        type=_tasks,
        metavar="KIND,...",
        help="kinds of tasks; or @FILE, a JSON list of kinds and of objects in the service's words",
    )
    parser.add_argument("--language", help="of documents that name none (default: auto)")
    parser.add_argument("--default-language", help="where the language is auto and cannot be told")
    parser.add_argument("--limit", type=int, metavar="N", help="documents after which the corpus ends")
    parser.add_argument("--max-text-records", type=int, metavar="N", help="refuse a corpus that makes more")
    parser.add_argument(
        "--price-per-thousand-records", type=float, metavar="PRICE", help="tell a cost, in its currency"
    )
    parser.add_argument(
        "--native-documents", action="store_true", help="the rows name blobs, and the kinds do not tell"
    )
    parser.add_argument(
        "--no-split",
        dest="split_documents",
        action="store_false",
        help="refuse documents that are too long for a job instead of cutting them",
    )
    parser.add_argument("--repeated-ids", choices=("fail", "qualify"), default="fail")
    group = parser.add_argument_group("earlier runs", f"which are known by the key in {DIGEST_KEY}")
    group.add_argument(
        "--ledger",
        type=typed_location,
        metavar="FOLDER",
        help="several destinations share (default: below --to)",
    )
    group.add_argument("--no-ledger", dest="ledger", action="store_false", help="analyze all of it anew")
    group.add_argument("--rows", choices=get_args(Rows), help="of the results: see docs/ledger.md")
    group.add_argument("--on-model-change", choices=get_args(OnModelChange), default="warn")
    _add_layout_to(parser)


def _add_layout_to(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("files", "how they are written, where it is not as by default")
    add_text_columns_to(group)
    for name, told in _LAYOUT.items():
        group.add_argument(f"--{name.replace('_', '-')}", metavar="NAME", help=told)


def add_text_columns_to(parser: argparse._ActionsContainer) -> None:
    """Add where the texts are, where a row has several."""
    parser.add_argument(
        "--text-columns",
        type=lambda said: said.split(","),
        metavar="NAME,...",
        help="that have texts, several of a row",
    )


def add_results_to(parser: argparse.ArgumentParser) -> None:
    """Add what is written, and how."""
    parser.add_argument("--redacted-only", action="store_true", help="let no personal data into the results")
    parser.add_argument("--redacted-copy", action="store_true", help="write the source with redacted texts")
    parser.add_argument(
        "--redaction-policy",
        type=typed_location,
        metavar="FILE",
        help="by which that copy is redacted; the key of its pseudonyms is in AZURE_LANGUAGE_REDACTION_KEY",
    )
    parser.add_argument(
        "--second-pass",
        choices=get_args(SecondPassMode),
        help="look for names of one document in all others, where they were not found: see docs/redaction.md",
    )
    parser.add_argument(
        "--keep-columns",
        type=_columns,
        default={},
        metavar="NAME[:TYPE],...",
        help="columns of the source that the results have, too",
    )
    parser.add_argument(
        "--tables-format",
        choices=("parquet", "jsonl", "none"),
        default="parquet",
        help="of the tables of findings (default: parquet, for which the extra corpus is needed)",
    )
    parser.add_argument("--no-report", dest="report", action="store_false", help="write no page for people")
    parser.add_argument("--if-exists", choices=("append", "replace", "fail"), default="append")
    parser.add_argument("--on-lost-submission", choices=("resubmit", "fail"), default="resubmit")
    parser.add_argument("--max-active-jobs", type=int, metavar="N", help="under way at once")


def asked_of(options: argparse.Namespace) -> AskedCorpus:
    """The corpus that options say.

    Raises:
        InvalidInputError: files cannot be written so.
    """
    from airflow_provider_language.running.choices import check_policy, check_second_pass

    said = vars(options)
    names = [name for name in AskedCorpus.__dataclass_fields__ if name in said]
    given = {name: said[name] for name in names}
    given["source"], given["destination"] = options.source, options.to
    given["ledger"] = _ledger(options)
    if given.get("redaction_policy") is not None:
        check_policy(given["redaction_policy"], copies=options.redacted_copy)
    check_second_pass(given.get("second_pass"), has_policy=given.get("redaction_policy") is not None)
    if "tables_format" in said:
        given["tables_format"] = None if options.tables_format == "none" else options.tables_format
    return AskedCorpus(**given, layout=Layout(**{name: said[name] for name in _LAYOUT}))


def corpus_asked(asked: AskedCorpus, resource: PlainResource, display_name: str) -> Corpus:
    """The corpus that is asked for, by a resource.

    Raises:
        InvalidInputError: it cannot be run so, or there is nothing to read.
    """
    from airflow_provider_language.running.choices import check_count
    from airflow_provider_language.running.corpus.asked import corpus_of
    from airflow_provider_language.running.digest_keys import checked_key

    check_count("max_active_jobs", asked.max_active_jobs)
    key = checked_key(secret_in_environment("digest_key") or "", f"in {DIGEST_KEY}")
    return corpus_of(asked, [resource], display_name, key)


def places_asked(asked: AskedCorpus, options: argparse.Namespace) -> RunPlaces:
    """Where the run of a corpus keeps what; below this folder, where none is said.

    Raises:
        InvalidInputError: the destination is no location.
    """
    from airflow_provider_language.running.corpus.places import RunPlaces
    from airflow_provider_language.storage.stores import place_of

    destination = place_of(asked.destination or located(""), "--to").location
    run = options.run_name or asked.digest(options.api_version)
    return RunPlaces.of(destination, "command-line", run, asked.name, -1)


def _ledger(options: argparse.Namespace) -> bool | str:
    return options.ledger or (options.ledger is None and bool(options.to))


def _tasks(said: str) -> list[Any]:
    from airflow_provider_language.exceptions import LanguageError
    from airflow_provider_language.protocol.inputs.tasks import tasks_from

    try:
        tasks = json.loads(Path(said[1:]).read_text()) if said.startswith("@") else said.split(",")
        tasks_from(tasks)
    except (LanguageError, OSError, ValueError) as error:
        raise argparse.ArgumentTypeError(str(error)) from None
    return list(tasks)


def _columns(said: str) -> dict[str, Any]:
    from airflow_provider_language.exceptions import LanguageError
    from airflow_provider_language.protocol.tables.kept import kept_columns

    named = (one.partition(":") for one in said.split(","))
    columns: dict[str, Any] = {name: type_ or "string" for name, _, type_ in named}
    try:
        kept_columns(columns)
    except LanguageError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
    return columns
