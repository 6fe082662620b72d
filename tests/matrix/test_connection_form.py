"""The connection form as Airflow builds it: from the manifest since 3.2, from the hook's methods before."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from importlib.metadata import version
from multiprocessing import get_context
from typing import TYPE_CHECKING, Any

import pytest

from airflow_provider_language._compat import AIRFLOW_3
from airflow_provider_language.get_provider_info import CONNECTION_FIELDS, CONNECTION_TYPE, FIELD_BEHAVIOUR

if TYPE_CHECKING:
    from airflow.providers_manager import ProvidersManager

pytestmark = [
    pytest.mark.system,
    pytest.mark.skipif(
        version("apache-airflow").startswith("3.0."),
        reason="Airflow 3.0 shows the form of a provider's hook only where FAB is installed",
    ),
]
NAMES = {"url_schema": "schema"}
"""Fields that the API calls by another name."""


@dataclass(frozen=True)
class Form:
    """The form of our type of connection.

    Attributes:
        fields: the names of the fields that are ours.
        hidden: which of Airflow's own fields are not shown.
        relabeling: the labels of Airflow's own fields, by their names.
        placeholders: what stands in fields that are empty, by their names.
        choices: what a field of ours may be, where that is a list, by their names.
    """

    fields: set[str]
    hidden: set[str]
    relabeling: dict[str, str]
    placeholders: dict[str, str]
    choices: dict[str, list[str]]


@pytest.fixture
def form(providers: ProvidersManager) -> Form:
    return in_a_process_of_its_own() if AIRFLOW_3 else form_of_the_webserver(providers)


def in_a_process_of_its_own() -> Form:
    """Ask as the API server does: Airflow 3.1 finds no field where hooks were imported without its mocks."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as server:
        return server.submit(form_of_the_api).result()


def form_of_the_webserver(providers: ProvidersManager) -> Form:
    prefix = f"extra__{CONNECTION_TYPE}__"
    widgets = providers.connection_form_widgets
    behaviour = providers.field_behaviours[CONNECTION_TYPE]
    return Form(
        {name.removeprefix(prefix) for name in widgets if name.startswith(prefix)},
        set(behaviour["hidden_fields"]),
        behaviour["relabeling"],
        behaviour["placeholders"],
        {
            name.removeprefix(prefix): list(one.values)
            for name, widget in widgets.items()
            for one in widget.field.kwargs.get("validators", ())
            if name.startswith(prefix) and hasattr(one, "values")
        },
    )


def form_of_the_api() -> Form:
    """Ask what the API server tells the browser, which needs neither FAB nor WTForms."""
    from airflow.api_fastapi.core_api.services.ui.connections import HookMetaService

    [told] = [one for one in HookMetaService.hook_meta_data() if one.connection_type == CONNECTION_TYPE]
    standard: dict[str, Any] = {
        NAMES.get(name, name): field for name, field in (told.standard_fields or ()) if field
    }
    return Form(
        set(told.extra_fields or ()),
        {name for name, field in standard.items() if field.hidden},
        {name: field.title for name, field in standard.items() if field.title},
        {name: field.placeholder for name, field in standard.items() if field.placeholder},
        {
            name: list(field["schema"]["enum"])
            for name, field in (told.extra_fields or {}).items()
            if field["schema"].get("enum")
        },
    )


def test_the_form_has_the_declared_fields_and_no_others(form: Form) -> None:
    assert form.fields == set(CONNECTION_FIELDS)


def test_the_forms_own_fields_are_named_and_hidden_as_declared(form: Form) -> None:
    assert form.hidden == set(FIELD_BEHAVIOUR["hidden-fields"])
    assert form.relabeling == FIELD_BEHAVIOUR["relabeling"]
    declared = dict(FIELD_BEHAVIOUR["placeholders"])
    if AIRFLOW_3:
        del declared["extra"]  # a field of JSON there, which has none
    assert form.placeholders == declared


def test_the_endpoint_and_the_key_are_asked_for_by_the_names_of_the_portal(form: Form) -> None:
    assert form.relabeling["host"] == "Endpoint"
    assert form.relabeling["password"] == "Key, or client secret"
    assert form.relabeling["login"] == "Client ID (Entra only)"


def test_what_can_be_chosen_only_is_a_list_of_choices(form: Form) -> None:
    declared = {name: field["schema"].get("enum") for name, field in CONNECTION_FIELDS.items()}
    assert form.choices == {name: choices for name, choices in declared.items() if choices}
