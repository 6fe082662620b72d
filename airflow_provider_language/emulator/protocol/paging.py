"""Pages of a job's results, and the link from one to the next.

A page has at most so many documents of every task.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from airflow_provider_language.emulator.protocol import errors

if TYPE_CHECKING:
    from collections.abc import Mapping

DEFAULT_TOP = 20
"""Documents per task and page unless the caller says otherwise (recording pagination_nextlink)."""

_MAX_INT32 = 2**31 - 1


@dataclass(frozen=True)
class Page:
    """The part of the results that one GET asks for.

    Attributes:
        top: How many documents of each task.
        skip: How many to leave out before; it is applied first.
        show_stats: The caller's ``showStats`` as it was spelled, or None.
    """

    top: int = DEFAULT_TOP
    skip: int = 0
    show_stats: str | None = None

    @property
    def with_statistics(self) -> bool:
        """Whether the page has statistics; ``True`` and ``true`` are both taken."""
        return self.show_stats is not None and self.show_stats.lower() == "true"

    def after(self, total: int) -> Page | None:
        """Return the next page, or None if this is the last.

        The next page's ``top`` is what remains, but not more than this page's: a caller that asks for
        pages of 10 gets 25 documents in three pages.

        Args:
            total: Documents of the job.
        """
        remaining = total - self.skip - self.top
        if remaining <= 0:
            return None
        return Page(min(self.top, remaining), self.skip + self.top, self.show_stats)


@dataclass(frozen=True)
class PagingNames:
    """How an API spells the parts of paging.

    Attributes:
        top: The query parameter of the page's size.
        skip: The query parameter of the documents to leave out.
        next_link: The field of a job's body with the next page's URL.
        largest: The highest ``top`` that is taken.
    """

    top: str = "top"
    skip: str = "skip"
    next_link: str = "nextLink"
    largest: int = _MAX_INT32

    def read(self, query: Mapping[str, str]) -> Page:
        """Return the page that a query asks for.

        Raises:
            ServiceError: ``top`` is no positive or ``skip`` no non-negative integer, or they are too high.
                What the service does with these is unknown; a refusal hides no mistake.
        """
        return Page(
            top=_integer(query, self.top, DEFAULT_TOP, 1, self.largest),
            skip=_integer(query, self.skip, 0, 0, _MAX_INT32),
            show_stats=query.get("showStats"),
        )

    def link(self, job_path: str, page: Page, api_version: str | None) -> dict[str, str]:
        """Return the field of a job's body that links to a page.

        Args:
            job_path: The job's URL without a query.
            page: The page to link to.
            api_version: For the end of the query, in the recorded order; None where the path has it.
        """
        show_stats = f"showStats={page.show_stats}&" if page.show_stats else ""
        version = "" if api_version is None else f"&api-version={api_version}"
        return {
            self.next_link: f"{job_path}?{show_stats}{self.top}={page.top}&{self.skip}={page.skip}{version}"
        }


def _integer(query: Mapping[str, str], name: str, default: int, lowest: int, highest: int) -> int:
    text = query.get(name)
    if text is None:
        return default
    if text.isascii() and text.isdigit() and lowest <= int(text[:11]) <= highest:
        return int(text)
    limit = "" if highest == _MAX_INT32 else f" and at most {highest}"
    raise errors.invalid_parameter(
        f"Query parameter '{name}' must be an integer of at least {lowest}{limit}."
    )
