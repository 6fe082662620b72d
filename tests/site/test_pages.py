"""The pages that follow from the code are what the code says, and the site of all pages can be built."""

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest

from airflow_provider_language import causes
from tests.foreign.packages import PROJECT
from tests.site.__main__ import DOCS, pages
from tests.site.building import GENERATOR, build
from tests.site.links import dead_links

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


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site as it is served."""
    if not GENERATOR.folder.is_dir():
        pytest.fail(f"{GENERATOR.name} is not installed: run `make foreign`")
    folder = tmp_path_factory.mktemp("site")
    built = build(folder)

    told = re.sub("\x1b\\[[0-9;]*m", "", built.stdout + built.stderr)
    assert built.returncode == 0, told
    return folder / "build" / "site"


def test_the_site_is_built_with_no_link_or_anchor_broken(site: Path) -> None:
    page = (site / "operators" / "submit" / "index.html").read_text()
    assert "on_lost_submission" in page.partition("wait_for_completion")[2]
    assert "fonts.googleapis" not in page


def test_no_link_of_the_site_leads_to_a_file_that_is_not_there(site: Path) -> None:
    (served,) = re.findall(
        r"^site_url: https://[^/]+(/\S+)$", (PROJECT / "mkdocs.yml").read_text(), re.MULTILINE
    )

    assert list(dead_links(site, served)) == []


@pytest.mark.parametrize("link", ["../dags/one.py", "two/", "two/three.png", "/elsewhere/", "../../.."])
def test_a_link_to_a_file_that_is_not_there_is_found(tmp_path: Path, link: str) -> None:
    page = tmp_path / "one" / "index.html"
    page.parent.mkdir()
    page.write_text(f'<a href="../one/#here"></a> <a href="https://example.com"></a> <a href="{link}"></a>')

    assert list(dead_links(tmp_path, "/en/stable/")) == [("one/index.html", link)]


def test_each_example_is_shown_on_the_site_with_its_source_and_a_row_that_leads_there(site: Path) -> None:
    page = (DOCS / "examples.md").read_text()
    shown = re.sub("<[^>]+>", "", (site / "examples" / "index.html").read_text())

    names = sorted(file.stem for file in (PROJECT / "dags").glob("*.py"))
    assert sorted(re.findall(r"^\| \[`(\w+)`\]\(#\1\) \|", page, re.MULTILINE)) == names
    for name in names:
        first = (PROJECT / "dags" / f"{name}.py").read_text().partition("\n")[0]
        assert html.escape(first, quote=False) in shown
