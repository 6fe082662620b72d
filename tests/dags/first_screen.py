"""The DAGs on the README's first screens, word for word but for their names and their locations."""

from __future__ import annotations

import re
from pathlib import Path

from airflow_provider_language._compat import AIRFLOW_3

README = Path(__file__).resolve().parents[2] / "README.md"
CORPUS = ("first_screen_csv", "first_screen_folder")
IN_JOBS = "first_screen_in_jobs"
FIRST_SCREENS = (*CORPUS, IN_JOBS)
ROWS, FILES = 500, 60


def blocks() -> list[str]:
    """The first two blocks of Python in the README: a corpus, and its building blocks."""
    found = re.findall(r"```python\n(.*?)```", README.read_text(), re.DOTALL)[:2]
    return [
        block if AIRFLOW_3 else block.replace("from airflow.sdk import", "from airflow.decorators import")
        for block in found
    ]


def first_screens(dags: Path, data: Path) -> tuple[str, ...]:
    """Write DAG files for a CSV file and a folder of text files, and their data.

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
    corpus, in_jobs = blocks()
    for name, source in zip(CORPUS, (table, folder), strict=True):
        said = {'"/data/reviews"': source, '"/data/analyzed"': data / name}
        _write(dags, name, corpus, "reviews", said)
    _write(
        dags,
        IN_JOBS,
        in_jobs,
        "reviews_in_jobs",
        {'"/data/reviews.csv"': table, '"/data/results"': data / IN_JOBS},
    )
    return FIRST_SCREENS


def _write(dags: Path, name: str, text: str, dag_id: str, locations: dict[str, Path]) -> None:
    """Write a DAG file under another name, with other locations."""
    ours = {told: repr(str(path)) for told, path in locations.items()}
    for told, other in {
        **ours,
        f"def {dag_id}():": f"def {name}():",
        f"\n{dag_id}()\n": f"\n{name}()\n",
    }.items():
        assert text.count(told) == 1
        text = text.replace(told, other)
    (dags / f"{name}.py").write_text(text)
