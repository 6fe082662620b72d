"""The DAGs on the README's first screens, word for word but for their names and their locations."""

from __future__ import annotations

import csv
import re
from pathlib import Path

from airflow_provider_language._compat import AIRFLOW_3
from airflow_provider_language.emulator.engines import DetectedLanguage
from tests.emulator.fakes import fake_detect

README = Path(__file__).resolve().parents[2] / "README.md"
CORPUS = "first_screen_corpus"
IN_JOBS = "first_screen_in_jobs"
FIRST_SCREENS = (CORPUS, IN_JOBS)
ROWS, FILES = 500, 60
PRODUCTS = ("kettle", "lamp", "toaster", "phone")
REVIEWS = (
    "The {} is great, and Maria Lopez of Madrid loves it.",
    "The {} is broken. Write to anna{}@example.com, or call 425-555-0100.",
    "Terrible! The {} from Berlin never worked; a horrible waste of money.",
    "It is a {}.",
)
LETTERS = (
    "The {} is broken, and John Smith of London is very angry.",
    "Das {} ist leider kaputt, sagt Hans aus Berlin. hans{}@example.com",
    "¿Por qué? El {} es horrible, dice Juan de Madrid.",
)
"""In three languages."""


def detect(text: str) -> DetectedLanguage:
    """Return German for a text of ours in German, and else what other tests take it for."""
    return DetectedLanguage("German", "de", 0.99) if " ist " in text else fake_detect(text)


def blocks(language: str = "python") -> list[str]:
    """The blocks of code in the README; the first two of Python are a corpus, and its building blocks."""
    found = re.findall(rf"```{language}\n(.*?)```", README.read_text(), re.DOTALL)
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
    table, folder = data / "my reviews.csv", data / "my letters"
    with table.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["review_id", "lang", "review_text", "stars"])
        writer.writerows([number, "en", _text(REVIEWS, number), number % 5] for number in range(ROWS))
    folder.mkdir()
    for number in range(FILES):
        (folder / f"{number:02}.txt").write_text(_text(LETTERS, number))
    corpus, in_jobs = blocks()[:2]
    sources = {'"/data/reviews.csv"': table, '"/data/letters"': folder, '"/data/analyzed"': data / CORPUS}
    _write(dags, CORPUS, corpus, "reviews", sources)
    results = {'"/data/reviews.csv"': table, '"/data/results"': data / IN_JOBS}
    _write(dags, IN_JOBS, in_jobs, "reviews_in_jobs", results)
    return FIRST_SCREENS


def _text(texts: tuple[str, ...], number: int) -> str:
    return texts[number % len(texts)].format(PRODUCTS[number % len(PRODUCTS)], number)


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
