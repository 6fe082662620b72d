"""The pages that follow from the code are what the code says, and the site of all pages can be built."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from airflow_provider_language import causes
from tests.site.__main__ import DOCS, pages
from tests.site.building import GENERATOR, build

WRITTEN = pages()


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: str(path.relative_to(DOCS)))
def test_a_page_that_follows_from_the_code_is_what_the_code_says(path: Path) -> None:
    assert path.read_text() == WRITTEN[path], "run: python -m tests.site"


def test_no_page_of_a_kind_is_left_over() -> None:
    assert {path for path in WRITTEN if path.parent.name == "kinds"} == set((DOCS / "kinds").iterdir())


def test_each_cause_that_the_code_knows_is_on_the_page_with_its_cure() -> None:
    page = (DOCS / "troubleshooting.md").read_text()

    for cause in causes.CAUSES:
        assert f"| {cause.told} | {cause.next_step} |" in page


def test_the_site_is_built_with_no_link_or_anchor_broken(tmp_path: Path) -> None:
    if not GENERATOR.folder.is_dir():
        pytest.fail(f"{GENERATOR.name} is not installed: run `make foreign`")
    built = build(tmp_path)

    told = re.sub("\x1b\\[[0-9;]*m", "", built.stdout + built.stderr)
    assert built.returncode == 0, told
    page = (tmp_path / "build" / "site" / "operators" / "submit" / "index.html").read_text()
    assert "on_lost_submission" in page.partition("wait_for_completion")[2]
    assert "fonts.googleapis" not in page
