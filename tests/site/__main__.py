"""Writes the pages of the documentation that follow from the code: ``python -m tests.site``."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from tests.site import errors, kinds

DOCS = Path(__file__).resolve().parents[2] / "docs"
ERRORS = DOCS / "troubleshooting.md"


def filled(text: str, name: str, lines: Iterable[str]) -> str:
    """A page whose section of this name has these lines; the rest of it is written by hand."""
    begin, end = f"<!-- {name}: begin; written by python -m tests.site -->\n", f"<!-- {name}: end -->"
    before, _, rest = text.partition(begin)
    return before + begin + "\n" + "\n".join(lines) + "\n\n" + end + rest.partition(end)[2]


def pages() -> dict[Path, str]:
    """All such pages, by their files."""
    told = filled(ERRORS.read_text(), "causes", errors.of_causes())
    return {
        **{DOCS / "kinds" / name: text for name, text in kinds.pages().items()},
        ERRORS: filled(told, "errors", errors.of_classes()),
    }


def main() -> None:
    """Write them anew."""
    for path, text in pages().items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)


if __name__ == "__main__":
    main()
