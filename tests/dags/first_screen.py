"""The DAG on the README's first screen, word for word but for its name and its two locations."""

from __future__ import annotations

import re
from pathlib import Path

from airflow_provider_language._compat import AIRFLOW_3

README = Path(__file__).resolve().parents[2] / "README.md"
FIRST_SCREENS = ("first_screen_csv", "first_screen_folder")
ROWS, FILES = 500, 60


def block() -> str:
    """The first block of Python in the README."""
    found = re.search(r"```python\n(.*?)```", README.read_text(), re.DOTALL)
    assert found is not None
    return (
        found[1]
        if AIRFLOW_3
        else found[1].replace("from airflow.sdk import", "from airflow.decorators import")
    )


def first_screens(dags: Path, data: Path) -> tuple[str, ...]:
    """Write a DAG file for a CSV file and one for a folder of text files, and their data.

    Args:
        dags: the folder of the DAG files.
        data: the folder of what they read and write.
    """
    table, folder = data / "my reviews.csv", data / "my reviews"
    rows = [f'{number},en,"The kettle no. {number} is great, really."\n' for number in range(ROWS)]
    table.write_text("".join(["review_id,lang,review_text\n", *rows]))
    folder.mkdir()
    for number in range(FILES):
        (folder / f"{number:02}.txt").write_text(f"The kettle no. {number} is broken.")
    for name, documents in zip(FIRST_SCREENS, (table, folder), strict=True):
        text = block()
        for told, ours in (
            ('"/data/reviews.csv"', repr(str(documents))),
            ('"/data/results"', repr(str(data / name))),
            ("def reviews():", f"def {name}():"),
            ("\nreviews()\n", f"\n{name}()\n"),
        ):
            assert text.count(told) == 1
            text = text.replace(told, ours)
        (dags / f"{name}.py").write_text(text)
    return FIRST_SCREENS
