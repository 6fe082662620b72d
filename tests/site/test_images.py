"""Each picture of the documentation is shown, and small."""

from __future__ import annotations

import re
import struct
from pathlib import Path

import pytest

from tests.site.__main__ import DOCS

IMAGES = sorted((DOCS / "images").iterdir())
LARGEST = 150_000
WIDTH = 1280


def test_each_picture_is_shown_or_led_to_by_a_page_and_none_is_missing() -> None:
    named = {
        path.parent.joinpath(target).resolve()
        for path in DOCS.rglob("*.md")
        for target in re.findall(r"\]\(([^)]*\.png)\)", path.read_text())
    }

    assert named == set(IMAGES)


@pytest.mark.parametrize("path", IMAGES, ids=lambda path: path.name)
def test_a_picture_is_as_wide_as_the_others_and_not_large(path: Path) -> None:
    content = path.read_bytes()
    assert content.startswith(b"\x89PNG\r\n\x1a\n")
    (width,) = struct.unpack(">I", content[16:20])

    assert width == WIDTH
    assert len(content) < LARGEST
