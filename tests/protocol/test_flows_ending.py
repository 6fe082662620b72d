"""Flows, played: the results of a job that ended, and cancelling one."""

from __future__ import annotations

import pytest

from airflow_provider_language.exceptions import (
    IncompleteResultsError,
    InvalidInputError,
    JobCancelledError,
    JobFailedError,
    JobNotFinishedError,
    JobTimeoutError,
    LanguageError,
    RequestRefusedError,
    ResourceNotFoundError,
    ServiceUnavailableError,
)
from airflow_provider_language.protocol import flows, result_pages
from airflow_provider_language.protocol.jobs.expected import expected_results_from
from airflow_provider_language.protocol.jobs.handles import JobHandle
from airflow_provider_language.protocol.surfaces import ANALYZE_CONVERSATIONS
from airflow_provider_language.protocol.wire import Response
from tests.protocol.answers import (
    HANDLE,
    HEALTH_HANDLE,
    JOB_ID,
    LEGACY_HANDLE,
    accepted,
    answer,
    item,
    lost,
    next_link,
    refusal,
    state,
)
from tests.protocol.playing import START, STEADY, Player, flattened, settled

LOOK = f"GET /language/analyze-text/jobs/{JOB_ID}"
CANCEL = f"POST /language/analyze-text/jobs/{JOB_ID}:cancel"
RUNNING = state("running", total=1)


class TestResults:
    def test_all_pages_become_rows(self) -> None:
        player = Player(
            state(items=[item("a", ["1"]), item("b", ["1"])], nextLink=next_link(1, 2)),
            state(items=[item("a", ["2"]), item("b", ["2"])], nextLink=next_link(2, 1)),
            state(items=[item("a", ["3"]), item("b", [], errors=["3"])]),
        )
        rows = player.play(result_pages.results(HANDLE, STEADY, expected_results_from(["3", "2", "1"])))
        assert [(row.task, row.document_id, row.status.value) for row in rows] == [
            ("a", "3", "ok"),
            ("a", "2", "ok"),
            ("a", "1", "ok"),
            ("b", "3", "error"),
            ("b", "2", "ok"),
            ("b", "1", "ok"),
        ]
        assert player.lines == [LOOK] * 3
        assert [flattened(request.query) for request in player.requests] == [
            {"api-version": "2026-05-01", "showStats": "true", "top": "25"},
            {"api-version": "2026-05-01", "showStats": "true", "top": "2", "skip": "1"},
            {"api-version": "2026-05-01", "showStats": "true", "top": "1", "skip": "2"},
        ]

    def test_of_a_next_link_to_elsewhere_only_the_numbers_are_followed(self) -> None:
        link = "https://evil.example/steal?skip=1&top=1&api-version=1999-01-01"
        player = Player(state(items=[item("a", ["1"])], nextLink=link), state(items=[item("a", ["2"])]))
        assert len(player.play(result_pages.results(HANDLE, STEADY))) == 2
        assert player.lines == [LOOK] * 2
        assert flattened(player.requests[1].query)["api-version"] == "2026-05-01"

    def test_v3_1_pages_by_its_own_names(self) -> None:
        page = {"jobId": JOB_ID, "status": "succeeded"}
        first = {**page, "results": item("", ["1"])["results"], "@nextLink": "https://h/x?$skip=1&$top=1"}
        player = Player(answer(200, first), answer(200, {**page, "results": item("", ["2"])["results"]}))
        rows = player.play(result_pages.results(HEALTH_HANDLE, STEADY))
        assert [(row.task, row.document_id) for row in rows] == [("Healthcare", "1"), ("Healthcare", "2")]
        assert flattened(player.requests[1].query) == {"$top": "1", "$skip": "1", "showStats": "true"}

    def test_of_conversations_no_page_size_is_asked_for_which_no_specification_has(self) -> None:
        handle = JobHandle(ANALYZE_CONVERSATIONS, "2024-11-01", JOB_ID)
        player = Player(state(items=[]))
        player.play(result_pages.pages(handle, STEADY))
        assert flattened(player.requests[0].query) == {"api-version": "2024-11-01", "showStats": "true"}

    def test_the_look_that_finds_a_job_ended_is_the_first_page_of_its_results(self) -> None:
        player = Player(
            RUNNING,
            state(items=[item("a", ["1"])], nextLink=next_link(1)),
            state(items=[item("a", ["2"])]),
        )
        rows = player.play(flows.collect(HANDLE, STEADY, expected_results_from(["1", "2"])))
        assert [row.document_id for row in rows] == ["1", "2"]
        assert [flattened(request.query).get("top") for request in player.requests] == ["25", "25", "5"]

    def test_collecting_ends_at_the_deadline(self) -> None:
        with pytest.raises(JobTimeoutError):
            Player(then=RUNNING).play(flows.collect(HANDLE, STEADY, deadline=START + 10))

    @pytest.mark.parametrize(
        "links", [[0], [1, 1], [2, 1], [1, 0]], ids=["at once", "again", "back", "to the start"]
    )
    def test_paging_that_does_not_go_forward_is_refused(self, links: list[int]) -> None:
        replies = [
            state(items=[item("a", [str(number)])], nextLink=next_link(skip))
            for number, skip in enumerate(links)
        ]
        with pytest.raises(IncompleteResultsError, match="are announced") as error:
            settled(result_pages.results(HANDLE, STEADY), *replies)
        assert error.value.job_id == JOB_ID

    def test_a_page_that_cannot_be_read_at_first_is_asked_for_again(self) -> None:
        player = Player(
            state(items=[item("a", ["1"])], nextLink=next_link(1)),
            answer(200, b'{"jobId": "x"'),
            refusal(429, retry_after="1"),
            state(items=[item("a", ["2"])]),
        )
        assert len(player.play(result_pages.results(HANDLE, STEADY))) == 2
        assert player.requests[1] == player.requests[3]

    @pytest.mark.parametrize("skip", [3, 20, 10**8])
    def test_no_page_is_asked_for_that_begins_after_what_went_in(self, skip: int) -> None:
        page = state(items=[item("a", ["1"])], nextLink=next_link(skip))
        with pytest.raises(IncompleteResultsError, match=f"from {skip} on are announced, of 2 documents"):
            settled(result_pages.results(HANDLE, STEADY, expected_results_from(["1", "2"])), page)

    def test_pages_end_also_where_nobody_told_what_went_in(self) -> None:
        pages = [
            state(items=[item("a", [str(number)])], nextLink=next_link(number + 1))
            for number in range(result_pages.MOST_DOCUMENTS + 1)
        ]
        with pytest.raises(IncompleteResultsError, match="are announced"):
            settled(result_pages.results(HANDLE, STEADY), *pages)

    @pytest.mark.parametrize("place", [0, 1])
    def test_an_answer_about_another_job_is_refused_on_every_page(self, place: int) -> None:
        first = state(items=[item("a", ["1"])], nextLink=next_link(1))
        pages = [first, state(items=[item("a", ["2"])])][: place + 1]
        theirs = {**(pages[place].payload or {}), "jobId": "another-job"}
        pages[place] = answer(200, theirs)
        with pytest.raises(ServiceUnavailableError, match="about another job") as error:
            settled(result_pages.results(HANDLE, STEADY), *pages)
        assert error.value.job_id == JOB_ID

    def test_a_look_that_is_answered_about_another_job_is_no_end(self) -> None:
        for flow in (flows.get(HANDLE, STEADY), flows.wait(HANDLE, STEADY), flows.collect(HANDLE, STEADY)):
            with pytest.raises(ServiceUnavailableError, match="about another job"):
                settled(flow, state(jobId="another-job"))

    def test_a_job_s_id_in_other_case_is_the_same_job(self) -> None:
        upper = state(items=[item("a", ["1"])], jobId=JOB_ID.upper())
        (row,) = settled(result_pages.results(HANDLE, STEADY), upper)
        assert row.job_id == JOB_ID

    def test_a_partially_completed_job_has_results(self) -> None:
        partial = state(
            "partiallyCompleted",
            [item("a", ["1"]), item("b", status="failed")],
            errors=[{"code": "InternalServerError", "message": "1 out of 2 job tasks failed."}],
        )
        rows = settled(result_pages.results(HANDLE, STEADY, expected_results_from(["1"])), partial)
        assert [row.status.value for row in rows] == ["ok", "error"]

    @pytest.mark.parametrize(
        ("reply", "error", "why"),
        [
            (RUNNING, JobNotFinishedError, "The job is running"),
            (state("unheardOf"), JobNotFinishedError, "unheardOf"),
            (state("cancelled", [item("a", [])]), JobCancelledError, "was cancelled"),
            (state("failed", [item("a", status="failed")]), JobFailedError, "gave no reason"),
            (
                state("failed", errors=[{"code": "E", "message": "One."}, {"code": "F", "message": "Two."}]),
                JobFailedError,
                r"One; Two\. .*code E",
            ),
        ],
    )
    def test_a_job_without_results_says_why(
        self, reply: Response, error: type[LanguageError], why: str
    ) -> None:
        with pytest.raises(error, match=why) as raised:
            settled(result_pages.results(HANDLE, STEADY), reply)
        assert raised.value.job_id == JOB_ID

    def test_results_that_do_not_reconcile_are_refused(self) -> None:
        with pytest.raises(IncompleteResultsError):
            settled(
                result_pages.results(HANDLE, STEADY, expected_results_from(["1"])),
                state(items=[item("a", ["2"])]),
            )


class TestCancel:
    def test_a_job_is_cancelled(self) -> None:
        player = Player(accepted())
        assert player.play(flows.cancel(HANDLE, STEADY)) is flows.Cancellation.REQUESTED
        assert player.lines == [CANCEL]
        assert player.requests[0].query == (("api-version", "2026-05-01"),)
        assert player.requests[0].body is None

    def test_v3_1_health_jobs_are_deleted(self) -> None:
        player = Player(accepted())
        player.play(flows.cancel(HEALTH_HANDLE, STEADY))
        assert player.lines == [f"DELETE /text/analytics/v3.1/entities/health/jobs/{JOB_ID}"]
        assert player.requests[0].query == ()

    def test_v3_1_analyze_jobs_cannot_be_cancelled_and_nothing_is_sent(self) -> None:
        player = Player()
        with pytest.raises(InvalidInputError, match=r"v3\.1 analyze cannot cancel"):
            player.play(flows.cancel(LEGACY_HANDLE, STEADY))
        assert player.requests == []

    @pytest.mark.parametrize("status", ["succeeded", "failed", "cancelled", "partiallyCompleted"])
    @pytest.mark.parametrize("code", [400, 409])
    def test_that_a_job_has_ended_already_is_no_error(self, status: str, code: int) -> None:
        player = Player(refusal(code, "Failed to cancel."), state(status))
        assert player.play(flows.cancel(HANDLE, STEADY)) is flows.Cancellation.ALREADY_ENDED
        assert player.lines == [CANCEL, LOOK]

    def test_a_refusal_to_cancel_a_job_that_runs_is_an_error(self) -> None:
        with pytest.raises(RequestRefusedError, match="Not today"):
            settled(flows.cancel(HANDLE, STEADY), refusal(400, "Not today."), RUNNING)

    def test_an_unknown_job_cannot_be_cancelled(self) -> None:
        with pytest.raises(ResourceNotFoundError):
            settled(flows.cancel(HANDLE, STEADY), refusal(404))

    def test_a_lost_answer_is_asked_for_again_since_cancelling_twice_does_no_harm(self) -> None:
        player = Player(lost(), refusal(400, "Already completed."), state("cancelled"))
        assert player.play(flows.cancel(HANDLE, STEADY)) is flows.Cancellation.ALREADY_ENDED
        assert player.lines == [CANCEL, CANCEL, LOOK]
