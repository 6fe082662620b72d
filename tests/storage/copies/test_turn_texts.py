"""Copies of files of conversations: what is read of one is what its file has, but for what was said."""

from __future__ import annotations

import csv
import io
import json
import random
from pathlib import Path
from typing import Any

import pytest

from airflow_provider_language.protocol.corpus.families import CONVERSATIONS, Takes
from airflow_provider_language.protocol.corpus.items import Item
from airflow_provider_language.protocol.corpus.layouts import Layout
from airflow_provider_language.protocol.inputs.turns import FORMS, SAYING
from airflow_provider_language.protocol.wire_names import camel_case
from airflow_provider_language.storage.copies.copying import copy_file
from airflow_provider_language.storage.copies.reading import Reading
from airflow_provider_language.storage.sources.corpora import corpus_items
from tests.draws import draws

SEED = 20261201
SECRET = "Anna"
LONGEST = 40
WORDS = [SECRET, "hi", "", 'say "x"', "a;b", "line\nbreak", "é", "\U0001f600", "  "]


class Said:
    """Says of each turn what was said, or the same in capital letters."""

    def __init__(self, *, is_changed: bool) -> None:
        self._is_changed = is_changed
        self.items: list[Item] = []

    def of(self, item: Item) -> list[dict[str, str]] | None:
        self.items.append(item)
        if item.fault:
            return None
        turns = json.loads(item.content)["conversationItems"]
        return [
            {form: self._said(turn[camel_case(form)]) for form in FORMS if camel_case(form) in turn}
            for turn in turns
        ]

    def _said(self, text: str) -> str:
        return text.replace(SECRET, "****") if self._is_changed else text

    def end(self, name: str) -> None:
        """Nothing is left of it."""


def copied(source: Path, layout: Layout, said: Said, most: int | None = None) -> Path:
    target = source.with_name(f"copy-{source.name}")
    reading = Reading(layout, qualified=False, takes=TAKES, family=CONVERSATIONS)
    copy_file((str(source), source.name), str(target), reading, said, most)
    return target


TAKES = Takes(LONGEST, lambda _: None)


def turn(dice: random.Random, id_: str) -> dict[str, Any]:
    row: dict[str, Any] = {"n": dice.randint(0, 9), "conversation_id": id_, "speaker": dice.choice("ab")}
    row["text"] = " ".join(dice.choices(WORDS, k=dice.randint(0, 3)))
    if dice.random() < 0.1:
        del row[dice.choice(["text", "speaker", "conversation_id"])]
    if dice.random() < 0.2:
        row |= dict.fromkeys(("lexical", "itn", dice.choice(["masked_itn", "maskedItn"])), row.get("text"))
    if dice.random() < 0.2:
        row["time"] = dice.randint(0, 5)
    return row


def whole(dice: random.Random, id_: str) -> dict[str, Any]:
    items = [
        {"id": str(number), "participantId": "a", "text": " ".join(dice.choices(WORDS, k=2))}
        for number in range(dice.randint(0, 3))
    ]
    told: dict[str, Any] = {"id": id_, dice.choice(["conversationItems", "conversation_items"]): items}
    if dice.random() < 0.1:
        told["conversationItems"] = dice.choice(
            [None, SECRET, [SECRET], [{"text": SECRET}], {"text": SECRET}]
        )
    return told


def lines_of(dice: random.Random) -> list[str]:
    lines = ['{"conversation_id": "first", "speaker": "a", "text": "Anna"}']  # by which columns are judged
    for number in range(dice.randint(0, 5)):
        chance = dice.random()
        if chance < 0.1:
            lines.append(dice.choice([f"{{broken {SECRET}", json.dumps(SECRET), "[1]", "null", ""]))
        elif chance < 0.35:
            lines.append(json.dumps(whole(dice, f"c{number}"), ensure_ascii=dice.random() < 0.5))
        else:
            rows = [turn(dice, f"c{number}") for _ in range(dice.choice([1, 1, 2, 3, 60]))]
            lines += [json.dumps(row, ensure_ascii=dice.random() < 0.5) for row in rows]
    return lines


def items_in(source: Path, layout: Layout) -> list[Item]:
    files = [(str(source), source.name)]
    return list(corpus_items(files, layout, repeated="qualify", family=CONVERSATIONS, takes=TAKES))


def said_in(value: Any) -> Any:
    """What stands in a line, as it is read again; a form in which nothing stands is none."""
    told = json.loads(value)
    forms = {form: told[form] or None for form in SAYING if form in told and form != "text"}
    return {**told, **forms}


@pytest.mark.parametrize("first", range(0, draws(600), 50))
def test_what_is_said_anew_is_all_that_differs_and_nothing_is_said_of_what_cannot_be_read(
    tmp_path: Path, first: int
) -> None:
    for seed in range(first, first + 50):
        dice = random.Random(SEED + seed)  # noqa: S311 - cases, no secrets
        source = tmp_path / "in.jsonl"
        lines = lines_of(dice)
        source.write_text("".join(line + "\n" for line in lines), encoding="utf-8")
        same, other = Said(is_changed=False), Said(is_changed=True)

        again = copied(source, Layout(), same).read_text(encoding="utf-8").splitlines()
        changed = copied(source, Layout(), other).read_text(encoding="utf-8")

        told = [item._replace(kept={}) for item in items_in(source, Layout())]
        assert [(item.row_number, item.fault is None, item.content) for item in same.items] == [
            (item.row_number, item.fault is None, item.content) for item in told
        ], seed
        assert SECRET not in changed, seed
        _check(again, [line for line in lines if line.strip()], told, seed)


def _check(again: list[str], lines: list[str], items: list[Item], seed: int) -> None:
    assert len(again) == len(lines), seed
    begins = [item.row_number or 0 for item in items] + [len(lines)]
    for item, begin, end in zip(items, begins, begins[1:], strict=False):
        for written, line in zip(again[begin:end], lines[begin:end], strict=True):
            if item.fault is None:
                assert said_in(written) == said_in(line), seed
            else:
                assert SECRET not in written, seed


@pytest.mark.parametrize("first", range(0, draws(200), 50))
def test_of_csv_too_and_cells_beside_stay_as_they_are_written(tmp_path: Path, first: int) -> None:
    for seed in range(first, first + 50):
        dice = random.Random(SEED - seed)  # noqa: S311 - cases, no secrets
        names = ["n", "conversation_id", "speaker", "body", "lexical", "itn", "masked_itn"]
        out = io.StringIO(newline="")
        end = dice.choice(["\n", "\r\n"])
        is_quoted = dice.random() < 0.5
        quoting: Any = csv.QUOTE_ALL if is_quoted else csv.QUOTE_MINIMAL
        writer = csv.writer(out, delimiter=";", quoting=quoting, lineterminator=end)
        writer.writerow(names)
        for number in range(dice.randint(0, 4)):
            for _ in range(dice.randint(1, 3)):
                text = " ".join(dice.choices(WORDS, k=2))
                forms = [text] * 3 if dice.random() < 0.5 else [""] * 3
                writer.writerow([number, dice.choice([f"c{number}"] * 9 + [""]), "a", text, *forms])
        source = tmp_path / "in.csv"
        source.write_bytes(out.getvalue().encode())
        layout = Layout(text_column="body", delimiter=";")
        items = items_in(source, layout)

        changed = copied(source, layout, Said(is_changed=True)).read_bytes()
        again = copied(source, layout, Said(is_changed=False)).read_bytes()

        assert SECRET.encode() not in changed, seed
        if all(item.fault is None for item in items):
            assert _cells(again) == _cells(source.read_bytes()), seed
        assert [row[:3] for row in _cells(again)] == [row[:3] for row in _cells(source.read_bytes())], seed


def _cells(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode(), newline=""), delimiter=";"))
