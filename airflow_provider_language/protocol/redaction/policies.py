"""A redaction policy: what becomes of each category of personal data, in a form that can be signed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.protocol.inputs.categories import ALL_PII, WHOLE
from airflow_provider_language.protocol.inputs.near_misses import meant
from airflow_provider_language.protocol.redaction.second_pass import SecondPass, second_pass_from
from airflow_provider_language.protocol.redaction.ways import Way, way_from

VERSION = 1
"""Of the form of policies. It grows when a word of it means something else."""
CATEGORIES = frozenset[str]().union(*ALL_PII.values()) - WHOLE
"""That can be named: those that any published version of the service has."""
_FIELDS = ("version", "name", "default", "categories", "reversible", "second_pass")
_LONGEST_NAME = 100


@dataclass(frozen=True)
class RedactionPolicy:
    """What becomes of each category.

    Args:
        default: of categories that are not named, those among them that the service has not yet.
        categories: by name, in its order.
        name: for people; it is part of the digest.
        reversible: whether the surface form of each pseudonym is kept, encrypted, in a table of its own.
        second_pass: which surface forms are looked for in all documents, where a run is asked to; None for
            those of pseudonyms, by the usual bounds.
    """

    default: Way
    categories: tuple[tuple[str, Way], ...] = ()
    name: str | None = None
    reversible: bool = False
    second_pass: SecondPass | None = None

    @cached_property
    def _ways(self) -> dict[str, Way]:
        return dict(self.categories)

    def way(self, category: str) -> Way:
        """What becomes of a category."""
        return self._ways.get(category, self.default)

    @property
    def needs_key(self) -> bool:
        """Whether it has pseudonyms."""
        return any(way.kind == "pseudonym" for way in (self.default, *self._ways.values()))

    @property
    def looked_for(self) -> SecondPass:
        """Which surface forms a second pass looks for."""
        return self.second_pass or SecondPass()

    @property
    def has_looked_for(self) -> bool:
        """Whether there can be some."""
        return self.needs_key or self.looked_for.categories is not None

    def is_looked_for(self, category: str) -> bool:
        """Whether a second pass looks for the surface forms of a category."""
        named = self.looked_for.categories
        return self.way(category).kind == "pseudonym" if named is None else category in named

    def told(self) -> dict[str, Any]:
        """The policy as :func:`policy_from` takes it, with all that it leaves to defaults."""
        categories = {name: way.told() for name, way in self.categories}
        told = {"version": VERSION, "default": self.default.told(), "categories": categories}
        if self.reversible:
            told["reversible"] = True
        if self.second_pass is not None:
            told["second_pass"] = self.second_pass.told()
        return told if self.name is None else {**told, "name": self.name}

    @property
    def digest(self) -> str:
        """SHA-256, in hexadecimal, of the canonical form, which two that differ in writing alone share."""
        canonical = json.dumps(self.told(), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()


def policy_from(said: Any) -> RedactionPolicy:
    """The policy that an object says.

    Args:
        said: ``version`` (1), ``default`` (a way), ``categories`` (ways by category), and perhaps ``name``,
            ``reversible`` and ``second_pass``.

    Raises:
        InvalidInputError: it is none; with what could be meant.
    """
    if not isinstance(said, Mapping):
        raise InvalidInputError(f"A redaction policy is an object, and this is a {type(said).__name__}.")
    for field in said:
        if field not in _FIELDS:
            raise InvalidInputError(
                f"A redaction policy has no {field!r:.60}, but {', '.join(_FIELDS)}"
                f"{meant(str(field), _FIELDS) or '.'}"
            )
    if type(said.get("version")) is not int or said["version"] != VERSION:
        raise InvalidInputError(
            f"The redaction policy has the version {said.get('version')!r:.60}; this release knows {VERSION}."
        )
    if "default" not in said:
        raise InvalidInputError(
            "The redaction policy has no default, which is for the categories that it does not name."
        )
    policy = RedactionPolicy(
        way_from(said["default"], "default"),
        _ways(said.get("categories")),
        _name(said.get("name")),
        _flag(said.get("reversible", False)),
        second_pass_from(said.get("second_pass"), CATEGORIES),
    )
    if policy.reversible and not policy.needs_key:
        raise InvalidInputError("The redaction policy is reversible, and has no pseudonym to reveal.")
    for category in policy.looked_for.categories or ():
        if policy.way(category).kind == "leave":
            raise InvalidInputError(
                f"second_pass.categories has {category}, which the redaction policy leaves."
            )
    return policy


def _ways(said: Any) -> tuple[tuple[str, Way], ...]:
    if said is None:
        return ()
    if not isinstance(said, Mapping):
        raise InvalidInputError(f"categories of the redaction policy is a {type(said).__name__}, no object.")
    for name in said:
        if name not in CATEGORIES:
            raise InvalidInputError(
                f"The redaction policy names {name!r:.60}, which is no category of personal data"
                f"{meant(str(name), CATEGORIES) or '.'}"
            )
    return tuple((name, way_from(way, f"categories.{name}")) for name, way in sorted(said.items()))


def _name(said: Any) -> str | None:
    if said is None:
        return None
    if not isinstance(said, str) or not said.isprintable() or not 0 < len(said.strip()) <= _LONGEST_NAME:
        raise InvalidInputError(
            f"The name of a redaction policy is one line of at most {_LONGEST_NAME} characters."
        )
    return said.strip()


def _flag(said: Any) -> bool:
    if not isinstance(said, bool):
        raise InvalidInputError(f"reversible is {said!r:.60} instead of true or false.")
    return said
