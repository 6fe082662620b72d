"""The manifest of the provider: what Airflow's ProvidersManager reads when it discovers this package."""

from __future__ import annotations

from typing import Any

CONNECTION_TYPE = "azure_language"
INTEGRATION = "Azure AI Language"
DOCUMENTATION = "https://airflow-provider-language.readthedocs.io/en/stable/"
API_VERSIONS = (
    "2026-05-15-preview",
    "2026-05-01",
    "2025-11-15-preview",
    "2025-11-01",
    "2025-05-15-preview",
    "2024-11-15-preview",
    "2024-11-01",
    "2024-05-01",
    "2023-11-15-preview",
    "2023-04-01",
    "2022-05-01",
    "v3.1",
)
"""Those that the form offers: of each family the newer ones."""

_TEXT = {"type": ["string", "null"]}


def _choice(*values: str) -> dict[str, Any]:
    """A field of these values; a default would be saved in each connection that has its form opened."""
    return {**_TEXT, "enum": list(values)}


CONNECTION_FIELDS: dict[str, dict[str, Any]] = {
    "auth": {
        "label": "Authentication",
        "description": "How to sign in. Empty for the key, or for a service principal where there are a "
        "client id and a tenant. entra is a service principal, too, if there is one, and else the first "
        "identity that the host has (DefaultAzureCredential).",
        "schema": _choice("key", "entra", "service_principal", "managed_identity", "workload_identity"),
    },
    "tenantId": {
        "label": "Tenant ID (Entra only)",
        "description": "The tenant of a service principal, or of a workload identity.",
        "schema": _TEXT,
    },
    "managed_identity_client_id": {
        "label": "Managed identity's client ID (Entra only)",
        "description": "Of an identity that a user has assigned. Empty for that of the system.",
        "schema": _TEXT,
    },
    "azure_conn_id": {
        "label": "Azure connection (Entra only)",
        "description": "The id of a connection of type azure that says who signs in, instead of this one.",
        "schema": _TEXT,
    },
    "cloud_environment": {
        "label": "Cloud (Entra only)",
        "description": "The cloud that gives tokens. Empty for AzurePublicCloud.",
        "schema": _choice("AzurePublicCloud", "AzureUSGovernment", "AzureChinaCloud"),
    },
    "api_version": {
        "label": "API version",
        "description": "The api-version of jobs, such as 2026-05-01, or v3.1 for the legacy API; one that is "
        "newer than this provider can be typed. Empty for the newest stable version.",
        "schema": {**_TEXT, "examples": list(API_VERSIONS)},
    },
    "logging_opt_out": {
        "label": "Keep no texts",
        "description": "Whether all tasks ask the service not to keep their texts for troubleshooting, which "
        "it else may for 48 hours.",
        "schema": {"type": ["boolean", "null"]},
    },
    "timeout": {
        "label": "Read timeout in seconds",
        "description": "How long an answer may take until it is whole. Empty for 60.",
        "schema": {"type": ["integer", "null"]},
    },
    "tier": {
        "label": "Pricing tier",
        "description": "S, or F0 for the free one, which takes fewer requests. Empty for S.",
        "schema": _choice("S", "F0"),
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
    # The port is shown, since the Test button of Airflow 3.3.2 refuses what is stored without one.
    "hidden-fields": ["schema"],
    "relabeling": {
        "host": "Endpoint",
        "login": "Client ID (Entra only)",
        "password": "Key, or client secret",
        "port": "Port",
    },
    "placeholders": {
        "host": "https://NAME.cognitiveservices.azure.com",
        "port": "443; empty for that of the endpoint",
        "login": "the application's, of a service principal; empty with a key",
        "password": "one of the resource's two keys; the client secret, if there is a client id",
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
                "that in their task state store; a second note in this folder, if it is set, names the job "
                "to cancel where Airflow forgets it at a clear, as 3.4 does. Empty for a folder below "
                "AIRFLOW_HOME, which suits a deployment whose workers are all on one host. A folder on a "
                "disk that is made here is its owner's alone: where tasks run as several users, make it "
                "yourself.",
                "version_added": "0.1.0",
                "type": "string",
                "example": "s3://aws_default@bucket/airflow/azure-language-state",
                "default": "",
            },
            "report_base_url": {
                "description": "The web address, with https, under which the root of the storage with the "
                "results can be read: a bucket, a container, or the disk. Tasks then have buttons to their "
                "results and reports. Airflow shows none for s3:// and the like.",
                "version_added": "0.1.0",
                "type": "string",
                "example": "https://reports.example.com",
                "default": "",
            },
            "logging_opt_out": {
                "description": "Whether the service must not keep texts for troubleshooting: all tasks that "
                "leave ``logging_opt_out`` open ask for it, over every connection, and one that says False "
                "is refused. A connection can say the same for itself.",
                "version_added": "0.1.0",
                "type": "boolean",
                "example": "True",
                "default": "False",
            },
            "digest_key": {
                "description": "A random key, such as ``openssl rand -hex 32`` makes. With it, a retry finds "
                "that its documents or parameters have changed, and submits a new job; the digests that tell "
                "so say nothing to others. Without it, or with another key than before, a retry goes on "
                "with the job that there is. A corpus needs it, too, to know what earlier runs have "
                "analyzed, and to pay for each document once.",
                "version_added": "0.1.0",
                "type": "string",
                "sensitive": True,
                "example": None,
                "default": "",
            },
            "digest_key_conn_id": {
                "description": "A connection whose password is that key, if it is not to stand here.",
                "version_added": "0.1.0",
                "type": "string",
                "example": "azure_language_digest_key",
                "default": "",
            },
            "redaction_key": {
                "description": "A random key, such as ``openssl rand -hex 32`` makes, of the pseudonyms that "
                "a redaction policy puts in the place of personal data. The same name has the same pseudonym "
                "as long as the key stays; who has the key can find out whose pseudonym it is by guessing.",
                "version_added": "0.1.0",
                "type": "string",
                "sensitive": True,
                "example": None,
                "default": "",
            },
            "redaction_key_conn_id": {
                "description": "A connection whose password is that key, if it is not to stand here.",
                "version_added": "0.1.0",
                "type": "string",
                "example": "azure_language_redaction_key",
                "default": "",
            },
            "reveal_key": {
                "description": "A Fernet key, as Airflow's own are made, with which a redaction policy that "
                "is reversible encrypts whom its pseudonyms stand for. Who has it, and the table "
                "``pseudonyms``, knows.",
                "version_added": "0.1.0",
                "type": "string",
                "sensitive": True,
                "example": None,
                "default": "",
            },
            "reveal_key_conn_id": {
                "description": "A connection whose password is that key, if it is not to stand here.",
                "version_added": "0.1.0",
                "type": "string",
                "example": "azure_language_reveal_key",
                "default": "",
            },
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
        "<https://learn.microsoft.com/azure/ai-services/language-service/>`__; see the "
        f"`documentation <{DOCUMENTATION}>`__.",
        "integrations": [
            {
                "integration-name": INTEGRATION,
                "external-doc-url": "https://learn.microsoft.com/azure/ai-services/language-service/",
                "how-to-guide": [DOCUMENTATION],
                "tags": ["azure"],
            }
        ],
        "hooks": _modules("hooks", "language"),
        "operators": _modules("operators", "analyze"),
        "sensors": _modules("sensors", "analyze"),
        "triggers": _modules("triggers", "analyze", "started"),
        "config": CONFIGURATION,
        "extra-links": [
            "airflow_provider_language.links.ServiceLink",
            "airflow_provider_language.links.ResultsLink",
            "airflow_provider_language.links.ReportLink",
        ],
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
