"""The next step follows the cause where the service's words tell it, and the class elsewhere."""

from __future__ import annotations

import pickle
import time

import pytest

from airflow_provider_language import causes
from airflow_provider_language.exceptions import (
    AccessDeniedError,
    AuthenticationError,
    InvalidInputError,
    JobExpiredError,
    JobFailedError,
    JobPartiallyCompletedError,
    LanguageError,
    RequestRefusedError,
    ResourceNotFoundError,
    ServiceUnavailableError,
)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (ResourceNotFoundError("The project 'a' was not found.", code="ProjectNotFound"), "deployment"),
        (ResourceNotFoundError("The specified deployment cannot be found within it."), "deployment"),
        (JobFailedError("1 of 1 jobs failed: Project 'a' does not exist.", job_id="j"), "deployment"),
        (JobPartiallyCompletedError("The deployment\n'a' could not be found.", job_id="j"), "deployment"),
        (RequestRefusedError("Feature is not supported", code="UnsupportedFeature"), "region"),
        (RequestRefusedError("X is not supported in the current region."), "region"),
        (AuthenticationError("The principal lacks the required data action.", status=401), "role"),
        (AccessDeniedError("No.", code="PermissionDenied"), "role"),
        (AccessDeniedError("Key based authentication is disabled for this resource."), "Entra ID"),
        (RequestRefusedError("Please provide an authentication key."), "password"),
        (AuthenticationError("Access denied due to missing subscription key."), "password"),
        (AuthenticationError("Access token is missing, invalid, or have expired."), "signs in"),
        (AccessDeniedError("Access denied due to Virtual Network/Firewall rules."), "network"),
        (AccessDeniedError("Public access is disabled. Please configure private endpoint."), "network"),
        (RequestRefusedError("Api version is not supported."), "api_version"),
        (ServiceUnavailableError("SSLCertVerificationError: certificate verify failed"), "verify"),
        (ServiceUnavailableError("InvalidHeader: a header cannot be sent as it is"), "headers"),
    ],
    ids=lambda value: value.message[:40] if isinstance(value, LanguageError) else "",
)
def test_the_next_step_follows_the_cause(error: LanguageError, words: str) -> None:
    assert words in error.next_step
    assert error.next_step != type(error).next_step
    assert str(error).endswith(error.next_step)
    assert pickle.loads(pickle.dumps(error)).next_step == error.next_step  # noqa: S301 - our own bytes


@pytest.mark.parametrize(
    ("class_", "words"),
    [(ServiceUnavailableError, "again when the service answers"), (ResourceNotFoundError, "host")],
)
def test_where_no_job_is_concerned_none_is_told_of(class_: type[LanguageError], words: str) -> None:
    assert words in class_("No.").next_step
    assert "job" not in class_("No.").next_step
    assert class_("No.", job_id="j").next_step == class_.next_step
    assert "job" in class_.next_step


def test_a_job_that_expired_is_told_so_even_without_its_id() -> None:
    assert JobExpiredError("Gone.").next_step == JobExpiredError.next_step


@pytest.mark.parametrize(
    "error",
    [
        JobFailedError("1 of 1 jobs failed: Project 'a' does not exist.", job_id="j"),
        JobFailedError("1 of 1 jobs failed: No.", code="ProjectNotFound", job_id="j"),
        JobFailedError("The deployment 'a' could not be found.", job_id="j"),
        JobFailedError("1 of 1 jobs failed: Feature is not supported.", job_id="j"),
        JobFailedError("1 of 1 jobs failed: No.", code="PermissionDenied", job_id="j"),
        *(
            JobFailedError("1 of 1 jobs failed: No.", code=code, job_id="j")
            for code in ("InvalidRequest", "InvalidArgument", "UnsupportedLanguageCode")
        ),
        ServiceUnavailableError("InvalidHeader: a header cannot be sent as it is"),
    ],
    ids=str,
)
def test_what_lasts_until_somebody_mends_it_is_not_tried_again(error: LanguageError) -> None:
    assert type(error).retryable
    assert not error.retryable
    assert error.next_step not in {"", type(error).next_step}
    assert not pickle.loads(pickle.dumps(error)).retryable  # noqa: S301 - our own bytes


@pytest.mark.parametrize(
    "error",
    [
        JobFailedError("1 of 1 jobs failed: 1 out of 1 job tasks failed.", code="InternalServerError"),
        JobFailedError("The service gave no reason."),
        ServiceUnavailableError("It is not available in this region now.", status=503),
        ServiceUnavailableError("SSLCertVerificationError: certificate verify failed"),
    ],
    ids=str,
)
def test_what_may_pass_is_tried_again(error: LanguageError) -> None:
    assert error.retryable


def test_what_we_refuse_ourselves_is_not_taken_for_the_service_s_words() -> None:
    assert InvalidInputError("The project 'a' was not found.").next_step == ""


@pytest.mark.parametrize("message", ["project " * 200_000, "api version" + " " * 1_000_000, "a" * 5_000_000])
def test_a_long_message_costs_no_time(message: str) -> None:
    began = time.process_time()

    assert causes.cause_of(None, message) is None

    assert time.process_time() - began < 1.0
