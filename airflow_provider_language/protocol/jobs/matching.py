"""Which of what was submitted belongs to which job, in whatever shape Airflow hands the two over."""

from __future__ import annotations

from ast import literal_eval
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.protocol.jobs.expected import (
    ExpectedDocument,
    ExpectedResults,
    ExpectedResultsLike,
    Part,
    expected_results_from,
    job_id_told,
    part_told,
)


@dataclass(frozen=True)
class SubmittedJob:
    """A job and what is told of what was submitted.

    Args:
        job_id: the job.
        location: None of a job that was told of, and not given.
        told: as it was told; None where nobody told.
    """

    job_id: str
    location: str | None
    told: ExpectedResultsLike | None

    @property
    def expected(self) -> ExpectedResults | None:
        """What was told, read when it is needed: of all jobs together it may be large.

        Raises:
            InvalidInputError: it cannot be read.
        """
        return None if self.told is None else expected_results_from(self.told)


def matched(jobs: Mapping[str, str], submitted: object) -> list[SubmittedJob]:
    """The jobs, each with what was submitted; and then those that were only told of.

    Args:
        jobs: the locations by job id.
        submitted: what was told, as :func:`told_in` reads it; None where nobody told.

    Raises:
        InvalidInputError: it is not told of each of the jobs, or what is told contradicts itself.
    """
    if submitted is None:
        return [SubmittedJob(job_id, location, None) for job_id, location in jobs.items()]
    told = told_in(submitted)
    by_id = _by_id(told)
    if len(by_id) < len(told):
        return _by_place(jobs, told)
    _check_parts(told)
    unknown = [job_id for job_id in jobs if job_id not in by_id]
    if unknown:
        raise InvalidInputError(f"It is not told what was submitted as job {unknown[0]}.")
    given = [SubmittedJob(job_id, location, by_id[job_id]) for job_id, location in jobs.items()]
    return given + [SubmittedJob(job_id, None, one) for job_id, one in by_id.items() if job_id not in jobs]


def told_in(submitted: object) -> list[ExpectedResultsLike]:
    """What was submitted, one by one: of one job, of many, in lists of lists, or the text of any of these.

    None in a list is the XCom of a task that was skipped.

    Args:
        submitted: what ``SubmitAnalyzeJobOperator`` pushes, or lists of documents, one for each job.

    Raises:
        InvalidInputError: it is nothing of the kind.
    """
    if isinstance(submitted, str):
        return told_in(_read(submitted))
    if isinstance(submitted, (ExpectedResults, Mapping)):
        return [submitted]
    if not isinstance(submitted, Iterable):
        raise InvalidInputError(f"What was submitted is told as {type(submitted).__name__}.")
    many: list[Any] = [one for one in submitted if one is not None]
    if many and all(map(_is_document, many)):
        return [cast("ExpectedResultsLike", many)]
    return [told for one in many if one != str(None) for told in told_in(one)]


def _is_document(value: object) -> bool:
    if isinstance(value, Mapping):
        return "documents" not in value
    return isinstance(value, ExpectedDocument) or (isinstance(value, str) and not _tells_of_jobs(value))


def _tells_of_jobs(text: str) -> bool:
    """Whether a text within a list is a template's, and not an id, which may be in brackets, too."""
    value = _literal(text)
    if isinstance(value, (list, tuple)):
        value = next((one for one in value if one is not None), None)
    return isinstance(value, (dict, list))


def _read(text: str) -> object:
    value = _literal(text)
    if value is None:
        raise InvalidInputError("What was submitted was rendered to a text that tells of no job.")
    return value


def _literal(text: str) -> object:
    """The list or dict that a template made this text of; None if it is the text of none."""
    try:
        value = literal_eval(text) if text.startswith(("[", "{", "(")) else None
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return None
    return value if isinstance(value, (list, tuple, dict)) else None


def _by_id(told: Sequence[ExpectedResultsLike]) -> dict[str, ExpectedResultsLike]:
    by_id: dict[str, ExpectedResultsLike] = {}
    for one in told:
        job_id = job_id_told(one)
        if job_id in by_id:
            raise InvalidInputError(f"It is told twice what was submitted as job {job_id}.")
        if job_id is not None:
            by_id[job_id] = one
    return by_id


def _by_place(jobs: Mapping[str, str], told: Sequence[ExpectedResultsLike]) -> list[SubmittedJob]:
    if len(told) != len(jobs):
        raise InvalidInputError(
            f"There are {len(jobs)} jobs, and it is told of {len(told)} what was submitted."
        )
    return [
        SubmittedJob(_same(job_id, one), location, one)
        for (job_id, location), one in zip(jobs.items(), told, strict=True)
    ]


def _same(job_id: str, told: ExpectedResultsLike) -> str:
    if job_id_told(told) not in (None, job_id):
        raise InvalidInputError(f"What was submitted as job {job_id} is told in another place.")
    return job_id


def _check_parts(told: Sequence[ExpectedResultsLike]) -> None:
    """Refuse the batches of an input that are left over from another one.

    Airflow keeps the XComs of a mapped task instance that a shorter input has removed.
    """
    groups: defaultdict[tuple[str, str], list[tuple[Part, ExpectedResultsLike]]] = defaultdict(list)
    for one in told:
        part = part_told(one)
        if part is not None:
            groups[part.group, part.source].append((part, one))
    for (group, _), parts in groups.items():
        why = _contradiction([part for part, _ in parts]) or _repetition([one for _, one in parts])
        if why:
            raise InvalidInputError(
                f"What {group} submitted contradicts itself: {why}. The input has changed between tries; use "
                "a new run, or delete the XComs of the task's instances that were removed."
            )


def _contradiction(parts: Sequence[Part]) -> str:
    totals = sorted({part.total for part in parts if part.total is not None})
    if totals[1:]:
        return f"one job is a batch of {totals[0]}, another one of {totals[-1]}"
    beyond = [part for part in parts if totals and part.number >= totals[0]]
    if beyond:
        return f"there is a {beyond[0]}, counted from 0"
    twice = [number for number, times in Counter(part.number for part in parts).items() if times > 1]
    return f"batch {twice[0]} is there twice" if twice else ""


def _repetition(told: Iterable[ExpectedResultsLike]) -> str:
    seen: set[str] = set()
    for one in told:
        for document in expected_results_from(one).documents:
            if document.id in seen:
                return f"document {document.id!r} is in two batches"
            seen.add(document.id)
    return ""
