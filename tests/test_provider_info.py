"""What Airflow's own ProvidersManager makes of our manifest, on 2.11 by the hook's methods as well."""

from __future__ import annotations

import importlib
import json
from importlib.metadata import entry_points, version
from importlib.resources import files
from typing import Any

import pytest
from airflow.providers_manager import ProvidersManager

from airflow_provider_language._compat import AIRFLOW_3, Connection
from airflow_provider_language.get_provider_info import (
    CONNECTION_FIELDS,
    CONNECTION_TYPE,
    FIELD_BEHAVIOUR,
    get_provider_info,
)
from airflow_provider_language.hooks.clouds import CLOUDS
from airflow_provider_language.hooks.connections import settings_from
from airflow_provider_language.hooks.credentials import ManagedIdentity
from airflow_provider_language.hooks.language import LanguageHook
from airflow_provider_language.hooks.sign_ins import WAYS
from airflow_provider_language.protocol.pacing.limits import TIERS
from airflow_provider_language.protocol.versions import (
    CONVERSATION_KINDS,
    LEGACY_VERSION,
    NATIVE_DOCUMENT_KINDS,
    TEXT_KINDS,
)

DISTRIBUTION = "airflow-provider-language"
HOOK = "airflow_provider_language.hooks.language.LanguageHook"
# What the browser shows there comes from the API, as tests/matrix asks it.
where_the_manager_has_forms = pytest.mark.skipif(
    version("apache-airflow").startswith(("3.0.", "3.1.")),
    reason="Airflow 3.0 and 3.1 build forms from the hook's methods, by FAB, which is not installed",
)


@pytest.fixture(scope="module")
def manager() -> Any:
    return ProvidersManager()  # type: ignore[no-untyped-call]  # Airflow's own lack of annotations


def test_the_entry_point_leads_to_the_manifest() -> None:
    (entry,) = (
        entry
        for entry in entry_points(group="apache_airflow_provider")
        if entry.value.startswith("airflow_provider_language.")
    )

    assert entry.load() is get_provider_info


def test_airflow_knows_the_provider(manager: Any) -> None:
    provider = manager.providers[DISTRIBUTION]

    assert provider.data["package-name"] == DISTRIBUTION


@pytest.mark.filterwarnings("ignore:ProvidersManager.hooks is deprecated")
def test_airflow_knows_the_connection_type_and_can_test_it(manager: Any) -> None:
    hook = manager.hooks[CONNECTION_TYPE]

    assert (hook.hook_class_name, hook.connection_id_attribute_name) == (HOOK, LanguageHook.conn_name_attr)
    assert (hook.hook_name, hook.connection_testable) == (LanguageHook.hook_name, True)


@where_the_manager_has_forms
def test_the_form_has_our_fields_with_their_names(manager: Any) -> None:
    widgets = manager.connection_form_widgets

    shown = {name: widgets.get(f"extra__{CONNECTION_TYPE}__{name}") for name in CONNECTION_FIELDS}
    labels = {
        name: widget.field["schema"]["title"] if AIRFLOW_3 else widget.field.args[0]
        for name, widget in shown.items()
    }
    assert labels == {name: field["label"] for name, field in CONNECTION_FIELDS.items()}


@where_the_manager_has_forms
def test_the_form_renames_and_hides_airflows_fields(manager: Any) -> None:
    behaviour = manager.field_behaviours[CONNECTION_TYPE]

    assert behaviour["relabeling"]["login"] == "Client ID (Entra only)"
    assert behaviour["relabeling"] == FIELD_BEHAVIOUR["relabeling"]
    assert set(behaviour["hidden_fields"]) == {"schema"}
    assert behaviour["placeholders"] == FIELD_BEHAVIOUR["placeholders"]


def test_the_methods_for_airflow_2_are_where_it_looks_and_say_what_the_manifest_says() -> None:
    assert {"get_connection_form_widgets", "get_ui_field_behaviour"} <= vars(LanguageHook).keys()
    assert LanguageHook.get_ui_field_behaviour() == {
        "hidden_fields": FIELD_BEHAVIOUR["hidden-fields"],
        "relabeling": FIELD_BEHAVIOUR["relabeling"],
        "placeholders": FIELD_BEHAVIOUR["placeholders"],
    }


def test_keys_are_spelt_with_hyphens_since_others_are_ignored_in_silence() -> None:
    (connection_type,) = get_provider_info()["connection-types"]

    for names in (get_provider_info(), connection_type, connection_type["ui-field-behaviour"]):
        assert not [name for name in names if "_" in name]


def test_what_the_form_stores_is_what_the_hook_reads() -> None:
    """The form stores its fields in the extra, by the names of the manifest."""
    stored = {
        "auth": "managed_identity",
        "managed_identity_client_id": "m",
        "tenantId": None,
        "azure_conn_id": None,
        "cloud_environment": "AzureChinaCloud",
        "logging_opt_out": True,
        "api_version": "2023-04-01",
        "timeout": 7,
        "tier": "F0",
        "requests_per_minute": 60,
        "request_share": 0.5,
    }
    assert set(CONNECTION_FIELDS) == set(stored)

    settings = settings_from(
        Connection(conn_id="a", conn_type=CONNECTION_TYPE, host="https://a.example", extra=json.dumps(stored))
    )

    assert (settings.api_version, settings.timeout[1]) == ("2023-04-01", 7.0)
    assert (settings.limits.per_second, settings.limits.per_minute) == (50, 30)
    assert settings.headers == {}
    assert settings.logging_opt_out
    assert settings.credential is not None
    assert settings.credential.identity == ManagedIdentity("m")
    assert settings.credential.authority == "https://login.chinacloudapi.cn"


def test_the_choices_of_the_form_are_those_that_the_hook_knows() -> None:
    choices = {name: tuple(field["schema"].get("enum", ())) for name, field in CONNECTION_FIELDS.items()}

    assert {name: told for name, told in choices.items() if told} == {
        "auth": WAYS,
        "cloud_environment": tuple(CLOUDS),
        "tier": tuple(TIERS),
    }
    offered = CONNECTION_FIELDS["api_version"]["schema"]["examples"]
    known = {*TEXT_KINDS, *CONVERSATION_KINDS, *NATIVE_DOCUMENT_KINDS, LEGACY_VERSION}
    assert set(offered) <= known
    assert {version for version in known if version >= "2024" and not version.endswith("preview")} <= {
        *offered
    }


def test_each_field_of_the_form_has_help_and_none_a_default_that_would_be_saved() -> None:
    for field in CONNECTION_FIELDS.values():
        assert field["description"].endswith(".")
        assert "null" in field["schema"]["type"]
        assert "default" not in field["schema"]


def test_every_module_that_the_manifest_names_is_there() -> None:
    info = get_provider_info()
    modules = [
        module
        for kind in ("hooks", "operators", "sensors", "triggers")
        for integration in info[kind]
        for module in integration["python-modules"]
    ]

    assert modules
    for module in modules:
        assert importlib.import_module(module).__doc__


def test_the_manifest_is_of_the_form_that_airflow_checks() -> None:
    schema = json.loads((files("airflow") / "provider_info.schema.json").read_text())

    importlib.import_module("jsonschema").validate(get_provider_info(), schema)
