"""Pictures of pages, as the documentation shows them."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

LARGEST = 150_000
"""Bytes of one picture."""
COLOURS = 256


@dataclass(frozen=True)
class Pictures:
    """Takes pictures.

    Attributes:
        folder: where they are put; None to take none.
        airflow: the version, with which the names of pictures of its pages begin.
    """

    folder: Path | None
    airflow: str

    def take(self, page: Page, name: str, *, of_airflow: bool = True) -> None:
        """Take a picture of what the window shows.

        Args:
            page: the window.
            name: what it shows.
            of_airflow: whether it looks otherwise on another version.
        """
        if self.folder is None:
            return
        small = reduced(page.screenshot(animations="disabled"))
        if len(small) > LARGEST:
            raise ValueError(f"the picture {name} has {len(small)} bytes, more than {LARGEST}")
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / f"{f'{self.airflow}-' if of_airflow else ''}{name}.png").write_bytes(small)


def reduced(picture: bytes) -> bytes:
    """Write a PNG with a palette, which suits pages, and has a third of the bytes."""
    from PIL import Image

    with Image.open(io.BytesIO(picture)) as opened:
        few = opened.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    written = io.BytesIO()
    few.save(written, "PNG", optimize=True)
    return written.getvalue()
