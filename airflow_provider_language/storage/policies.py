"""Reads redaction policies: files of YAML that people write, sign and keep under version control."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.protocol.redaction.policies import RedactionPolicy, policy_from
from airflow_provider_language.storage.stores import place_of

_LARGEST = 2**20
"""Bytes of a file; one that is larger is no policy."""


def read_policy(said: object) -> RedactionPolicy:
    """The policy of a file, or of the object that such a file has.

    Args:
        said: the object, or the location of a file of YAML (of which JSON is a part), in UTF-8.

    Raises:
        InvalidInputError: there is no such file, or it has no policy.
    """
    if isinstance(said, Mapping):
        return policy_from(said)
    place = place_of(said, "redaction_policy")
    if not place.is_file():
        raise InvalidInputError(f"There is no redaction policy at {place.location}.")
    place.fs.invalidate_cache()
    with place.fs.open(place.path, "rb") as file:
        content: bytes = file.read(_LARGEST + 1)
    if len(content) > _LARGEST:
        raise InvalidInputError(f"{place.location} is too large for a redaction policy.")
    try:
        told = yaml.load(content, Loader=_Once)  # noqa: S506 - is one of safe_load
    except (yaml.YAMLError, UnicodeError, ValueError, RecursionError) as error:
        raise InvalidInputError(f"{place.location} is no YAML ({_where(error)}).") from None
    return policy_from(told)


def _where(error: Exception) -> str:
    """What is wrong, and in which line, without a quotation of what else stands there."""
    mark = getattr(error, "problem_mark", None)
    line = f" in line {mark.line + 1}" if mark is not None else ""
    return f"{getattr(error, 'problem', None) or type(error).__name__}{line}"


class _Once(yaml.SafeLoader):
    """Refuses a name that stands twice in an object, where others take the last one."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """An object."""
        names = [self.construct_object(name, deep=True) for name, _ in node.value]
        twice = next((name for number, name in enumerate(names) if name in names[:number]), None)
        if twice is not None:
            raise yaml.constructor.ConstructorError(
                None, None, f"{twice!r:.60} stands twice", node.start_mark
            )
        return super().construct_mapping(node, deep)
