"""The connection form as Airflow builds it: from the manifest since 3.2, from the hook's methods before."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from airflow_provider_language.get_provider_info import CONNECTION_FIELDS, CONNECTION_TYPE, FIELD_BEHAVIOUR

if TYPE_CHECKING:
    from airflow.providers_manager import ProvidersManager

pytestmark = pytest.mark.system


def test_the_form_has_the_declared_fields_and_no_others(providers: ProvidersManager) -> None:
    widgets = providers.connection_form_widgets
    prefix = f"extra__{CONNECTION_TYPE}__"

    assert {name.removeprefix(prefix) for name in widgets if name.startswith(prefix)} == set(
        CONNECTION_FIELDS
    )


def test_the_forms_own_fields_are_named_and_hidden_as_declared(providers: ProvidersManager) -> None:
    behaviour = providers.field_behaviours[CONNECTION_TYPE]

    assert set(behaviour["hidden_fields"]) == set(FIELD_BEHAVIOUR["hidden-fields"])
    assert behaviour["relabeling"] == FIELD_BEHAVIOUR["relabeling"]
    assert behaviour["placeholders"] == FIELD_BEHAVIOUR["placeholders"]


def test_the_endpoint_and_the_key_are_asked_for_by_the_names_of_the_portal(
    providers: ProvidersManager,
) -> None:
    behaviour = providers.field_behaviours[CONNECTION_TYPE]

    assert behaviour["relabeling"]["host"] == "Endpoint"
    assert behaviour["relabeling"]["password"] == "Key"
