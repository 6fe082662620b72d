"""The benchmark runs, and what it prints is consistent; how good the figures are is not tested here."""

from __future__ import annotations

import pytest

from tests.bench import looks, throughput
from tests.bench.__main__ import main
from tests.bench.frontier import frontier
from tests.bench.simulation import Waited, drawn
from tests.bench.tables import Table

# What is measured would be slowed down; the tests of the package cover it.
pytestmark = pytest.mark.no_cover


def test_a_table_has_a_line_for_each_row(capsys: pytest.CaptureFixture[str]) -> None:
    print(Table("Figures", ("what", "how much"), (("a", 0.123456), ("b", None))))
    assert [line for line in capsys.readouterr().out.splitlines() if line.startswith("|")] == [
        "| what | how much |",
        "|------|----------|",
        "| a    | 0.123    |",
        "| b    | -        |",
    ]


def test_the_short_form_prints_looks_and_delay(capsys: pytest.CaptureFixture[str]) -> None:
    main(["--short", "looks"])
    printed = capsys.readouterr().out
    assert "ours, budget 100 % used" in printed
    assert "every 30 s" in printed


def test_the_short_form_waits_for_jobs_that_do_not_end(capsys: pytest.CaptureFixture[str]) -> None:
    main(["--short", "long"])
    (row,) = (
        line.split("|") for line in capsys.readouterr().out.splitlines() if line[:3].strip("| ").isdigit()
    )
    answered, refused, worst, used = (float(cell) for cell in row[1:5])
    assert (refused, worst) == (0, 100)
    assert 500 < answered <= 600
    assert used >= 95


def test_the_short_form_drives_peers_and_counts_their_requests(capsys: pytest.CaptureFixture[str]) -> None:
    main(["--short", "throughput"])
    rows = [
        line.split("|") for line in capsys.readouterr().out.splitlines() if "ours" in line or "client" in line
    ]
    assert len(rows) == 2
    assert all(float(row[2]) >= 2 for row in rows)
    assert all(float(row[3]) >= 1 for row in rows)


def test_the_short_form_fetches_into_files_that_grow_with_the_jobs(
    capsys: pytest.CaptureFixture[str],
) -> None:
    main(["--short", "fetch"])
    lines = [line.split("|") for line in capsys.readouterr().out.splitlines()]
    one, three = (float(line[2]) for line in lines if len(line) > 1 and line[1].strip() in ("1", "3"))
    assert three == pytest.approx(3 * one, rel=0.01)


def test_the_short_form_measures_triggers_against_bare_requests(capsys: pytest.CaptureFixture[str]) -> None:
    main(["--short", "triggerer"])
    printed = capsys.readouterr().out
    assert "100 jobs, 100 triggers" in printed
    assert "bare aiohttp GET" in printed


def test_the_short_form_redacts_each_span(
    capsys: pytest.CaptureFixture[str],
) -> None:
    main(["--short", "redaction"])
    printed = capsys.readouterr().out
    assert [line.split("|")[2].strip() for line in printed.splitlines() if "names" in line] == ["1000"] * 3
    assert "Bound: 20 us" in printed


def test_the_short_form_looks_for_names_that_were_missed(capsys: pytest.CaptureFixture[str]) -> None:
    main(["--short", "second-pass"])
    [row] = [line.split("|") for line in capsys.readouterr().out.splitlines() if line.startswith("| 100 ")]
    assert [cell.strip() for cell in row[1:4]] == ["100", "100", "1"]


def test_the_short_form_measures_looks_with_a_token_against_those_with_a_key(
    capsys: pytest.CaptureFixture[str],
) -> None:
    main(["--short", "sign-in"])
    printed = capsys.readouterr().out
    assert "managed identity" in printed
    assert "first token" in printed


def test_the_short_form_measures_jobs_against_bare_requests(capsys: pytest.CaptureFixture[str]) -> None:
    main(["--short", "jobs"])
    rows = [
        line.split("|") for line in capsys.readouterr().out.splitlines() if " json " in line or "ours" in line
    ]
    assert [row[1].strip() for row in rows] == ["1", "1", "4", "4"]
    assert all(float(row[3]) > 0 and float(row[4]) > 0 for row in rows)


def test_the_short_form_runs_a_corpus_in_simulated_time(capsys: pytest.CaptureFixture[str]) -> None:
    main(["--short", "corpus-simulated"])
    rows = [line.split("|") for line in capsys.readouterr().out.splitlines() if line[2:3].isdigit()]
    assert [(row[1].strip(), row[2].strip()) for row in rows if len(row) > 1] == [("1", "100"), ("4", "100")]
    assert all(
        float(row[4]) > 1 and float(row[5]) >= 2 and row[6].strip() == "0" for row in rows if len(row) > 1
    )


def test_the_short_form_measures_the_memory_of_a_corpus(capsys: pytest.CaptureFixture[str]) -> None:
    main(["--short", "corpus-memory"])
    printed = capsys.readouterr().out
    assert "1000 documents" in printed
    assert "triggerer" in printed


def test_the_short_form_measures_the_plan_of_a_corpus(capsys: pytest.CaptureFixture[str]) -> None:
    main(["--short", "corpus-plan"])
    assert "1000 documents" in capsys.readouterr().out


def test_the_bound_of_many_jobs_is_what_two_requests_each_take() -> None:
    longest = max(throughput.duration_of(number) for number in range(1000))
    assert throughput.bound(1000) == pytest.approx(longest)
    assert 60 < throughput.bound(1001) < 60 + 22
    assert 120 < throughput.bound(2001) < 120 + 22


def test_a_measurement_that_there_is_not_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["nothing"])
    assert "no measurement nothing" in capsys.readouterr().err


def test_fixed_intervals_come_to_what_can_be_calculated() -> None:
    durations = [0.5, 1.5, 4.0]
    waited = looks.fixed(durations, 2.0)
    assert waited.looks == pytest.approx((1 + 1 + 2) / 3)
    assert waited.delay == pytest.approx((1.5 + 0.5 + 0.0) / 3, abs=1e-6)


def test_nothing_is_better_than_the_frontier() -> None:
    durations = drawn(300, 3)
    best = frontier(durations, ages=100)
    assert best.delay(1.0) == pytest.approx(max(durations) - sum(durations) / len(durations), rel=0.05)
    for interval in (1.0, 3.0, 10.0):
        waited = looks.fixed(durations, interval)
        assert waited.delay >= best.delay(waited.looks)
        assert best.distance(waited) >= 1
    on_it = best.points[len(best.points) // 2]
    assert best.distance(on_it) == pytest.approx(1.0)
    assert best.distance(Waited(2 * on_it.looks, 2 * on_it.delay)) == pytest.approx(2.0)


def test_what_takes_no_more_looks_than_a_peer_is_found() -> None:
    warm_up, durations = drawn(50, 1), drawn(200, 2)
    tightness, found = looks.at_most(2.0, warm_up, durations)
    assert found == looks.ours(warm_up, durations, tightness)
    assert found.looks <= 2.0 < looks.ours(warm_up, durations, tightness - 0.1).looks


def test_a_tighter_budget_makes_fewer_looks_and_more_delay() -> None:
    free, tight = (looks.ours(drawn(50, 1), drawn(200, 2), pressure) for pressure in (0.0, 1.0))
    assert free.looks > tight.looks
    assert free.delay < tight.delay
