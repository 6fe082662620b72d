"""The recipes of connections can be copied: each is read, and says the same as JSON and as a URI."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from airflow_provider_language._compat import BaseHook, Connection
from airflow_provider_language.hooks.connections import ConnectionSettings, settings_from
from airflow_provider_language.hooks.extras import OUR_EXTRAS, SIGN_IN_EXTRAS
from airflow_provider_language.hooks.sign_ins import WAYS, lender_of

PAGE = (Path(__file__).parents[1] / "docs" / "connections.md").read_text()
RECIPE = re.compile(r"```json\n(.*?)\n```\n\n```uri\n(.*?)\n```", re.DOTALL)
RECIPES = RECIPE.findall(PAGE)
FILES = ("/etc/airflow/principal.pem", "/etc/ssl/company.pem")
LENDER: dict[str, Any] = {
    "login": "CLIENT-ID",
    "password": "CLIENT-SECRET",
    "extra": '{"tenantId": "TENANT-ID"}',
}


def read(connection: Connection) -> ConnectionSettings:
    lender = lender_of(connection)
    return settings_from(
        connection, Connection(conn_id=lender, conn_type="azure", **LENDER) if lender else None
    )


def test_no_recipe_of_the_page_is_missed() -> None:
    assert len(RECIPES) == PAGE.count("```json") == PAGE.count("```uri") == 15


@pytest.mark.parametrize(("as_json", "as_uri"), RECIPES, ids=[uri[:80] for _, uri in RECIPES])
def test_a_recipe_says_the_same_as_json_and_as_a_uri(
    as_json: str, as_uri: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in FILES:
        there = tmp_path / Path(name).name
        there.touch()
        as_json = as_json.replace(name, str(there))
        as_uri = as_uri.replace(quote(name, safe=""), quote(str(there), safe=""))
    monkeypatch.setenv("AIRFLOW_CONN_AS_JSON", as_json)
    monkeypatch.setenv("AIRFLOW_CONN_AS_URI", as_uri)

    settings = read(BaseHook.get_connection("as_json"))

    assert read(BaseHook.get_connection("as_uri")) == settings
    assert settings.endpoint.url == json.loads(as_json)["host"].lower()


def test_each_kind_of_sign_in_is_told() -> None:
    for name in (*WAYS, *(SIGN_IN_EXTRAS - {"tenant_id"}), "logging_opt_out"):
        assert f"`{name}`" in PAGE or f'"{name}"' in PAGE, name
    assert "logging_opt_out" in OUR_EXTRAS
