"""Policies, keys and texts that tests of redaction share."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from airflow_provider_language.protocol.redaction.keys import RedactionKey
from airflow_provider_language.protocol.redaction.policies import RedactionPolicy, policy_from
from airflow_provider_language.protocol.redaction.spans import Span

KEY = RedactionKey(b"0123456789abcdef0123456789abcdef")
OTHER_KEY = RedactionKey(b"fedcba9876543210fedcba9876543210")

SAID: dict[str, Any] = {
    "version": 1,
    "default": "mask",
    "categories": {
        "Address": "remove",
        "Email": "category",
        "Organization": "leave",
        "Person": "pseudonym",
        "PhoneNumber": {"way": "keep_last", "characters": 4},
        "USBankAccountNumber": {"way": "keep_last", "characters": 2, "character": "#"},
    },
}
"""Each way at least once."""
CATEGORIES = [*SAID["categories"], "Age"]


def policy(default: Any = "mask", **categories: Any) -> RedactionPolicy:
    """A policy in few words."""
    return policy_from({"version": 1, "default": default, "categories": categories})


@st.composite
def found(draw: st.DrawFn) -> tuple[str, list[Span]]:
    """Any text, and any spans of it."""
    text = draw(st.text(st.characters(codec=None), min_size=1, max_size=60))
    spans = []
    for _ in range(draw(st.integers(0, 8))):
        begin = draw(st.integers(0, len(text) - 1))
        end = draw(st.integers(begin + 1, len(text)))
        confidence = draw(st.none() | st.floats(0, 1))
        spans.append(Span(begin, end, draw(st.sampled_from(CATEGORIES)), confidence))
    return text, spans
