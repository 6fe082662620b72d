"""Redaction of a corpus by our own policy: from the places in its rows and the texts of its source."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.protocol.jobs.redaction import redacted_text, writable
from airflow_provider_language.protocol.redaction.audit import Provenance, records_of
from airflow_provider_language.protocol.redaction.entities import check_shown, entities_of, spans_in, unit_of
from airflow_provider_language.protocol.redaction.keys import RedactionKey
from airflow_provider_language.protocol.redaction.policies import RedactionPolicy
from airflow_provider_language.protocol.redaction.redacting import Redacted, hidden_by, redact
from airflow_provider_language.protocol.redaction.turns import Turn, fitting, turns_of
from airflow_provider_language.running.redaction_keys import Secrets, key_for, reveal_key
from airflow_provider_language.running.secret_options import secret_of
from airflow_provider_language.storage.policies import read_policy

if TYPE_CHECKING:
    from cryptography.fernet import Fernet

    from airflow_provider_language.protocol.corpus.items import Item
    from airflow_provider_language.protocol.defaults import SecondPassMode
    from airflow_provider_language.protocol.inputs.tasks import WireTask
    from airflow_provider_language.protocol.jobs.string_units import Widths
    from airflow_provider_language.protocol.json_values import JsonObject
    from airflow_provider_language.protocol.redaction.forms import FormSearch
    from airflow_provider_language.protocol.redaction.spans import Span
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
        second_pass: what becomes of names that were found in another document; None to look for none.
    """

    policy: RedactionPolicy
    key: RedactionKey | None
    unit: Widths
    fernet: Fernet | None = None
    second_pass: SecondPassMode | None = None

    @property
    def key_id(self) -> str | None:
        """The public name of the key."""
        return None if self.key is None else self.key.id

    def told(self) -> dict[str, Any]:
        """What a manifest tells of it: the policy is whole in it, so that an auditor needs no file."""
        return {"policy": self.policy.told(), "policy_sha256": self.policy.digest, "key_id": self.key_id}


def own_redaction(
    said: object,
    task: WireTask,
    secrets: Secrets = secret_of,
    second_pass: SecondPassMode | None = None,
) -> OwnRedaction:
    """The redaction that an author wants.

    Args:
        said: the policy, or the location of its file.
        task: whose findings are redacted.
        secrets: from where its keys are.
        second_pass: what becomes of names that were found in another document; None to look for none.

    Raises:
        InvalidInputError: it is no policy, it needs a key that is not there, it has nothing to look for in a
            second pass, or the places of the findings cannot be known.
    """
    unit = unit_of(task)
    policy = read_policy(said)
    if second_pass is not None and not policy.has_looked_for:
        raise InvalidInputError(
            "second_pass looks for what the redaction policy pseudonymises, and it has no pseudonym: name "
            "what else is to be looked for as categories of its section second_pass."
        )
    key = key_for(policy, secrets)
    log.info("Redacting by the policy %s%s", policy.digest, f" with the key {key.id}" if key else "")
    fernet = reveal_key(secrets) if policy.reversible else None
    return OwnRedaction(policy, key, unit, fernet, second_pass)


def spans_of(row: JsonObject, item: Item, redaction: OwnRedaction) -> tuple[Span, ...] | None:
    """All that was found in a document, if its text is the one that was analyzed; None without a result.

    Raises:
        InvalidInputError: what was found does not fit the text.
    """
    entities = entities_of(row)
    if entities is None:
        return None
    text = str(item.content)
    spans = tuple(spans_in(entities, text, redaction.unit))
    check_shown(redacted_text(row), text, spans)
    return spans


def searched(
    row: JsonObject, item: Item, redaction: OwnRedaction, *, has_turns: bool
) -> Iterator[tuple[str, tuple[Span, ...]]]:
    """The texts of a document in which findings stand, with their places; none of one that they do not fit.

    Args:
        row: as it has landed.
        item: the document.
        redaction: of it.
        has_turns: whether it is a conversation, whose texts are those of its turns.
    """
    if has_turns:
        for turn in turns_of(row, str(item.content)) or ():
            for form, spans in islice(fitting(turn), 1):
                yield turn.forms[form], spans
        return
    with suppress(InvalidInputError):  # it has no text in the copy, which tells of it
        spans_found = spans_of(row, item, redaction)
        if spans_found is not None:
            yield str(item.content), spans_found


class PolicyTexts:
    """The texts of documents, redacted by a policy; what became of each finding is told to an auditor.

    Args:
        redaction: how.
        run: by whom.
        audit: takes the records of the table of redactions.
        surfaces: takes whom pseudonyms stand for; None where nobody does.
        sought: what is looked for in a second pass; None for nothing.

    Attributes:
        unfit: documents whose findings do not fit their texts, so that they have none in the copy.
        found_again: places that the second pass has found.
        documents_again: in which it has found some.
    """

    def __init__(
        self,
        redaction: OwnRedaction,
        run: str,
        audit: Callable[[Record], None],
        surfaces: Callable[[str, Redacted], None] | None = None,
        sought: FormSearch | None = None,
    ) -> None:
        self._redaction = redaction
        self._provenance = Provenance(redaction.policy.digest, redaction.key_id, run)
        self._audit = audit
        self._surfaces = surfaces
        self._sought = sought
        self.unfit = self.found_again = self.documents_again = 0

    def of(self, row: JsonObject, item: Item) -> str | None:
        """The redacted text of a document; None if nobody knows all of what was found in it."""
        text, before = str(item.content), self.found_again
        try:
            spans = spans_of(row, item, self._redaction)
            redacted = None if spans is None else self._taken(row, text, spans)
        except InvalidInputError:
            self.unfit += 1
            return None
        self.documents_again += self.found_again > before
        return redacted

    def of_turns(self, row: JsonObject, item: Item) -> list[dict[str, str]] | None:
        """The redacted forms of the turns of a conversation; nothing of a turn if nobody knows what is in it.

        The forms in which the findings do not stand have the service's own redaction.
        """
        turns, before = turns_of(row, str(item.content)), self.found_again
        if turns is None:
            return None
        said = [self._of_turn(row, turn) for turn in turns]
        self.unfit += not all(said)
        self.documents_again += self.found_again > before
        return said

    def _of_turn(self, row: JsonObject, turn: Turn) -> dict[str, str]:
        places = dict(fitting(turn))
        if not places:
            return {}
        said: dict[str, str] = {}
        told = next(iter(places))
        for form, text in turn.forms.items():
            if form == told:
                said[form] = self._taken(row, text, places[form], turn.id)
            elif form in places or form in turn.shown:
                spans, read = (places[form], text) if form in places else ((), turn.shown[form])
                said[form] = writable(self._redacted(read, spans, self._again(read, spans)).text)
        return said

    def _taken(self, row: JsonObject, text: str, spans: tuple[Span, ...], item_id: str | None = None) -> str:
        """A redacted text, of which is told what became of each finding.

        Raises:
            InvalidInputError: what was found does not fit it.
        """
        again = self._again(text, spans)
        done = self._redacted(text, spans, again)
        for record in records_of(row, done.changes, self._provenance, len(spans), item_id):
            self._audit(record)
        self.found_again += len(again)
        if self._surfaces is not None:
            self._surfaces(text, done)
        return writable(done.text)

    def _again(self, text: str, spans: tuple[Span, ...]) -> list[Span]:
        """What the second pass finds; it leaves alone what is redacted without it."""
        if self._sought is None:
            return []
        return self._sought.suggestions(text, hidden_by(self._redaction.policy, spans))

    def _redacted(self, text: str, spans: tuple[Span, ...], again: list[Span]) -> Redacted:
        policy, key = self._redaction.policy, self._redaction.key
        if self._redaction.second_pass == "apply":  # noqa: S105 - no password
            return redact(text, (*spans, *again), policy, key)
        return redact(text, spans, policy, key, again)
