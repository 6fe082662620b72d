"""The parts of PiiEntityRecognition's parameters: redaction policies, exclusions, synonyms, thresholds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from airflow_provider_language.protocol.inputs.values import Value


@dataclass(frozen=True, kw_only=True, repr=False)
class RedactionPolicy(Value):
    """How entities are masked in ``redactedText`` (docs/service.md, families, 2025-11-15-preview and later).

    Args:
        entity_types: the PII categories it applies to; None for all that no other policy names.
        policy_name: comes back with the entities.
        is_default: whether it applies to what no other policy names.
    """

    entity_types: Sequence[str] | None = None
    policy_name: str | None = None
    is_default: bool | None = None


@dataclass(frozen=True, kw_only=True, repr=False)
class CharacterMask(RedactionPolicy):
    """Mask each character, ``redaction_character`` being one of ``! # $ % & * + - = ? @ ^ _ ~``.

    Args:
        redaction_character: the service's default is ``*``.
        unmask_length: how many characters stay readable (previews); the service's default is 0.
        unmask_from_end: whether they are the last ones (previews); the service's default is True.
    """

    wire_constants: ClassVar[Mapping[str, str]] = {"policyKind": "characterMask"}
    redaction_character: str | None = None
    unmask_length: int | None = None
    unmask_from_end: bool | None = None


@dataclass(frozen=True, kw_only=True, repr=False)
class EntityMask(RedactionPolicy):
    """Replace each entity by its category: ``[PERSON_1]``."""

    wire_constants: ClassVar[Mapping[str, str]] = {"policyKind": "entityMask"}


@dataclass(frozen=True, kw_only=True, repr=False)
class NoMask(RedactionPolicy):
    """Find the entities and leave the text as it is."""

    wire_constants: ClassVar[Mapping[str, str]] = {"policyKind": "noMask"}


@dataclass(frozen=True, kw_only=True, repr=False)
class SyntheticReplacement(RedactionPolicy):
    """Replace each entity by an invented one of its kind.

    Args:
        preserve_data_format: whether the replacement keeps the format; the service's default is False.
    """

    wire_constants: ClassVar[Mapping[str, str]] = {"policyKind": "syntheticReplacement"}
    preserve_data_format: bool | None = None


@dataclass(frozen=True, kw_only=True, repr=False)
class ValueExclusion(Value):
    """Texts that are not to be taken for an entity.

    Args:
        excluded_values: the texts.
        case_sensitive: whether they are compared letter for letter.
    """

    excluded_values: Sequence[str]
    case_sensitive: bool = False


@dataclass(frozen=True, kw_only=True, repr=False)
class Synonym(Value):
    """A word that announces an entity type, in one language or in all."""

    synonym: str
    language: str | None = None


@dataclass(frozen=True, kw_only=True, repr=False)
class EntitySynonyms(Value):
    """More words that announce an entity type (``"contract no."`` for a bank account)."""

    entity_type: str
    synonyms: Sequence[Synonym]


@dataclass(frozen=True, kw_only=True, repr=False)
class ThresholdOverride(Value):
    """The least confidence, from 0 to 1, for one entity type in one language.

    Of 2026-05-01 and later one published document demands the language, and another one does not.
    """

    entity: str
    value: float
    language: str | None = None


@dataclass(frozen=True, kw_only=True, repr=False)
class ConfidenceThreshold(Value):
    """The least confidence, from 0 to 1, at which an entity is reported.

    Args:
        default: for every entity type that no override names.
        overrides: for single entity types.
    """

    default: float
    overrides: Sequence[ThresholdOverride] | None = None
