"""The manifest of the provider: what Airflow's ProvidersManager reads when it discovers this package."""

from __future__ import annotations

from typing import Any

CONNECTION_TYPE = "azure_language"
INTEGRATION = "Azure AI Language"

CONNECTION_FIELDS: dict[str, dict[str, Any]] = {
    "api_version": {
        "label": "API version",
        "description": "The api-version of jobs, such as 2026-05-01, or v3.1 for the legacy API. "
        "Empty for the newest stable version.",
        "schema": {"type": ["string", "null"]},
    },
    "timeout": {
        "label": "Read timeout in seconds",
        "description": "How long to wait for an answer's next bytes. Empty for 60.",
        "schema": {"type": ["integer", "null"]},
    },
    "tier": {
        "label": "Pricing tier",
        "description": "S, or F0 for the free one, which takes fewer requests. Empty for S.",
        "schema": {"type": ["string", "null"]},
    },
    "requests_per_minute": {
        "label": "Requests per minute",
        "description": "Of each operation, where the resource has other limits than its tier.",
        "schema": {"type": ["integer", "null"]},
    },
    "request_share": {
        "label": "Share of the requests",
        "description": "What one process takes, above 0 and at most 1, where several use the resource; "
        "0.25 for four. Empty for 1.",
        "schema": {"type": ["number", "null"]},
    },
}
"""The fields of the connection form beside Airflow's own; they are stored in the connection's extra."""

FIELD_BEHAVIOUR: dict[str, Any] = {
    "hidden-fields": ["schema", "port", "login"],
    "relabeling": {"host": "Endpoint", "password": "Key"},
    "placeholders": {
        "host": "https://NAME.cognitiveservices.azure.com",
        "password": "one of the resource's two keys",
        "extra": '{"verify": true, "proxies": {"https": "http://proxy:3128"}}',
    },
}
"""What the connection form does with Airflow's own fields."""

CONFIGURATION: dict[str, Any] = {
    "azure_language": {
        "description": "The Azure AI Language provider.",
        "options": {
            "state_path": {
                "description": "A folder that all workers share, as ObjectStoragePath takes it. Tasks record "
                "there what they submitted, so that a retry does not pay again. Airflow 3.3 and later keep "
                "that in their task state store and do not use it. Empty for a folder below AIRFLOW_HOME, "
                "which suits a deployment whose workers are all on one host.",
                "version_added": "0.1.0",
                "type": "string",
                "example": "s3://aws_default@bucket/airflow/azure-language-state",
                "default": "",
            }
        },
    }
}
"""The provider's own options in airflow.cfg."""


def _modules(kind: str, *names: str) -> list[dict[str, Any]]:
    return [
        {
            "integration-name": INTEGRATION,
            "python-modules": [f"airflow_provider_language.{kind}.{name}" for name in names],
        }
    ]


def get_provider_info() -> dict[str, Any]:
    """Return the provider's metadata in the form of Airflow's ``provider_info.schema.json``.

    ``package-name`` must be the distribution's name, or the discovery of all providers fails; and the keys
    are spelt with hyphens, since others are silently ignored.
    """
    return {
        "package-name": "airflow-provider-language",
        "name": INTEGRATION,
        "description": "Asynchronous jobs of `Azure AI Language "
        "<https://learn.microsoft.com/azure/ai-services/language-service/>`__.",
        "integrations": [
            {
                "integration-name": INTEGRATION,
                "external-doc-url": "https://learn.microsoft.com/azure/ai-services/language-service/",
                "tags": ["azure"],
            }
        ],
        "hooks": _modules("hooks", "language"),
        "operators": _modules("operators", "analyze"),
        "sensors": _modules("sensors", "analyze"),
        "triggers": _modules("triggers", "analyze", "started"),
        "config": CONFIGURATION,
        "connection-types": [
            {
                "connection-type": CONNECTION_TYPE,
                "hook-class-name": "airflow_provider_language.hooks.language.LanguageHook",
                "hook-name": INTEGRATION,
                "conn-fields": CONNECTION_FIELDS,
                "ui-field-behaviour": FIELD_BEHAVIOUR,
            }
        ],
    }
