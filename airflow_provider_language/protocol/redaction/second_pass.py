"""What a policy says of the second pass, which looks for what was found once in all documents."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.protocol.inputs.near_misses import meant

SHORTEST, CONFIDENCE, MISSES_PER_FINDING = 4, 0.8, 10
_FIELDS = ("categories", "shortest", "confidence", "misses_per_finding")


@dataclass(frozen=True)
class SecondPass:
    """Which surface forms are looked for.

    Args:
        categories: of them; None for those that the policy pseudonymises.
        shortest: characters of a form, in its normal spelling, at least.
        confidence: of the service in a finding, from 0 to 1, at least; one that says none is passed.
        misses_per_finding: documents in which a form stands without having been found there, for each in
            which it was found, at most. A form with more of them is taken for an ordinary word.
    """

    categories: tuple[str, ...] | None = None
    shortest: int = SHORTEST
    confidence: float = CONFIDENCE
    misses_per_finding: int = MISSES_PER_FINDING

    def told(self) -> dict[str, Any]:
        """As a policy tells it, with all that it leaves to defaults."""
        told = {name: value for name, value in asdict(self).items() if name != "categories"}
        return told if self.categories is None else {**told, "categories": list(self.categories)}


def second_pass_from(said: Any, known: Collection[str]) -> SecondPass | None:
    """What a policy says of the second pass; None if it says nothing.

    Args:
        said: an object with ``categories``, ``shortest``, ``confidence`` or ``misses_per_finding``.
        known: categories that can be named.

    Raises:
        InvalidInputError: it is none.
    """
    if said is None:
        return None
    if not isinstance(said, Mapping):
        raise InvalidInputError(f"second_pass of the redaction policy is a {type(said).__name__}, no object.")
    for field in said:
        if field not in _FIELDS:
            raise InvalidInputError(
                f"second_pass of the redaction policy has no {field!r:.60}, but {', '.join(_FIELDS)}"
                f"{meant(str(field), _FIELDS) or '.'}"
            )
    confidence = said.get("confidence", CONFIDENCE)
    if isinstance(confidence, bool) or not isinstance(confidence, (int, float)) or not 0 <= confidence <= 1:
        raise InvalidInputError(f"second_pass.confidence is {confidence!r:.60} instead of 0 to 1.")
    return SecondPass(
        _categories(said.get("categories"), known),
        _count(said, "shortest", SHORTEST, least=1),
        float(confidence),
        _count(said, "misses_per_finding", MISSES_PER_FINDING, least=0),
    )


def _categories(said: Any, known: Collection[str]) -> tuple[str, ...] | None:
    if said is None:
        return None
    if not isinstance(said, list | tuple) or not said:
        raise InvalidInputError("second_pass.categories of the redaction policy is no list of categories.")
    for name in said:
        if not isinstance(name, str) or name not in known:
            raise InvalidInputError(
                f"second_pass.categories has {name!r:.60}, which is no category of personal data"
                f"{meant(str(name), known) or '.'}"
            )
    return tuple(sorted(set(said)))


def _count(said: Mapping[Any, Any], name: str, usual: int, *, least: int) -> int:
    value = said.get(name, usual)
    if type(value) is not int or value < least:
        raise InvalidInputError(
            f"second_pass.{name} is {value!r:.60} instead of a whole number of at least {least}."
        )
    return value
