"""The pages of Airflow 3."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from tests.browser.pages import CONNECTION_TYPE, NewConnection
from tests.system.rest import Run

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Locator, Page

OWN_SECTIONS = ("Run Parameters", "Advanced Options")


class Form3:
    """The form of a DAG: a window in the page."""

    def __init__(self, page: Page, dag_id: str):
        self._page = page
        self._dag_id = dag_id
        self._dialog = page.get_by_role("dialog")
        self._button = self._dialog.get_by_role("button", name="Trigger", exact=True)
        self._button.wait_for()

    @property
    def sections(self) -> list[str]:
        folds = self._dialog.locator("[data-scope=accordion][data-part=item-trigger]")
        folds.first.wait_for()
        return [name for name in folds.all_inner_texts() if name and name not in OWN_SECTIONS]

    def unfold(self, section: str) -> str:
        told: str = self._fold(section).inner_text()
        return told

    def choices(self, field: str) -> list[str]:
        self._dialog.get_by_role("combobox", name=field).click()
        options = self._page.get_by_role("option")
        options.first.wait_for()
        names: list[str] = options.all_inner_texts()
        return names

    def choose(self, field: str, choice: str) -> None:
        if not self._page.get_by_role("option").count():
            self._dialog.get_by_role("combobox", name=field).click()
        self._page.get_by_role("option", name=choice, exact=True).click()

    def write(self, param: str, text: str) -> None:
        self._dialog.locator(f"[name=element_{param}]").fill(text)

    @property
    def can_start(self) -> bool:
        wrong = self._dialog.locator("[aria-invalid=true]").count()
        return bool(self._button.is_enabled() and not wrong)

    def start(self) -> Run:
        self._button.click()
        self._page.wait_for_url(re.compile(r"/runs/[^/]+$"))
        return Run(self._dag_id, unquote(self._page.url.rpartition("/")[2]))

    def _fold(self, section: str) -> Locator:
        button = self._dialog.get_by_role("button", name=section, exact=True)
        if button.get_attribute("aria-expanded") == "false":
            button.click()
        fold = self._page.locator(f'[id="{button.get_attribute("aria-controls")}"]')
        fold.wait_for()
        return fold


class Airflow3Pages:
    """Airflow 3 in a window of the browser."""

    def __init__(self, page: Page, url: str):
        self.page = page
        self._url = url

    def sign_in(self) -> None:
        # All are administrators; the first page that is asked for is forgotten on the way.
        self.page.goto(self._url)
        self.page.get_by_role("heading", name="Welcome").wait_for()

    def fill_connection(self, connection: NewConnection) -> str:
        self.page.goto(f"{self._url}/connections")
        self.page.get_by_role("button", name="Add Connection").click()
        dialog = self.page.get_by_role("dialog")
        dialog.get_by_role("textbox", name="Connection ID").fill(connection.conn_id)
        dialog.get_by_role("combobox").fill(CONNECTION_TYPE)
        self.page.get_by_role("option", name=CONNECTION_TYPE, exact=True).click()
        fold = dialog.get_by_role("button", name="Extra Fields", exact=True)
        fold.click()
        dialog.get_by_role("combobox", name="Pricing tier").click()
        self.page.get_by_role("option", name=connection.tier, exact=True).click()
        told: str = self.page.locator(f'[id="{fold.get_attribute("aria-controls")}"]').inner_text()
        dialog.get_by_role("button", name="Standard Fields", exact=True).click()
        dialog.get_by_label("Endpoint").fill(connection.host)
        if connection.port is not None:
            dialog.get_by_label("Port").fill(str(connection.port))
        dialog.get_by_label("Key, or client secret").fill(connection.key)
        return told

    def test_and_save(self, connection: NewConnection, look: Callable[[], None]) -> str:
        # The form has no button for a test; the list of what is saved has one.
        self.page.get_by_role("dialog").get_by_role("button", name="Save").click()
        row = self.page.get_by_role("row").filter(has_text=connection.conn_id)
        row.get_by_role("button", name="Test Connection").click()
        message = self.page.get_by_role("status").filter(has_text="Test Connection")
        message.wait_for()
        told: str = message.inner_text()
        look()
        return told

    def form(self, dag_id: str) -> Form3:
        self.page.goto(f"{self._url}/dags/{dag_id}")
        self.page.get_by_role("button", name="Trigger").first.click()
        return Form3(self.page, dag_id)

    def task(self, run: Run, task_id: str, map_index: int | None = None) -> None:
        self.page.goto(f"{self._instance(run, task_id, map_index)}/details")
        self._links().first.wait_for()

    def links(self) -> list[str]:
        names: list[str] = self._links().all_inner_texts()
        return names

    def follow(self, link: str) -> Page:
        with self.page.expect_popup() as opened:
            self._links().filter(has_text=re.compile(f"^{link}$")).click()
        opened.value.wait_for_load_state()
        return opened.value

    def rendered_fields(self, run: Run, task_id: str, map_index: int | None = None) -> str:
        self.page.goto(f"{self._instance(run, task_id, map_index)}/rendered_templates")
        table = self.page.get_by_role("table").filter(has_text="azure_language_conn_id")
        told: str = table.inner_text()
        return told

    def instances(self, run: Run, task_id: str) -> str:
        self.page.goto(f"{self._of(run)}/tasks/{task_id}/mapped")
        table = self.page.get_by_role("table").filter(has_text="Map Index")
        # Until they have come, the rows are empty.
        table.locator("time").first.wait_for()
        told: str = table.inner_text()
        return told

    def _links(self) -> Locator:
        return self.page.get_by_role("heading", name="Extra Links").locator("xpath=..").get_by_role("link")

    def _of(self, run: Run) -> str:
        return f"{self._url}/dags/{run.dag_id}/runs/{quote(run.run_id)}"

    def _instance(self, run: Run, task_id: str, map_index: int | None) -> str:
        mapped = "" if map_index is None else f"/mapped/{map_index}"
        return f"{self._of(run)}/tasks/{task_id}{mapped}"
