"""Reads the rows of jobs one job at a time, and counts them on the way; none are kept."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from airflow_provider_language.exceptions import (
    DocumentErrorsError,
    IncompleteResultsError,
    JobExpiredError,
    LanguageError,
    ResourceNotFoundError,
)
from airflow_provider_language.protocol.jobs.counts import Counts, Failure, Tally
from airflow_provider_language.protocol.jobs.expected import ExpectedResults, Source
from airflow_provider_language.protocol.jobs.matching import SubmittedJob, matched
from airflow_provider_language.protocol.jobs.outcomes import cut
from airflow_provider_language.protocol.jobs.results import EXPIRED, NOT_FETCHED, Row, missing_rows
from airflow_provider_language.protocol.jobs.status import is_expired

if TYPE_CHECKING:
    from airflow_provider_language.hooks.language import LanguageHook
    from airflow_provider_language.storage.files import WrittenFile

OnExpired: TypeAlias = Literal["fail", "missing"]

_COUNTED = ("documents", "rows", "ok", "error", "missing", "text_records")
CODES_TOLD = 5
FAILURES_TOLD = 4
"""How many codes, and kinds of rows without a result, a manifest tells of, the most frequent first."""
CODE_SIZE = 50
TASK_SIZE = 40
LANGUAGE_SIZE = 10
ID_SIZE = 40
"""Bytes of escaped JSON that are told of each."""


def jobs_of(
    hook: LanguageHook, locations: Iterable[str], submitted: Iterable[Any] | None
) -> list[SubmittedJob]:
    """The jobs whose rows are wanted, each with what is told of it; nothing is asked of the service.

    Args:
        hook: of the connection.
        locations: the jobs.
        submitted: what went in, in any shape; None where nobody told.

    Raises:
        InvalidInputError: a job is elsewhere, or what is told does not fit the jobs, or itself.
    """
    return matched({hook.handle(location).job_id: location for location in locations}, submitted)


class Fetching:
    """Reads the results of jobs, one after another.

    Args:
        hook: of the connection.
        on_expired: whether a job that the service no longer keeps fails, or gives missing rows.
        clock: the time, in seconds since the epoch.

    Attributes:
        jobs: how many were read.
        lost_submissions: how many submissions of theirs may have been billed for nothing.
        sources: how many documents were submitted of each place where some were read.
    """

    def __init__(
        self, hook: LanguageHook, on_expired: OnExpired, clock: Callable[[], float] = time.time
    ) -> None:
        self._hook = hook
        self._on_expired = on_expired
        self._clock = clock
        self._tally = Tally()
        self.jobs = 0
        self.lost_submissions = 0
        self.sources: Counter[Source] = Counter()

    @property
    def counts(self) -> Counts:
        """The rows that were read until now."""
        return self._tally.counts

    def rows(self, jobs: Iterable[SubmittedJob]) -> Iterator[Row]:
        """The rows of all jobs, read while they are asked for."""
        for job in jobs:
            expected = job.expected
            rows = self._rows_of(job, expected)
            self._tally.add_job(rows)
            self.jobs += 1
            if expected is not None:
                self.lost_submissions += expected.lost_submissions
                if expected.source is not None:
                    self.sources[expected.source] += len(expected.documents)
            yield from rows

    def _rows_of(self, job: SubmittedJob, expected: ExpectedResults | None) -> tuple[Row, ...]:
        if job.location is None and expected is not None:
            return missing_rows(job.job_id, expected, NOT_FETCHED)
        try:
            return self._hook.results(str(job.location), expected)
        except ResourceNotFoundError as error:
            if expected is None or expected.at is None or not is_expired(expected.at, self._clock()):
                raise
            if self._on_expired == "fail":
                raise JobExpiredError(error.message, status=error.status, job_id=error.job_id) from error
            return missing_rows(job.job_id, expected, EXPIRED)

    def manifest(self, file: WrittenFile) -> dict[str, Any]:
        """What is told of the file in an XCom: less than 2 KB."""
        return {
            **asdict(file),
            "jobs": self.jobs,
            "lost_submissions": self.lost_submissions,
            **{name: getattr(self.counts, name) for name in _COUNTED},
            "error_codes": _codes(self.counts.error_codes),
            "warning_codes": _codes(self.counts.warning_codes),
            "failures": [_told(failure) for failure in self.counts.failures[:FAILURES_TOLD]],
        }


def wrong_with(counts: Counts, output_path: str, allowed: float) -> LanguageError | None:
    """The error of results that are not what was wanted; None if they are.

    Args:
        counts: of the rows.
        output_path: where they are.
        allowed: the share of rows without a result, from 0 to 1, that is good enough.
    """
    if counts.missing:
        return IncompleteResultsError(
            f"{counts.missing} of {counts.rows} rows are missing; see {output_path}: {failures_told(counts)}."
        )
    if counts.failed_share > allowed:
        return DocumentErrorsError(
            f"{counts.error} of {counts.rows} rows are errors, more than a share of {allowed:g}: "
            f"{failures_told(counts)}."
        )
    return None


def is_lost_for_good(counts: Counts) -> bool:
    """Whether a retry would miss the same rows: the service no longer keeps them, or was never asked."""
    return counts.missing > 0 and counts.missing == counts.gone


def failures_told(counts: Counts) -> str:
    """The most frequent kinds of rows without a result, each with an example, in words."""
    told = [_failure_in_words(one) for one in counts.failures[:FAILURES_TOLD]]
    more = len(counts.failures) - len(told)
    return "; ".join([*told, f"and {more} more kinds"] if more else told)


def _failure_in_words(failure: Failure) -> str:
    one = _told(failure)
    language = f" in language {one['language']!r}" if one["language"] else ""
    return f"{one['rows']} {one['code']} of {one['task']}{language}, such as document {one['example']!r}"


def _told(failure: Failure) -> dict[str, Any]:
    return {
        "task": cut(failure.task, TASK_SIZE),
        "code": cut(failure.code, CODE_SIZE),
        "language": None if failure.language is None else cut(failure.language, LANGUAGE_SIZE),
        "rows": failure.rows,
        "example": cut(failure.example, ID_SIZE),
    }


def _codes(codes: Mapping[str, int]) -> dict[str, int]:
    """The most frequent codes, none longer than a code is: an XCom is no place for a page of them."""
    return {cut(code, CODE_SIZE): number for code, number in list(codes.items())[:CODES_TOLD]}
