"""Writes the table of legacy kinds in docs/service.md: python -m tests.lifecycle_table."""

from __future__ import annotations

from pathlib import Path

from airflow_provider_language.protocol.lifecycle import LEGACY, Lifecycle, day_in_words

PAGE = Path(__file__).parents[1] / "docs" / "service.md"
BEGIN = "<!-- lifecycle: begin; written by python -m tests.lifecycle_table -->"
END = "<!-- lifecycle: end -->"


def section() -> str:
    """All that stands between the two comments: a row for each feature."""
    features: dict[Lifecycle, list[str]] = {}
    for kind, known in LEGACY.items():
        features.setdefault(known, []).append(kind)
    rows = [_row(known, kinds) for known, kinds in features.items()]
    return "\n".join(["", "| feature | kinds | retired on | way out |", "|---|---|---|---|", *rows, ""])


def _row(known: Lifecycle, kinds: list[str]) -> str:
    day = day_in_words(known.retires) if known.retires else "no day published"
    return f"| [{known.feature}]({known.source}) | {', '.join(kinds)} | {day} | {known.way_out} |"


def main() -> None:
    """Write the table anew."""
    before, _, rest = PAGE.read_text().partition(BEGIN)
    after = rest.partition(END)[2]
    PAGE.write_text(before + BEGIN + section() + END + after)


if __name__ == "__main__":
    main()
