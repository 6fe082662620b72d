"""Redaction of a corpus by our own policy: from the places in its rows and the texts of its source."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.protocol.jobs.redaction import redacted_text, writable
from airflow_provider_language.protocol.redaction.audit import Provenance, records_of
from airflow_provider_language.protocol.redaction.entities import check_shown, entities_of, spans_in, unit_of
from airflow_provider_language.protocol.redaction.keys import RedactionKey
from airflow_provider_language.protocol.redaction.policies import RedactionPolicy
from airflow_provider_language.protocol.redaction.redacting import Redacted, redact
from airflow_provider_language.running.redaction_keys import Secrets, key_for, reveal_key
from airflow_provider_language.running.secret_options import secret_of
from airflow_provider_language.storage.policies import read_policy

if TYPE_CHECKING:
    from cryptography.fernet import Fernet

    from airflow_provider_language.protocol.corpus.items import Item
    from airflow_provider_language.protocol.inputs.tasks import WireTask
    from airflow_provider_language.protocol.jobs.string_units import Widths
    from airflow_provider_language.protocol.json_values import JsonObject
    from airflow_provider_language.protocol.tables.records import Record

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class OwnRedaction:
    """How texts are redacted by us.

    Args:
        policy: what becomes of each category.
        key: of its pseudonyms; None if it has none.
        unit: in which the offsets of the findings count.
        fernet: by which is encrypted whom its pseudonyms stand for; None where that is told to nobody.
    """

    policy: RedactionPolicy
    key: RedactionKey | None
    unit: Widths
    fernet: Fernet | None = None

    @property
    def key_id(self) -> str | None:
        """The public name of the key."""
        return None if self.key is None else self.key.id

    def told(self) -> dict[str, Any]:
        """What a manifest tells of it: the policy is whole in it, so that an auditor needs no file."""
        return {"policy": self.policy.told(), "policy_sha256": self.policy.digest, "key_id": self.key_id}


def own_redaction(said: object, task: WireTask, secrets: Secrets = secret_of) -> OwnRedaction:
    """The redaction that an author wants.

    Args:
        said: the policy, or the location of its file.
        task: whose findings are redacted.
        secrets: from where its keys are.

    Raises:
        InvalidInputError: it is no policy, it needs a key that is not there, or the places of the findings
            cannot be known.
    """
    unit = unit_of(task)
    policy = read_policy(said)
    key = key_for(policy, secrets)
    log.info("Redacting by the policy %s%s", policy.digest, f" with the key {key.id}" if key else "")
    return OwnRedaction(policy, key, unit, reveal_key(secrets) if policy.reversible else None)


class PolicyTexts:
    """The texts of documents, redacted by a policy; what became of each finding is told to an auditor.

    Args:
        redaction: how.
        run: by whom.
        audit: takes the records of the table of redactions.
        surfaces: takes whom pseudonyms stand for; None where nobody does.

    Attributes:
        unfit: documents whose findings do not fit their texts, so that they have none in the copy.
    """

    def __init__(
        self,
        redaction: OwnRedaction,
        run: str,
        audit: Callable[[Record], None],
        surfaces: Callable[[str, Redacted], None] | None = None,
    ) -> None:
        self._redaction = redaction
        self._provenance = Provenance(redaction.policy.digest, redaction.key_id, run)
        self._audit = audit
        self._surfaces = surfaces
        self.unfit = 0

    def of(self, row: JsonObject, item: Item) -> str | None:
        """The redacted text of a document; None if nobody knows all of what was found in it."""
        try:
            entities = entities_of(row)
            if entities is None:
                return None
            text = str(item.content)
            spans = tuple(spans_in(entities, text, self._redaction.unit))
            check_shown(redacted_text(row), text, spans)
            done = redact(text, spans, self._redaction.policy, self._redaction.key)
        except InvalidInputError:
            self.unfit += 1
            return None
        for record in records_of(row, done.changes, self._provenance):
            self._audit(record)
        if self._surfaces is not None:
            self._surfaces(text, done)
        return writable(done.text)
