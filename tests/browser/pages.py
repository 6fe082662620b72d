"""What a person does on the pages of an Airflow, whichever it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.system.rest import Run

CONNECTION_TYPE = "Azure AI Language"


@dataclass(frozen=True)
class NewConnection:
    """What is typed into the form of a connection.

    Attributes:
        conn_id: its name.
        host: the endpoint.
        port: of the endpoint, where the host does not say it.
        key: of the resource.
        tier: is chosen from a list, where the form has one.
    """

    conn_id: str
    host: str
    port: int | None
    key: str
    tier: str = "S"


class Form(Protocol):
    """The form of a DAG, as it opens."""

    @property
    def sections(self) -> list[str]:
        """The names of its folds, without those that are Airflow's own."""

    def unfold(self, section: str) -> str:
        """Open a fold, and read all that stands there."""

    def choices(self, field: str) -> list[str]:
        """Return what a drop-down list of an open fold offers."""

    def choose(self, field: str, choice: str) -> None:
        """Choose from a drop-down list of an open fold."""

    def write(self, param: str, text: str) -> None:
        """Type into a field of an open fold, instead of what stands there."""

    @property
    def can_start(self) -> bool:
        """Whether the button is alive, and nothing is marked as wrong."""

    def start(self) -> Run:
        """Press the button."""


class AirflowPages(Protocol):
    """Airflow's pages in one window of the browser.

    Attributes:
        page: the window.
    """

    page: Page

    def sign_in(self) -> None:
        """Sign in, where somebody asks."""

    def fill_connection(self, connection: NewConnection) -> str:
        """Open the form of a new connection, fill it in, and read what it tells of our own fields."""

    def test_and_save(self, connection: NewConnection, look: Callable[[], None]) -> str:
        """Press the buttons for what has been filled in, and read what the test has told.

        Args:
            connection: that was filled in.
            look: is called while that is shown.
        """

    def form(self, dag_id: str) -> Form:
        """Open the form of a DAG."""

    def task(self, run: Run, task_id: str, map_index: int | None = None) -> None:
        """Open the page of a task where its links are."""

    def links(self) -> list[str]:
        """Return the names of the links of the task that is open."""

    def follow(self, link: str) -> Page:
        """Follow a link of the task that is open, which opens a window of its own."""

    def rendered_fields(self, run: Run, task_id: str, map_index: int | None = None) -> str:
        """Read the rendered fields of a task."""

    def instances(self, run: Run, task_id: str) -> str:
        """Read the list of the instances of a mapped task."""
