"""How found entities are masked in ``redactedText``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from airflow_provider_language.emulator.engines import parameter_values as wire
from airflow_provider_language.emulator.engines.extras import load

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_CHARACTERS = frozenset("!#$%&*+-=?@^_~")
_SYNTHETIC = {
    "Person": ("Alex Sample", "Robin Example", "Sam Placeholder", "Kim Specimen"),
    "Organization": ("Example Works", "Sample Industries", "Placeholder Group"),
    "Address": ("1 Example Street", "2 Sample Road", "3 Placeholder Avenue"),
    "Email": ("person1@example.com", "person2@example.com", "person3@example.com"),
    "URL": ("https://example.com/1", "https://example.com/2"),
    "City": ("Exampleville", "Sampleton"),
}


@dataclass(frozen=True)
class Policy:
    """One redaction policy.

    Attributes:
        kind: ``nomask``, ``charactermask``, ``entitymask`` or ``syntheticreplacement``.
        types: The lower-case categories that it is for; empty for all.
        default: Whether it is for whatever no other policy names.
        character: What masks a text element.
        unmasked: How many text elements stay readable.
        from_end: Whether these are the last ones.
    """

    kind: str = "charactermask"
    types: frozenset[str] = frozenset()
    default: bool = False
    character: str = "*"
    unmasked: int = 0
    from_end: bool = True


@dataclass(frozen=True)
class Redaction:
    """A masked text.

    Attributes:
        text: The document with its entities masked; None if nothing is to be masked at all.
        masks: For each entity what stands for it under an entity mask and where in ``text``, or None.
    """

    text: str | None
    masks: tuple[tuple[str, int] | None, ...]


def policies(parameters: Mapping[str, Any]) -> tuple[Policy, ...]:
    """Return the policies of a task.

    Versions differ in how they are sent: ``redactionPolicies`` (2025-11-15-preview and later),
    ``redactionPolicy`` (2024-11-15-preview, 2025-05-15-preview), ``redactionCharacter`` (2023 previews). The
    service takes a kind in any case (recording documents_cancel: ``"EntityMask"``).

    Args:
        parameters: The task's parameters.
    """
    sent = wire.items(parameters, "redactionPolicies") or [wire.section(parameters, "redactionPolicy")]
    flat = {"redactionCharacter": parameters.get("redactionCharacter")}
    return tuple(_policy(item or flat) for item in sent if isinstance(item, dict))


def redact(text: str, entities: Sequence[tuple[int, int, str, str]], rules: Sequence[Policy]) -> Redaction:
    """Mask the entities of a text.

    A mask of characters has one for each text element of the entity (docs/emulator-sources.md). An
    entity mask is its type and a number for each different text, such as ``[PERSON_1]``; the how-to page
    shows the form and not how repeated texts are numbered. A synthetic replacement says openly that it is
    one. If nothing is to be masked by the default policy and no other one masks, there is no redacted text
    (how-to page, "noMask").

    Args:
        text: The document.
        entities: Start, end, type and category of each entity, in the order of the text, not overlapping.
        rules: The policies.

    Raises:
        MissingEngine: The library regex is not installed.
    """
    if rules and all(rule.kind == "nomask" for rule in rules) and any(not rule.types for rule in rules):
        return Redaction(None, (None,) * len(entities))
    parts: list[str] = []
    masks: list[tuple[str, int] | None] = []
    numbers: dict[str, dict[str, int]] = {}
    done, length = 0, 0
    for start, end, kind, category in entities:
        policy = _applicable(rules, kind, category)
        known = numbers.setdefault(kind, {})
        number = known.setdefault(text[start:end].casefold(), len(known) + 1)
        mask = _mask(text[start:end], kind, number, policy)
        length += start - done
        masks.append((mask, length) if policy.kind == "entitymask" else None)
        parts += text[done:start], mask
        length += len(mask)
        done = end
    return Redaction("".join((*parts, text[done:])), tuple(masks))


def _policy(sent: Mapping[str, Any]) -> Policy:
    character = sent.get("redactionCharacter")
    unmasked = sent.get("unmaskLength")
    return Policy(
        kind=str(sent.get("policyKind") or "characterMask").lower(),
        types=wire.names(sent, "entityTypes"),
        # Published documents have one name or the other; a recording shows the first one accepted.
        default=wire.flag(sent, "isDefault") or wire.flag(sent, "isDefaultPolicy"),
        character=character if isinstance(character, str) and character in _CHARACTERS else "*",
        unmasked=max(unmasked, 0) if isinstance(unmasked, int) else 0,
        from_end=sent.get("unmaskFromEnd") is not False,
    )


def _applicable(rules: Sequence[Policy], kind: str, category: str) -> Policy:
    names = {kind.lower(), category.lower()}
    named = (rule for rule in rules if rule.types & names)
    default = (rule for rule in rules if rule.default)
    general = (rule for rule in rules if not rule.types)
    return next((rule for group in (named, default, general) for rule in group), Policy())


def _mask(text: str, kind: str, number: int, policy: Policy) -> str:
    if policy.kind == "nomask":
        return text
    if policy.kind == "entitymask":
        return f"[{kind.upper()}_{number}]"
    if policy.kind == "syntheticreplacement":
        choices = _SYNTHETIC.get(kind)
        return choices[(number - 1) % len(choices)] if choices else _blanked(text)
    elements = load("regex").findall(r"\X", text)
    hidden = max(len(elements) - policy.unmasked, 0)
    if policy.from_end:
        return policy.character * hidden + "".join(elements[hidden:])
    shown = len(elements) - hidden
    return "".join(elements[:shown]) + policy.character * hidden


def _blanked(text: str) -> str:
    """Return a text of the same form that tells nothing."""
    return "".join(
        "0" if character.isdigit() else "X" if character.isalpha() else character for character in text
    )
