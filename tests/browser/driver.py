"""The browser, and what drives it: Chromium of this machine, and two packages in folders of their own."""

from __future__ import annotations

import os
import shutil
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tests.foreign.packages import Package

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import BrowserContext

PLAYWRIGHT = Package("playwright", "1.65.2")
PILLOW = Package("pillow", "13.0.0")
PACKAGES = (PLAYWRIGHT, PILLOW)
NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome")
"""What the program is called by those who package it."""
SIZE = {"width": 1280, "height": 800}
PATIENCE = 30_000
"""Milliseconds for a page to show what is looked for, on a machine that is busy with Airflow."""


class BrowserError(RuntimeError):
    """There is no browser."""


def chromium() -> str:
    """Return the program.

    Raises:
        BrowserError: it is not installed.
    """
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        raise BrowserError(
            "There is no Chromium on this machine, by any of the names "
            f"{', '.join(NAMES)}. Install it, on Debian and Ubuntu by `apt-get install chromium`."
        )
    return found


def make_importable() -> None:
    """Let the packages be imported here, after what is installed already."""
    sys.path += [str(package.folder) for package in PACKAGES if str(package.folder) not in sys.path]


@contextmanager
def browsing() -> Iterator[BrowserContext]:
    """Start the browser; who is in the context has cookies of its own."""
    from playwright.sync_api import sync_playwright

    # Its sandbox does not work for root.
    options = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=options)
        # The report's server has a certificate of its own making.
        context = browser.new_context(ignore_https_errors=True, viewport=SIZE, locale="en-US")
        context.set_default_timeout(PATIENCE)
        try:
            yield context
        finally:
            browser.close()
