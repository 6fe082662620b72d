"""CorpusRedaction: how a corpus operator may be told to keep personal data out of what it writes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from airflow_provider_language._compat import BaseOperator
from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.running.choices import check_flags, check_policy, check_second_pass

if TYPE_CHECKING:
    from airflow_provider_language.protocol.defaults import SecondPassMode
    from airflow_provider_language.running.redaction_keys import Secrets
    from airflow_provider_language.storage.locations import Location


class CorpusRedaction(BaseOperator):
    """Says what is written without the personal data that is found, and how (docs/redaction.md).

    Args:
        redacted_only: whether the personal data that is found stays out of rows and tables; for tasks that
            redact alone, since results of all others quote the texts.
        redacted_copy: write a copy of the source, too, with the redacted texts in the place of its texts
            (docs/corpus.md); for one task ``PiiEntityRecognition``, beside any others, or one
            ``ConversationalPIITask``. Not of native documents, which the service copies itself.
        redaction_policy: by which the texts of that copy are redacted, in the place of the service's masks: a
            policy, or the location of a file of YAML with one. Pseudonyms need ``[azure_language]
            redaction_key``.
        second_pass: look for what the policy pseudonymises in all documents of the run, word by word, where
            the service has not found it: ``suggest`` tells places in the table ``redactions``, and leaves
            them in the copy; ``apply`` redacts them, too. None looks for nothing.
        kwargs: of Airflow's ``BaseOperator``.
    """

    template_fields: Sequence[str] = ("redaction_policy",)

    def __init__(
        self,
        *,
        redacted_only: bool = False,
        redacted_copy: bool = False,
        redaction_policy: Mapping[str, Any] | Location | None = None,
        second_pass: SecondPassMode | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        check_flags(redacted_only=redacted_only, redacted_copy=redacted_copy)
        check_policy(redaction_policy, copies=redacted_copy)
        check_second_pass(second_pass, has_policy=redaction_policy is not None)
        self.redacted_only = redacted_only
        self.redacted_copy = redacted_copy
        self.redaction_policy = redaction_policy
        self.second_pass = second_pass
        self._has_policy = redaction_policy is not None

    @property
    def secrets(self) -> Secrets:
        """What gives the keys of the policy: ``[azure_language]``, or connections that it names."""
        from airflow_provider_language.running.secret_options import secret_of

        return secret_of

    @property
    def policy(self) -> Any:
        """The policy as it was rendered; None where none was given.

        Raises:
            InvalidInputError: one was given, and is none by now; the service's masks are not what was wanted.
        """
        if self._has_policy and self.redaction_policy is None:
            raise InvalidInputError("redaction_policy was rendered to nothing.")
        return self.redaction_policy
