"""The refusals of the gateway in front of the service, in its own words wherever these were recorded."""

from __future__ import annotations

from airflow_provider_language.emulator.protocol.errors import by_emulator, error_object


class GatewayError(Exception):
    """The gateway in front of the service refuses a request.

    Its codes are the HTTP status as a string, and its header set is smaller.

    Attributes:
        status: The HTTP status.
        error: The object under ``error`` of the body.
        retry_after: Seconds until it is worth while to come again, if the gateway tells.
    """

    def __init__(self, status: int, message: str, retry_after: int | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.error = error_object(str(status), message)
        self.retry_after = retry_after


def unauthorized(*, by_token: bool = False) -> GatewayError:
    """No key or a wrong one (recording bad_credentials_401); or no good token, in words that users quote."""
    if by_token:
        return GatewayError(
            401,
            "Access token is missing, invalid, audience is incorrect (https://cognitiveservices.azure.com), "
            "or have expired.",
        )
    return GatewayError(
        401,
        "Access denied due to invalid subscription key or wrong API endpoint. Make sure to provide a valid "
        "key for an active subscription and use a correct regional API endpoint for your resource.",
    )


def rate_exceeded(operation: str, tier: str, seconds: int) -> GatewayError:
    """Too many requests of one operation (quoted in azure-sdk-for-net#26521 and azure-sdk-for-js#18941).

    The end of the F0 tier's message is inferred from that of `out_of_quota`.
    """
    unit = "second" if seconds == 1 else "seconds"
    advice = (
        "Please contact Azure support service if you would like to further increase the default rate limit."
    )
    if tier == "F0":
        advice = "To increase your rate limit switch to a paid tier."
    return GatewayError(
        429,
        f"Requests to the {operation} have exceeded rate limit of your current TextAnalytics {tier} pricing "
        f"tier. Please retry after {seconds} {unit}. {advice}",
        retry_after=seconds,
    )


def out_of_quota(seconds: int) -> GatewayError:
    """The F0 tier's quota is used up (quoted in azure-sdk-for-python#25619; its days are not its seconds)."""
    return GatewayError(
        403,
        "Out of call volume quota for TextAnalytics F0 pricing tier. Please retry after 15 days. "
        "To increase your call volume switch to a paid tier.",
        retry_after=seconds,
    )


def too_many_jobs(limit: int) -> GatewayError:
    """More jobs than are kept at a time; the service's own limit and words are unknown, so inferred."""
    return GatewayError(
        429,
        by_emulator(f"Requests have exceeded the limit of {limit} jobs at a time. Retry after 60 seconds."),
        retry_after=60,
    )


def no_such_resource() -> GatewayError:
    """A path or an api-version that the gateway has no route for.

    The answer of the gateway to an unknown version of a path is quoted in azure-sdk-for-js#24577; that an
    unknown ``api-version`` in the query meets the same answer is inferred.
    """
    return GatewayError(404, "Resource not found")
