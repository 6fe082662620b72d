"""How Python's values become the service's JSON: snake case to camel case, and None to absence."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence, Set
from dataclasses import fields, is_dataclass
from numbers import Integral, Real
from typing import TYPE_CHECKING, Any

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.protocol.json_values import WireObject

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

MOST_VALUES = 20_000
"""How many values may be in one: more than any that are meant, and few enough to be walked at once."""
DEPTH = 32
"""How deep they may be nested: those that are meant have five floors."""
_LARGEST = 2**63


def camel_case(name: str) -> str:
    """``redaction_character`` to ``redactionCharacter``."""
    head, *tail = name.split("_")
    return head + "".join(part.capitalize() for part in tail)


def fields_to_wire(value: DataclassInstance) -> WireObject:
    """Turn the fields of typed parameters into the JSON that the service reads.

    A field that is None is left out, so that the service's own default applies. ``policyKind`` and the like
    are class attributes named ``wire_constants``.

    Raises:
        InvalidInputError: as of :func:`to_wire`.
    """
    return _Writer().of_fields(value, type(value).__name__)


def to_wire(value: object, name: str = "The value") -> Any:
    """Turn typed parameters, alone or within lists and dicts, into JSON; a plain dict keeps its names.

    Args:
        value: a lazy sequence of Airflow's is a list, and a set a list in the order of its members.
        name: how a message is to call it.

    Raises:
        InvalidInputError: it is not JSON, nor can be made so in one way only: other objects, bytes, NaN and
            infinities, names that are no strings, half surrogate pairs, or what holds itself.
    """
    return _Writer().of(value, name)


def in_order(value: Any) -> Any:
    """A value whose sets are tuples, in the order of their members; the same one, where it has none.

    A set has another order in each process, and so has its ``repr``, by which Airflow tells versions of a
    DAG.
    """
    return _ordered(value, {}, DEPTH)


def _ordered(value: Any, known: dict[int, Any], depth: int) -> Any:
    if id(value) in known or not depth:
        return known.get(id(value), value)
    if isinstance(value, Set):
        return tuple(sorted(value, key=_place_in_set))
    if type(value) not in {list, tuple, dict}:
        return value
    known[id(value)] = value
    if type(value) is dict:
        found: Any = {name: _ordered(content, known, depth - 1) for name, content in value.items()}
        is_same = all(found[name] is content for name, content in value.items())
    else:
        found = type(value)(_ordered(one, known, depth - 1) for one in value)
        is_same = all(one is other for one, other in zip(found, value, strict=True))
    known[id(value)] = value if is_same else found
    return known[id(value)]


def check_word(value: str, name: str) -> None:
    """Refuse what UTF-8 cannot carry, and NUL, which no XCom in PostgreSQL can; tell the place, not the text.

    Raises:
        InvalidInputError: half a surrogate pair, or a NUL.
    """
    if is_plain(value):
        return
    check_unicode(value, name)
    if "\0" in value:
        raise InvalidInputError(f"{name} has a NUL at character {value.index(chr(0))}.")


def is_plain(value: str) -> bool:
    """Whether it is ASCII without a NUL: then no check says anything against it, nor needs a name for it."""
    return value.isascii() and "\0" not in value


def check_unicode(value: str, name: str) -> None:
    """Refuse half a surrogate pair, which no UTF-8 request can carry; tell the place, not the text.

    Raises:
        InvalidInputError: half a surrogate pair.
    """
    if value.isascii():
        return
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise InvalidInputError(f"{name} is not valid Unicode at character {error.start}.") from None


class _Writer:
    """One walk through a value."""

    def __init__(self) -> None:
        self._left = MOST_VALUES
        self._above: set[int] = set()
        """What the walk is inside of: who meets it again, goes in a circle."""

    def of(self, value: object, name: str) -> Any:
        self._left -= 1
        if self._left < 0:
            raise InvalidInputError(f"{name} has more than {MOST_VALUES} values in it.")
        if value is None or isinstance(value, (bool, str, Real)):
            return _scalar(value, name)
        if id(value) in self._above or len(self._above) == DEPTH:
            raise InvalidInputError(f"{name:.200} holds itself, or is nested deeper than {DEPTH} times.")
        self._above.add(id(value))
        try:
            return self._of_container(value, name)
        finally:
            self._above.remove(id(value))

    def _of_container(self, value: object, name: str) -> Any:
        if is_dataclass(value) and not isinstance(value, type):
            return self.of_fields(value, name)
        if isinstance(value, Mapping):
            return self._of_mapping(value, name)
        if isinstance(value, Set):
            return [self.of(one, name) for one in sorted(value, key=_place_in_set)]
        if isinstance(value, Sequence) and not isinstance(value, (bytes, bytearray, memoryview)):
            return [self.of(one, f"{name}[{place}]") for place, one in enumerate(value)]
        raise InvalidInputError(f"{name} is a {type(value).__name__}, which is not JSON.")

    def of_fields(self, value: DataclassInstance, name: str) -> WireObject:
        wire: WireObject = dict(getattr(value, "wire_constants", {}))
        for field in fields(value):
            content = getattr(value, field.name)
            if content is not None:
                wire[camel_case(field.name)] = self.of(content, f"{name}.{field.name}")
        return wire

    def _of_mapping(self, value: Mapping[Any, object], name: str) -> WireObject:
        for one in value:
            if not isinstance(one, str):
                raise InvalidInputError(f"A name in {name} is a {type(one).__name__}, not a string.")
            check_unicode(one, f"A name in {name}")
        return {one: self.of(content, f"{name}.{one}") for one, content in value.items()}


def _scalar(value: Any, name: str) -> Any:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        check_unicode(value, name)
        return str.__str__(value)  # of a member of an enumeration, what it stands for
    if isinstance(value, Integral):
        if abs(int(value)) >= _LARGEST:
            raise InvalidInputError(f"{name} is a number of more than 64 bits.")
        return int(value)
    number = float(value)
    if not math.isfinite(number):
        raise InvalidInputError(f"{name} is {number}, which is no number in JSON.")
    return number


def _place_in_set(member: object) -> tuple[str, str]:
    return type(member).__name__, str(in_order(member))
