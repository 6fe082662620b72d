"""The page of an inspection: the figures of its table, whole HTML, and nothing of a document."""

from __future__ import annotations

import re
from typing import Any

import pytest

from airflow_provider_language.protocol.redaction.inspecting import Inspection
from airflow_provider_language.protocol.redaction.policies import RedactionPolicy
from airflow_provider_language.protocol.redaction.wholes import Whole
from airflow_provider_language.protocol.report.inspections import inspection_report
from airflow_provider_language.reports.rendering import rendered_inspection
from tests.protocol.redaction.policies import policy
from tests.protocol.redaction.test_inspecting import entity, row
from tests.reports.test_rendering import HOSTILE, check

LEAVING = policy("mask", Organization="leave", Person="pseudonym")
CANARY = "CANARY-a-sentence-of-a-document"


def page(inspection: Inspection, **more: Any) -> str:
    return rendered_inspection(inspection_report(inspection, more.pop("results", "/rows"), **more)).decode()


def many(documents: int) -> Inspection:
    """An inspection of so many documents, in each of which somebody else has written what he likes."""
    inspection = Inspection()
    for n in range(documents):
        found = (entity("Person", n % 100 / 100), entity("Organization", 0.95), entity(f"{CANARY} {n}"))
        said = [{**one, "text": CANARY} for one in found]
        inspection.take(row(*said, document_id=f"{CANARY}-{n}", language=f"{CANARY} {n}" if n % 3 else "en"))
    return inspection


def cells(html: str, title: str) -> list[list[str]]:
    """The rows of the table of a section, as texts."""
    section = html.partition(f"<h2>{title}</h2>")[2].partition("</section>")[0]
    body = re.sub(r"<svg.*?</svg>", "", section, flags=re.DOTALL).partition("<tbody>")[2]
    return [
        [re.sub(r"<.*?>", "", one) for one in re.findall(r"<t[hd].*?</t[hd]>", line, re.DOTALL)]
        for line in body.split("</tr>")[:-1]
    ]


@pytest.mark.parametrize("documents", [0, 1, 30])
@pytest.mark.parametrize("of", [None, policy("leave"), LEAVING])
@pytest.mark.parametrize("whole", [None, Whole(10), Whole(30, 40, 5), Whole(5000, 9000, 5, price=0.5)])
def test_a_page_is_valid_whatever_was_looked_at(
    documents: int, of: RedactionPolicy | None, whole: Whole | None
) -> None:
    html = page(many(documents), policy=of, whole=whole)

    check(html)
    assert ("No personal data was found." in html) is (documents == 0)


def test_the_figures_of_a_page_are_those_of_the_table() -> None:
    inspection = many(30)
    told = inspection.told(LEAVING)

    html = page(inspection, policy=LEAVING)

    assert cells(html, "Categories by language") == [
        [
            one["category"],
            one["language"],
            str(one["findings"]),
            str(one["documents"]),
            str(told["languages"][one["language"]]),
        ]
        for one in told["findings"]
    ]
    bins = {name: counts for name, _, *counts in cells(html, "Confidence by category")}
    assert bins == {name: [str(one) for one in counts] for name, counts in told["confidences"].items()}
    assert cells(html, "Left in the clear") == [["Organization", str(told["left"]["Organization"]), "30"]]
    assert f"<dt>documents looked at</dt><dd>{told['documents']}</dd>" in html
    assert f"<dt>text records billed</dt><dd>{told['text_records']}</dd>" in html


def test_what_a_policy_leaves_is_marked_in_words_and_not_by_a_colour_alone() -> None:
    html = page(many(3), policy=LEAVING)

    assert "The policy leaves findings of 1 category as they are:" in html
    assert [one[-1] for one in cells(html, "Categories")] == [
        "left in the clear",
        "replaced by a pseudonym",
        "masked, by default",
    ]
    assert "Not named in the policy, so that its default (masked) is for them: Unknown." in html
    assert LEAVING.digest in html


def test_a_page_says_that_nothing_is_left_and_that_without_a_policy_nobody_knows() -> None:
    assert "<p>Nothing that was found.</p>" in page(many(3), policy=policy("mask"))
    without = page(many(3))
    assert "No policy was given" in without
    assert "Nothing that was found." not in without
    assert 'class="clear"' not in without


@pytest.mark.parametrize(
    ("whole", "told"),
    [
        (None, "Whether these are a sample was not told."),
        (Whole(30), "All 30 documents."),
        (Whole(1_234_567), "A sample: 30 of 1\u202f234\u202f567 documents."),
        (Whole(29), "More documents than the 29 that there are in all"),
    ],
)
def test_a_page_says_whether_a_sample_or_all_was_looked_at(whole: Whole | None, told: str) -> None:
    assert told in page(many(30), whole=whole)


def test_a_page_tells_what_the_whole_would_cost_if_it_knows() -> None:
    html = page(many(30), whole=Whole(2_000_000, 3_000_000, 60, price=1.5))

    assert "<dt>text records</dt><dd>3\u202f000\u202f000</dd>" in html
    assert "<dt>text records not charged again</dt><dd>60</dd>" in html
    assert "<dt>cost</dt><dd>4\u202f500.00</dd>" in html
    assert "<dt>cost of these</dt><dd>0.0900</dd>" in html
    assert "No price was told." in page(many(30), whole=Whole(40, 50))
    assert "would cost" not in page(many(30), whole=Whole(40))


def test_documents_without_a_result_are_told_apart() -> None:
    inspection = many(2)
    inspection.take(row(status="error"))

    html = page(inspection)

    assert "<dt>documents looked at</dt><dd>3</dd>" in html
    assert "<dt>of them without a result</dt><dd>1</dd>" in html
    assert "Nobody has looked" in html
    assert "Nobody has looked" not in page(many(2))


def test_whatever_a_category_a_language_or_a_policy_is_called_it_is_text_on_the_page() -> None:
    inspection = Inspection()
    inspection.documents[HOSTILE] = inspection.findings[HOSTILE, HOSTILE] = 1
    inspection.documents_with[HOSTILE, HOSTILE] = inspection.confidences[HOSTILE, 3] = 1
    named = RedactionPolicy(policy("leave").default, name=HOSTILE)

    html = page(inspection, results=f"/tmp/{HOSTILE}", policy=named)

    check(html)
    assert html.count("alert(1)") == 9
    assert "<script" not in html
    assert ">49" not in html
    assert not set("\u202e\0\x1b") & set(html)


def test_no_text_no_id_and_no_odd_language_of_a_document_is_on_the_page() -> None:
    html = page(many(30), policy=LEAVING, whole=Whole(30, 30, price=1))

    assert CANARY not in html
    assert "Unknown" in html


def test_nothing_on_a_page_is_fetched_or_run() -> None:
    html = page(many(20), policy=LEAVING)

    assert "default-src 'none'" in html
    assert not re.search(r"<(script|link|img|iframe|object)|\bon\w+=|\bsrc=|\bhref=|url\(", html)


def test_a_page_of_a_million_documents_is_as_small_as_one_of_a_hundred() -> None:
    small, large, million = many(100), many(5_000), many(100)
    for counts in (million.documents, million.findings, million.documents_with, million.confidences):
        for name in counts:
            counts[name] *= 10_000  # type: ignore[index]

    size = len(page(small, policy=LEAVING))

    assert size < 15_000
    assert len(page(large, policy=LEAVING)) < 1.1 * size
    assert len(page(million, policy=LEAVING)) < 1.1 * size


def test_a_page_of_names_without_end_is_bounded_and_says_what_is_not_shown() -> None:
    inspection = Inspection()
    for n in range(1_000):
        name = "".join(chr(97 + n // 10**place % 10) for place in range(4)) * 25
        inspection.take(row(entity(name), language=f"{name[:2]}-{name[:4]}"))

    html = page(inspection, policy=policy("leave"))

    check(html)
    assert len(html) < 200_000
    assert "leaves findings of 1\u202f000 categories" in html
    assert "Of them, 900 are not shown." in html
    assert "And 900 categories more." in html
    assert "And 900 categories and languages more, with fewer findings." in html


def test_a_page_has_what_readers_of_screens_and_of_paper_need() -> None:
    html = page(many(30), policy=LEAVING)

    assert '<html lang="en">' in html
    assert "color-scheme: light dark" in html
    assert "prefers-color-scheme: dark" in html
    assert "@media print" in html
    assert html.count("<svg") == html.count('aria-hidden="true"')
    assert not re.search(r"<th(?! scope=)[ >]", html)
    assert re.findall(r"<h1>.*?</h1>", html) == ["<h1>Inspection of personal data</h1>"]
