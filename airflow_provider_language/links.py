"""The buttons of a task in Airflow's UI: the service, and the results where a browser can open them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from airflow.configuration import conf

from airflow_provider_language._compat import BaseOperatorLink, told_xcom
from airflow_provider_language.protocol.web_addresses import address_below, address_of_service

if TYPE_CHECKING:
    from airflow_provider_language._compat import BaseOperator

SECTION = "azure_language"


class ServiceLink(BaseOperatorLink):
    """Azure's portal, in the cloud of the job; or the status page of the emulator."""

    name = "Azure AI Language"

    def get_link(self, operator: BaseOperator, *, ti_key: Any) -> str:
        """The address; empty where none can be told."""
        given = getattr(operator, "operation_location", None)
        return address_of_service(_told(ti_key, "operation_location") if given is None else given)


class ResultsLink(BaseOperatorLink):
    """The rows of a task, where ``[azure_language] report_base_url`` says by which address."""

    name = "Results"

    def get_link(self, operator: BaseOperator, *, ti_key: Any) -> str:  # noqa: ARG002 - Airflow's signature
        """The address; empty where there is none."""
        return _of_manifest(ti_key, "path")


class ReportLink(BaseOperatorLink):
    """The report of a corpus, where ``[azure_language] report_base_url`` says by which address."""

    name = "Report"

    def get_link(self, operator: BaseOperator, *, ti_key: Any) -> str:  # noqa: ARG002 - Airflow's signature
        """The address; empty where there is none."""
        return _of_manifest(ti_key, "report")


def _of_manifest(ti_key: Any, name: str) -> str:
    base = conf.get(SECTION, "report_base_url", fallback="")
    if not base:
        return ""
    manifest = _told(ti_key, "return_value")
    return address_below(base, manifest.get(name)) if isinstance(manifest, Mapping) else ""


def _told(ti_key: Any, key: str) -> Any:
    """What a task has told; None where it has not, or cannot be asked: a link hinders no task."""
    try:
        return told_xcom(ti_key, key)
    except Exception:  # noqa: BLE001 - Airflow would log a traceback of it at each end of the task
        return None
