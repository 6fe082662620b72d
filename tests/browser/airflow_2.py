"""The pages of Airflow 2.11."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from tests.browser.pages import CONNECTION_TYPE, NewConnection
from tests.system.generations import ADMINISTRATOR
from tests.system.rest import Run

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Locator, Page

OWN_SECTIONS = ("Generated Configuration JSON and Dagrun Options",)


class Form2:
    """The form of a DAG: a page."""

    def __init__(self, page: Page, dag_id: str):
        self._page = page
        self._dag_id = dag_id
        self._button = page.get_by_role("button", name="Trigger", exact=True)
        self._button.wait_for()

    @property
    def sections(self) -> list[str]:
        names = self._page.locator("a.accordion-toggle").all_inner_texts()
        return [name.strip() for name in names if name.strip() not in OWN_SECTIONS]

    def unfold(self, section: str) -> str:
        link = self._page.get_by_role("link", name=section, exact=True)
        fold = self._page.locator(link.get_attribute("href"))
        link.click()
        # Its height is animated.
        fold.and_(self._page.locator(".in:not(.collapsing)")).wait_for()
        told: str = fold.inner_text()
        return told

    def choices(self, field: str) -> list[str]:
        return [name.strip() for name in self._list(field).locator("option").all_inner_texts()]

    def choose(self, field: str, choice: str) -> None:
        self._list(field).select_option(label=choice)

    def write(self, param: str, text: str) -> None:
        self._page.locator(f"#element_{param}").fill(text)

    @property
    def can_start(self) -> bool:
        wrong = self._page.locator("form :invalid").count()
        return bool(self._button.is_enabled() and not wrong)

    def start(self) -> Run:
        self._button.click()
        told = self._page.get_by_text(re.compile(f"Triggered {self._dag_id} with new Run ID")).inner_text()
        return Run(self._dag_id, re.findall(r"Run ID (\S+),", told)[0])

    def _list(self, field: str) -> Locator:
        row = self._page.get_by_role("row").filter(has_text=f"{field}:")
        return row.locator("select")


class Airflow2Pages:
    """Airflow 2.11 in a window of the browser."""

    def __init__(self, page: Page, url: str):
        self.page = page
        self._url = url

    def sign_in(self) -> None:
        self.page.goto(self._url)
        name, password = ADMINISTRATOR
        self.page.get_by_label("Username").fill(name)
        self.page.get_by_label("Password").fill(password)
        self.page.get_by_role("button", name="Sign In").click()
        self.page.get_by_role("heading", name="DAGs").wait_for()

    def fill_connection(self, connection: NewConnection) -> str:
        self.page.goto(f"{self._url}/connection/add")
        self.page.locator("#conn_type").select_option(label=CONNECTION_TYPE)
        self.page.get_by_label("Connection Id").fill(connection.conn_id)
        self.page.get_by_label("Endpoint").fill(connection.host)
        if connection.port is not None:
            self.page.get_by_label("Port").fill(str(connection.port))
        self.page.get_by_label("Key, or client secret").fill(connection.key)
        self.page.get_by_label("Pricing tier").fill(connection.tier)
        told: str = self.page.locator("#model_form").inner_text()
        self.page.evaluate("scrollTo(0, 0)")
        return told

    def test_and_save(self, connection: NewConnection, look: Callable[[], None]) -> str:
        self.page.get_by_role("button", name="Test").click()
        # The box has another message before. What it is then called says only that there was an answer.
        message = self.page.locator(".alert-success, .alert-error")
        message.wait_for()
        told: str = message.inner_text()
        self.page.evaluate("scrollTo(0, 0)")
        look()
        self.page.get_by_role("button", name="Save").click()
        self.page.get_by_text("Added Row").wait_for()
        return told

    def form(self, dag_id: str) -> Form2:
        self.page.goto(f"{self._url}/dags/{dag_id}/trigger")
        return Form2(self.page, dag_id)

    def task(self, run: Run, task_id: str, map_index: int | None = None) -> None:
        self._open(run, task_id, "details", map_index)
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
        self._open(run, task_id, "details", map_index)
        table = self.page.get_by_role("table").filter(has_text="azure_language_conn_id")
        told: str = table.inner_text()
        return told

    def instances(self, run: Run, task_id: str) -> str:
        self._open(run, task_id, "mapped_tasks")
        table = self.page.get_by_role("table").filter(has_text="Map Index")
        table.locator("time").first.wait_for()
        told: str = table.inner_text()
        return told

    def _links(self) -> Locator:
        return self.page.get_by_text("Extra Links", exact=True).locator("xpath=..").get_by_role("link")

    def _open(self, run: Run, task_id: str, tab: str, map_index: int | None = None) -> None:
        asked = {"dag_run_id": run.run_id, "task_id": task_id, "tab": tab}
        if map_index is not None:
            asked["map_index"] = str(map_index)
        self.page.goto(f"{self._url}/dags/{run.dag_id}/grid?{urlencode(asked)}")
