"""What is told of a run of a corpus: the whole of it, in all its tries, by its journal."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from airflow_provider_language.exceptions import DocumentErrorsError, ModelChangedError, ResultsError
from airflow_provider_language.protocol.corpus.failing import Allowed, are_too_many
from airflow_provider_language.protocol.corpus.journal import Journal
from airflow_provider_language.protocol.corpus.quotes import cost_of
from airflow_provider_language.protocol.corpus.totals import Totals
from airflow_provider_language.protocol.defaults import OnModelChange
from airflow_provider_language.protocol.jobs.outcomes import cut
from airflow_provider_language.running.corpus.accounts import total_of
from airflow_provider_language.running.corpus.places import RunPlaces
from airflow_provider_language.storage.files import replace_file
from airflow_provider_language.storage.stores import place_of

TOLD = 4
"""Codes, models and kinds of failures that the short form tells of, the most frequent first."""
NAME_SIZE = 50
"""Bytes of escaped JSON that it tells of each name."""


def manifest_of(journal: Journal, places: RunPlaces, *, complete: bool) -> dict[str, Any]:
    """What came of a run in all its tries, by its journal.

    Args:
        journal: of the run.
        places: of the run.
        complete: whether all of it has landed.
    """
    totals = total_of(journal.segments.values())
    price = journal.told.get("price")
    return {
        "path": places.results,
        "complete": complete,
        "documents": totals.documents,
        "failed_documents": totals.failed_documents,
        "rows": totals.rows,
        "ok": totals.ok,
        "error": totals.error,
        "missing": totals.missing,
        "reused": totals.reused,
        "left_out": totals.left_out,
        "jobs": totals.jobs,
        "lost_submissions": totals.lost_submissions,
        "text_records": _text_records(totals),
        "cost": None if price is None else _costs(price, totals),
        "quote": journal.told.get("quote"),
        "error_codes": dict(totals.error_codes.most_common()),
        "warning_codes": dict(totals.warning_codes.most_common()),
        "model_versions": dict(totals.model_versions.most_common()),
        "model_changes": _model_changes(journal, totals),
        "failures": totals.failures_told(),
        "version": journal.told.get("version"),
        "tasks": journal.told.get("tasks"),
        "parts": [progress.part for progress in journal.landed],
        "tables": journal.told.get("tables"),
        "findings": journal.told.get("findings"),
        "report": places.report if "findings" in journal.told else None,
        "began": journal.told.get("began"),
        "ended": journal.told.get("ended"),
        "redacted_copy": journal.told.get("redacted_copy"),
    }


def _text_records(totals: Totals) -> dict[str, int]:
    quoted, charged, healed = totals.records_quoted, totals.records_charged, totals.records_healed
    return {
        "quoted": quoted,
        "charged": charged,
        "billed": totals.records_billed,
        "healed": healed,
        "lost": totals.records_lost,
        "saved": totals.records_saved,
        "difference": charged - quoted - healed + totals.records_saved,
    }


def _costs(price: float, totals: Totals) -> dict[str, float]:
    return {
        "price_per_thousand_records": price,
        "quoted": cost_of(totals.records_quoted, price),
        "charged": cost_of(totals.records_charged, price),
    }


def _model_changes(journal: Journal, totals: Totals) -> dict[str, dict[str, list[str]]]:
    """By task, the models that earlier runs knew, and those that have judged now, where there are others."""
    before: dict[str, list[str]] = journal.told.get("models") or {}
    now = {task: totals.models_of(task) for task in before}
    return {
        task: {"before": models, "now": sorted(now[task])}
        for task, models in before.items()
        if models and not now[task] <= set(models)
    }


def write_manifest(journal: Journal, places: RunPlaces, *, complete: bool) -> dict[str, Any]:
    """Write what came of a run beside its parts, and return it."""
    manifest = manifest_of(journal, places, complete=complete)
    replace_file(places.manifest, json.dumps(manifest, indent=1).encode())
    return manifest


def read_manifest(places: RunPlaces) -> dict[str, Any]:
    """What :func:`write_manifest` wrote."""
    place = place_of(places.manifest)
    manifest: dict[str, Any] = json.loads(place.fs.cat_file(place.path))
    return manifest


def short_form(manifest: dict[str, Any]) -> dict[str, Any]:
    """What an XCom tells of a manifest: less than 2 KB."""
    short = {name: manifest[name] for name in _WHOLE}
    if short["redacted_copy"]:  # of which the policy may be long
        short["redacted_copy"] = {
            name: value for name, value in short["redacted_copy"].items() if name != "policy"
        }
    for name in ("error_codes", "warning_codes", "model_versions"):
        most = list(manifest[name].items())[:TOLD]
        short[name] = {cut(one, NAME_SIZE): number for one, number in most}
    short["failures"] = [
        {name: cut(value, NAME_SIZE) if isinstance(value, str) else value for name, value in failure.items()}
        for failure in manifest["failures"][:TOLD]
    ]
    return short


def models_changed(manifest: Mapping[str, Any]) -> ModelChangedError | None:
    """The error of results by other models than those of earlier runs; None if there are none."""
    changes = manifest["model_changes"]
    if not changes:
        return None
    told = (
        f"{task} by {', '.join(one['now'])} after {', '.join(one['before'])}" for task, one in changes.items()
    )
    return ModelChangedError(f"Other models have judged than before: {'; '.join(told)}.")


def wrong_with(
    manifest: dict[str, Any], allowed: Allowed, on_model_change: OnModelChange
) -> ResultsError | None:
    """The error of results that are not what was wanted; None if they are.

    Args:
        manifest: of a run that is complete.
        allowed: documents without a result in at least one task, or the share of them, that are good enough.
        on_model_change: what is done where other models have judged than before.
    """
    failed, documents = manifest["failed_documents"], manifest["documents"]
    if are_too_many(failed, documents, allowed):
        return _too_many_failed(short_form(manifest), allowed)
    return models_changed(manifest) if on_model_change == "fail" else None


def _too_many_failed(manifest: dict[str, Any], allowed: Allowed) -> DocumentErrorsError:
    told = (
        f"{one['rows']} {one['code']} of {one['task']}, such as document {one['example']!r}"
        for one in manifest["failures"]
    )
    bound = f"{allowed}" if isinstance(allowed, int) else f"a share of {allowed:g}"
    failed, documents = manifest["failed_documents"], manifest["documents"]
    return DocumentErrorsError(
        f"{failed} of {documents} documents are without a result in a task, more than {bound}: "
        f"{'; '.join(told)}; see {manifest['path']}."
    )


_WHOLE = (
    "path",
    "complete",
    "documents",
    "failed_documents",
    "rows",
    "ok",
    "error",
    "missing",
    "reused",
    "left_out",
    "jobs",
    "lost_submissions",
    "text_records",
    "cost",
    "tables",
    "report",
    "redacted_copy",
)
