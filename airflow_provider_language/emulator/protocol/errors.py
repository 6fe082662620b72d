"""The errors that the service answers with, in its own words wherever these were recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

INVALID_DOCUMENT = "Invalid Document in request."
INVALID_PARAMETER = "Invalid parameter in request"


class ServiceError(Exception):
    """The service refuses a request; raised anywhere, turned into a response at the rim.

    Attributes:
        status: The HTTP status.
        error: The object under ``error`` of the body.
        by_runtime: Whether it comes from the runtime of projects, which has other headers.
    """

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        inner: tuple[str, str] | None = None,
        *,
        by_runtime: bool = False,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.error = error_object(code, message, inner)
        self.by_runtime = by_runtime


def error_object(code: str, message: str, inner: tuple[str, str] | None = None) -> dict[str, Any]:
    """Return an error as it stands in a body.

    Args:
        code: The outer code, for example ``"InvalidRequest"``.
        message: The outer message.
        inner: Code and message of the ``innererror``, if there is one.
    """
    error: dict[str, Any] = {"code": code, "message": message}
    if inner is not None:
        error["innererror"] = {"code": inner[0], "message": inner[1]}
    return error


def by_emulator(message: str) -> str:
    """Say of a limit of the emulator's own that it is none of the service's."""
    return f"the emulator: {message}"


def job_not_found(job_id: str) -> ServiceError:
    """An unknown or expired job; the documented code, in our words since the body was never recorded."""
    return ServiceError(404, "NotFound", f"The job with id {job_id} was not found.")


def project_not_found(name: str) -> ServiceError:
    """A custom task names a project that there is none of; the documented code, in our words (inferred)."""
    return ServiceError(404, "ProjectNotFound", by_emulator(f"The project '{name}' was not found."))


def deployment_not_found() -> ServiceError:
    """A project has no such deployment (recording conversation_sync_unknown_deployment_404)."""
    return ServiceError(
        404,
        "NotFound",
        "The specified deployment cannot be found within the provided subscription.",
        by_runtime=True,
    )


def already_completed(job_id: str) -> ServiceError:
    """A cancel that comes too late (recording cancel_in_terminal_state)."""
    return ServiceError(
        400, "InvalidRequest", f"Failed to cancel job with job id {job_id} as its already completed."
    )


def invalid_body(reason: str) -> ServiceError:
    """A body that is not what the operation takes; the message is inferred."""
    return ServiceError(400, "InvalidRequest", "Invalid request", ("InvalidRequestBodyFormat", reason))


def empty_request() -> ServiceError:
    """No body at all; the message is inferred."""
    return ServiceError(400, "InvalidRequest", "Invalid request", ("EmptyRequest", "Request body is empty."))


def missing_documents(inner_code: str) -> ServiceError:
    """No documents, which the APIs have different inner codes for; the message is inferred."""
    return ServiceError(
        400, "InvalidRequest", INVALID_DOCUMENT, (inner_code, "Request contains no input documents.")
    )


def invalid_document(reason: str) -> ServiceError:
    """One document makes the whole request unacceptable."""
    return ServiceError(400, "InvalidRequest", INVALID_DOCUMENT, ("InvalidDocument", reason))


def duplicated_ids() -> ServiceError:
    """Two documents have one id (recording duplicate_ids)."""
    return invalid_document("Request contains duplicated Ids. Make sure each document has a unique Id.")


def too_many_documents(limit: int) -> ServiceError:
    """More documents than a request may have (recording too_many_documents)."""
    return ServiceError(
        400,
        "InvalidRequest",
        INVALID_DOCUMENT,
        (
            "InvalidDocumentBatch",
            f"Batch request contains too many records. Max {limit} records are permitted.",
        ),
    )


def all_documents_empty() -> ServiceError:
    """No document has text (recording empty_document_bad_request)."""
    return ServiceError(
        400, "InvalidRequest", INVALID_DOCUMENT, ("InvalidDocumentBatch", "Document text is empty.")
    )


def payload_too_large(limit: int) -> ServiceError:
    """Too many characters (recording payload_too_large_413), or, with the same words, too many bytes."""
    return ServiceError(
        413,
        "InvalidRequest",
        INVALID_DOCUMENT,
        (
            "InvalidDocumentBatch",
            f"Request Payload sent is too large to be processed. Limit request size to: {limit}",
        ),
    )


def invalid_parameter(reason: str) -> ServiceError:
    """A task or query parameter that the service refuses when the job is submitted."""
    return ServiceError(400, "InvalidRequest", INVALID_PARAMETER, ("InvalidParameterValue", reason))


def kind_not_served(kind: str, served: Iterable[str]) -> ServiceError:
    """A kind that the API has and the emulator has no engine for."""
    return invalid_parameter(
        by_emulator(f"It does not serve task kind '{kind}'. It serves: {', '.join(sorted(served))}.")
    )


def model_version_incorrect(asked: object) -> ServiceError:
    """An unknown model in the query of v3.1; the code is known from Microsoft's tests, the message is not."""
    return ServiceError(
        400,
        "InvalidRequest",
        INVALID_PARAMETER,
        ("ModelVersionIncorrect", f"Invalid model version '{asked}'. Possible values are: latest."),
    )


def engine_failed(reason: str) -> ServiceError:
    """An engine broke in an analysis that is answered at once."""
    return ServiceError(500, "InternalServerError", by_emulator(reason))


def internal_fault(status: int, *, is_submission: bool) -> ServiceError:
    """A fault of the service; for a submission, in the words that azure-sdk-for-java#24908 quotes.

    Args:
        status: The HTTP status, 500 where it was seen.
        is_submission: Whether a job was to be submitted; the message is inferred where none was.
    """
    message = f"Failed to register new job for subscription {'0' * 32}"
    return ServiceError(
        status, "InternalServerError", message if is_submission else "An internal error occurred."
    )


def service_unavailable() -> ServiceError:
    """The service cannot answer for a while; the documented code, the message is inferred."""
    return ServiceError(503, "ServiceUnavailable", "The service is temporarily unavailable.")


def internal_error() -> ServiceError:
    """The emulator itself failed."""
    return ServiceError(500, "InternalServerError", "The emulator failed; its log has the reason.")
