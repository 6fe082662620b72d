"""The errors: what they say, and what they tell a retry."""

from __future__ import annotations

import pickle

import pytest

from airflow_provider_language import exceptions
from airflow_provider_language.exceptions import InvalidInputError, LanguageError, QuotaExceededError

CLASSES = [
    value
    for value in vars(exceptions).values()
    if isinstance(value, type) and issubclass(value, LanguageError)
]
RETRYABLE = {
    "ServiceUnavailableError",
    "SubmissionLostError",
    "JobNotFinishedError",
    "JobFailedError",
    "IncompleteInputError",
    "IncompleteResultsError",
    "RecordError",
}


def test_an_error_is_a_sentence_facts_and_a_next_step() -> None:
    error = QuotaExceededError("Used up.", status=403, code="403", request_id="r-1", job_id="j-1")
    assert str(error) == (
        "Used up. [HTTP 403, code 403, apim-request-id r-1, job j-1] "
        "Wait for the tier's next period, or change the pricing tier."
    )


def test_an_error_without_facts_is_its_sentence() -> None:
    assert str(LanguageError("Why.")) == "Why."


@pytest.mark.parametrize("class_", CLASSES, ids=lambda class_: class_.__name__)
def test_each_error_says_whether_a_retry_can_end_otherwise(class_: type[LanguageError]) -> None:
    assert class_.retryable is (class_.__name__ in RETRYABLE)


@pytest.mark.parametrize("class_", CLASSES, ids=lambda class_: class_.__name__)
def test_the_tree_in_the_module_s_docstring_has_each_error(class_: type[LanguageError]) -> None:
    assert f" {class_.__name__} " in f" {exceptions.__doc__} ".replace("\n", " \n ")


@pytest.mark.parametrize("class_", CLASSES, ids=lambda class_: class_.__name__)
def test_an_error_survives_the_way_between_processes(class_: type[LanguageError]) -> None:
    error = pickle.loads(pickle.dumps(class_("Why.", status=500, job_id="j")))  # noqa: S301 - our own bytes
    assert type(error) is class_
    assert (error.message, error.status, error.job_id) == ("Why.", 500, "j")


def test_a_message_is_cut_whatever_it_quotes() -> None:
    assert LanguageError("x" * 4000).message == "x" * 4000
    assert len(str(LanguageError("x" * 1_000_000))) < 4100


def test_invalid_input_is_a_value_error_too() -> None:
    assert issubclass(InvalidInputError, ValueError)
