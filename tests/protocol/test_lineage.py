"""Datasets are named as OpenLineage names them, and each column is told of by what it was found."""

from __future__ import annotations

import pytest

from airflow_provider_language.protocol.lineage import ROWS, Lineage, Name, Output, rows_output, table_outputs
from airflow_provider_language.protocol.tables.schema import TABLES

FOLDER = Name("s3://bucket", "analyzed")
MODELS = {"PiiEntityRecognition": ["2025-11-01"], "EntityRecognition": ["2023-09-01", "2025-11-01"]}


@pytest.mark.parametrize(
    ("protocol", "path", "account", "told"),
    [
        ("", "/data/reviews.csv", None, ("file", "/data/reviews.csv")),
        ("file", "/data/letters/", None, ("file", "/data/letters")),
        ("", "/*.txt", None, ("file", "/")),
        ("local", "/data/letters/2026-*/*.txt", None, ("file", "/data/letters")),
        ("s3", "bucket/in/reviews.csv", None, ("s3://bucket", "in/reviews.csv")),
        ("s3a", "bucket/in/", None, ("s3://bucket", "in")),
        ("gcs", "/bucket/in/[ab].csv", None, ("gs://bucket", "in")),
        ("s3", "bucket", None, ("s3://bucket", "/")),
        ("abfs", "texts/in", "company", ("abfss://texts@company.dfs.core.windows.net", "in")),
        ("adl", "texts/in", "company", ("abfss://texts@company.dfs.core.windows.net", "in")),
        ("wasb", "texts/in", "company", ("wasbs://texts@company.blob.core.windows.net", "in")),
        ("abfss", "texts/in", None, ("abfss://texts", "in")),
        ("sftp", "host/in", "company", ("sftp://host", "in")),
    ],
)
def test_a_place_is_named_by_its_storage_and_its_path(
    protocol: str, path: str, account: str | None, told: tuple[str, str]
) -> None:
    name = Name.of(protocol, path, account)

    assert (name.namespace, name.name) == told


def test_what_lies_in_the_root_of_a_storage_is_named_once() -> None:
    assert Name.of("s3", "bucket").below("results") == Name("s3://bucket", "/results")
    assert FOLDER.below("results") == Name("s3://bucket", "analyzed/results")


def test_the_columns_of_rows_are_told_by_what_they_were_found() -> None:
    told = rows_output(FOLDER, 10, 2_000, MODELS)

    assert (told.columns, told.rows, told.size) == (ROWS, 10, 2_000)
    assert not {"task", "kind"} & set(told.origins)
    assert told.origins["document_id"].is_copied
    assert told.origins["document_id"].description == ""
    assert not told.origins["result"].is_copied
    assert told.origins["result"].description == (
        "PiiEntityRecognition by model 2025-11-01; EntityRecognition by model 2023-09-01, 2025-11-01"
    )


def test_a_table_is_told_of_by_the_kinds_that_have_it() -> None:
    of_pii, of_entities, of_all = table_outputs(
        FOLDER, {"redacted_texts": 3, "entities": 7, "task_results": 6, "of_a_later_release": 1}, MODELS
    )

    assert (of_pii.name.name, of_pii.rows) == ("analyzed/redacted_texts", 3)
    assert of_pii.columns == TABLES["redacted_texts"].columns
    assert of_pii.origins["redacted_text"].is_masked
    assert of_pii.origins["redacted_text"].description == "PiiEntityRecognition by model 2025-11-01"
    assert not of_entities.origins["text"].is_masked
    assert of_entities.origins["text"].description.startswith("EntityRecognition by model ")
    assert of_all.origins["model_version"].description.count(" by model ") == 2


def test_a_kind_whose_model_is_not_told_is_told_by_its_name() -> None:
    (classes,) = table_outputs(FOLDER, {"classes": 1}, {"CustomSingleLabelClassification": []})

    assert classes.origins["category"].description == "CustomSingleLabelClassification"


def test_of_a_task_of_which_nothing_is_known_nothing_is_told() -> None:
    assert Lineage() == Lineage((), (), (), {})
    assert Output(FOLDER, (), None).origins == {}
