"""Errors of single documents, which stand among the results of the others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from airflow_provider_language.emulator.protocol.errors import INVALID_DOCUMENT, by_emulator, error_object

if TYPE_CHECKING:
    from collections.abc import Sequence


def empty_document_error() -> dict[str, Any]:
    """One document without text among others (recording healthcare_in_analyze)."""
    return error_object("InvalidArgument", INVALID_DOCUMENT, ("InvalidDocument", "Document text is empty."))


def oversized_document_error(limit: int) -> dict[str, Any]:
    """One document of a synchronous call that is too long; the message is inferred."""
    return error_object(
        "InvalidArgument",
        INVALID_DOCUMENT,
        (
            "InvalidDocument",
            "A document within the request was too large to be processed. "
            f"Limit document size to: {limit} text elements.",
        ),
    )


def unreadable_document_error(reason: str) -> dict[str, Any]:
    """A native document that cannot be read, or whose results cannot be written; the words are ours."""
    return error_object("InvalidArgument", INVALID_DOCUMENT, ("InvalidDocument", by_emulator(reason)))


def unsupported_language_error(supported: Sequence[str]) -> dict[str, Any]:
    """One document in a language that the kind does not know here (recording partial_success).

    Later recordings name the language, too (autodetect_language). The service knows more languages.
    """
    return error_object(
        "InvalidArgument",
        "Invalid Language Code.",
        (
            "UnsupportedLanguageCode",
            by_emulator(
                f"Invalid language code. Supported languages: {','.join(supported)}. "
                "For additional details see https://aka.ms/text-analytics/language-support"
            ),
        ),
    )


def country_hint_error() -> dict[str, Any]:
    """A ``countryHint`` of language detection that is no country; the message is inferred."""
    return error_object(
        "InvalidArgument",
        "Invalid Country Hint.",
        (
            "InvalidCountryHint",
            "Country hint is not valid. Please specify an ISO 3166-1 alpha-2 two letter country code.",
        ),
    )
