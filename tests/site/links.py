"""Where the links of a built site lead: pages, pictures and all other files."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

_TARGETS = frozenset({"href", "src"})


class _Links(HTMLParser):
    """Gathers what the elements of a page lead to."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take the address of an element, if it has one."""
        self.found += [value for name, value in attrs if name in _TARGETS and value]


def dead_links(site: Path, root: str) -> Iterator[tuple[str, str]]:
    """Each page with each of its links that leads to no file of the site.

    Args:
        site: the folder that was built.
        root: the path that it is served below, with slashes around it; links may begin with it.
    """
    for page in sorted(site.rglob("*.html")):
        links = _Links()
        links.feed(page.read_text())
        name = page.relative_to(site).as_posix()
        yield from ((name, link) for link in links.found if not _is_there(site, root, name, link))


def _is_there(site: Path, root: str, page: str, link: str) -> bool:
    """Whether a link leads out of the site by an address of its own, or to a file in it."""
    address = urlsplit(link)
    if address.scheme or address.netloc or not address.path:
        return True
    # As a browser does: of the folder that the page is served from.
    path = posixpath.normpath(posixpath.join(root, posixpath.dirname(page), unquote(address.path)))
    if not f"{path}/".startswith(root):
        return False
    target = site / path[len(root) :]
    return target.is_file() or (target / "index.html").is_file()
