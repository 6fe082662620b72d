"""The manifest of the provider: what Airflow's ProvidersManager reads when it discovers this package."""

from __future__ import annotations

from typing import Any


def get_provider_info() -> dict[str, Any]:
    """Return the provider's metadata in the form of Airflow's ``provider_info.schema.json``."""
    return {
        "package-name": "airflow-provider-language",
        "name": "Azure AI Language",
        "description": "Asynchronous jobs of `Azure AI Language <https://learn.microsoft.com/azure/ai-services/language-service/>`__.",
    }
