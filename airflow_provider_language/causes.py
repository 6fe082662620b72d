"""Why something went wrong, where the service's words tell it: what to do next, and whether it would last."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

LONGEST = 2_000
"""Characters of a message that are looked through; a cause stands in its first sentences."""


@dataclass(frozen=True)
class Cause:
    """Why something went wrong.

    Args:
        next_step: what to do, in a sentence.
        told: how the service, or the transport, says it.
        lasts: whether it is as it is until somebody does that, so that no retry can end otherwise.
    """

    next_step: str
    told: str = ""
    lasts: bool = True


INPUT = Cause("Correct the documents, tasks or parameters; another job with the same ones would fail alike.")
INPUT_CODES = frozenset(
    {
        "emptyrequest",
        "invalidargument",
        "invalidcountryhint",
        "invaliddocument",
        "invaliddocumentbatch",
        "invalidparametervalue",
        "invalidrequest",
        "invalidrequestbodyformat",
        "missinginputdocuments",
        "missinginputrecords",
        "modelversionincorrect",
        "unsupportedlanguagecode",
    }
)
"""The codes of jobs that failed for what they were asked, in lower case."""

_CAUSES: Sequence[tuple[str, Cause]] = (
    (
        r"\bproject ?notfound\b|\b(project|deployment)\b.{0,200}\b(not|cannot be|could not be) found\b"
        r"|\b(project|deployment)\b.{0,200}\bdoes not exist\b",
        Cause(
            "Check the task's project and deployment: they must be names of a model that is deployed in the "
            "connection's resource.",
            told="`ProjectNotFound`, or that a project or a deployment is not found",
        ),
    ),
    (
        r"\bunsupportedfeature\b|\bnot (supported|available) in (the|this|your) (current )?region\b"
        r"|\bfeature is not supported\b",
        Cause(
            "The resource's region does not have this; take a resource in a region that does, or another "
            "kind.",
            told="`UnsupportedFeature`, or that a feature is not available in the region",
        ),
    ),
    (
        r"\bpermissiondenied\b|\blacks the required\b|\bdoes not have (the )?(permission|access)\b",
        Cause(
            "Give who signs in a role on the resource that may run jobs, such as Cognitive Services User.",
            told="`PermissionDenied`, or that the caller lacks a permission",
        ),
    ),
    (
        r"\bauthenticationtypedisabled\b|\bkey.based authentication is (disabled|not)\b",
        Cause(
            "The resource takes no keys: let keys in there, or sign in with Entra ID.",
            told="`AuthenticationTypeDisabled`, or that authentication by key is disabled",
        ),
    ),
    (
        r"\bprovide an? authentication key\b|\bmissing (subscription|authentication) key\b",
        Cause(
            "Put one of the resource's two keys into the connection's password.",
            told="that a key is missing",
        ),
    ),
    (
        r"\baccess token is\b|\btoken (has|is) expired\b",
        Cause(
            "Check who signs in, and that the connection's host is the resource's own.",
            told="that the access token is missing, invalid or expired",
            lasts=False,
        ),
    ),
    (
        r"\bvirtual network\b|\bfirewall\b|\bpublic access is disabled\b|\bprivate endpoint\b",
        Cause(
            "Let the networks of workers and triggerer in by the resource's network rules.",
            told="that a virtual network, a firewall or a private endpoint lets nobody in",
        ),
    ),
    (
        r"\bapi.?version\b.{0,200}\b(not|un) ?supported\b|\bunsupported api.?version\b",
        Cause(
            "Name a version that the endpoint has, as api_version of the connection or the task.",
            told="that the api-version is not supported",
        ),
    ),
    (
        r"\bcertificate.?verify.?failed\b|\bsslcertverificationerror\b",
        Cause(
            "Check the connection's verify, which may name a bundle of certificates, and its proxy.",
            told="that the certificate cannot be verified",
            lasts=False,
        ),
    ),
    (
        r"\bcannot be sent as it is\b",
        Cause(
            "Check the connection's host, proxy, headers and key; another try would not be sent, either.",
            told="that a header cannot be sent as it is",
        ),
    ),
)
"""Patterns of a message, with its code before it, in lower case; and the cause.

The messages are quoted by users, or stand in recordings and pages (docs/service.md, errors).
"""
CAUSES = tuple(cause for _, cause in _CAUSES)
"""All that the service's words tell, for the page of them."""


def cause_of(code: str | None, message: str) -> Cause | None:
    """Why something went wrong; None where the service's words tell no cause.

    Args:
        code: the service's innermost code.
        message: what it says, or what the transport says of it.
    """
    told = f"{code or ''}: {message}"[:LONGEST].lower()
    return next((cause for pattern, cause in _CAUSES if re.search(pattern, told, re.DOTALL)), None)


def cause_of_job(code: str | None, message: str) -> Cause | None:
    """Why a job failed: also what it was asked for, which another job would be asked for again."""
    return cause_of(code, message) or (INPUT if (code or "").lower() in INPUT_CODES else None)
