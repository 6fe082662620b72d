"""What came of what, in the classes of OpenLineage; only its provider for Airflow leads here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from airflow.providers.openlineage.extractors import OperatorLineage
from attrs import define, field
from openlineage.client.event_v2 import InputDataset, OutputDataset
from openlineage.client.facet_v2 import (
    JobFacet,
    RunFacet,
    column_lineage_dataset,
    input_statistics_input_dataset,
    output_statistics_output_dataset,
    schema_dataset,
)

from airflow_provider_language.get_provider_info import DOCUMENTATION
from airflow_provider_language.protocol.lineage import Input, Lineage, Origin, Output

RUN_FACET = "azureLanguage_results"
JOB_FACET = "azureLanguage_tasks"
_PAGE = f"{DOCUMENTATION}lineage/"


@define
class ResultsRunFacet(RunFacet):
    """Figures of a task's results.

    Args:
        figures: by name: documents, rows by status, jobs, text records, and the models by kind.
    """

    figures: dict[str, Any] = field(factory=dict)

    @staticmethod
    def _get_schema() -> str:
        return f"{_PAGE}#{RUN_FACET}"


@define
class TasksJobFacet(JobFacet):
    """What a task asks of the service.

    Args:
        kinds: in the service's words.
    """

    kinds: list[str] = field(factory=list)

    @staticmethod
    def _get_schema() -> str:
        return f"{_PAGE}#{JOB_FACET}"


def facets_of(lineage: Lineage) -> OperatorLineage:
    """What OpenLineage's provider asks of an operator that has ended."""
    return OperatorLineage(
        inputs=[_input(one) for one in {one.name: one for one in lineage.inputs}.values()],
        outputs=[_output(one, lineage.inputs) for one in lineage.outputs],
        run_facets={RUN_FACET: ResultsRunFacet(figures=dict(lineage.figures))},
        job_facets={JOB_FACET: TasksJobFacet(kinds=list(lineage.kinds))},
    )


def _input(one: Input) -> InputDataset:
    facets: dict[str, Any] = {}
    if one.documents is not None:
        facets["inputStatistics"] = input_statistics_input_dataset.InputStatisticsInputDatasetFacet(
            rowCount=one.documents
        )
    return InputDataset(one.name.namespace, one.name.name, inputFacets=facets)


def _output(one: Output, inputs: tuple[Input, ...]) -> OutputDataset:
    facets: dict[str, Any] = {}
    if one.columns:
        facets["schema"] = schema_dataset.SchemaDatasetFacet(
            fields=[
                schema_dataset.SchemaDatasetFacetFields(column.name, column.type) for column in one.columns
            ]
        )
    if one.origins and inputs:
        facets["columnLineage"] = column_lineage_dataset.ColumnLineageDatasetFacet(
            fields=dict(_made_of(one.origins, inputs))
        )
    statistics = output_statistics_output_dataset.OutputStatisticsOutputDatasetFacet(
        rowCount=one.rows, size=one.size
    )
    return OutputDataset(
        one.name.namespace, one.name.name, facets=facets, outputFacets={"outputStatistics": statistics}
    )


def _made_of(
    origins: Mapping[str, Origin], inputs: tuple[Input, ...]
) -> Iterator[tuple[str, column_lineage_dataset.Fields]]:
    for column, origin in origins.items():
        how = column_lineage_dataset.Transformation(
            type="DIRECT",
            subtype="IDENTITY" if origin.is_copied else "TRANSFORMATION",
            description=origin.description,
            masking=origin.is_masked,
        )
        fields = [
            column_lineage_dataset.InputField(
                one.name.namespace,
                one.name.name,
                one.id_column if origin.is_copied else one.text_column,
                [how],
            )
            for one in inputs
        ]
        yield column, column_lineage_dataset.Fields(fields)
