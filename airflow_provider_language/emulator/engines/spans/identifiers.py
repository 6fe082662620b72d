"""Numbers and secrets that identify a person, an account or a thing: the PII categories told by a pattern."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from airflow_provider_language.emulator.engines.spans import checksums
from airflow_provider_language.emulator.engines.spans.hits import CHECKSUM, HEURISTIC, PATTERN, Hit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

_SEPARATORS = re.compile(r"[\s./-]")
# How far before a number a word may stand that says what it is.
_CONTEXT_REACH = 48
# Where a number may begin: no pattern of `_rule` begins otherwise. To look for such places once, and for the
# patterns there only, takes a tenth of the time that it takes to search the text for each pattern.
_BEGINNING = re.compile(r"[A-Z\d](?<![\w.-].)")


@dataclass(frozen=True)
class _Rule:
    """How one category is written.

    Attributes:
        pattern: The whole entity, or its group 1.
        check: Tells whether the characters without separators have right check digits.
        context: Words of which one must stand shortly before it; empty if it speaks for itself.
        is_number: Whether it begins like a number, see `_BEGINNING`.
        sign: What stands in every text that has one.
    """

    pattern: re.Pattern[str]
    check: Callable[[str], bool] | None = None
    context: tuple[str, ...] = ()
    is_number: bool = False
    sign: str = ""

    @property
    def confidence(self) -> float:
        return CHECKSUM if self.check else HEURISTIC if self.context else PATTERN


def _rule(pattern: str, check: Callable[[str], bool] | None = None, context: str = "") -> _Rule:
    words = tuple(context.split("|")) if context else ()
    return _Rule(re.compile(rf"(?:{pattern})(?![\w-]|\.\w)"), check, words, is_number=True)


def _secret(pattern: str) -> _Rule:
    return _Rule(re.compile(pattern), sign="=")


_RULES: Mapping[str, _Rule] = {
    "CreditCardNumber": _rule(
        r"[2-6]\d{3}(?:[ -]?\d{4}){2}[ -]?\d{1,7}|3[47]\d\d[ -]?\d{6}[ -]?\d{5}", checksums.luhn
    ),
    "InternationalBankingAccountNumber": _rule(
        r"[A-Z]{2}\d\d(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?", checksums.iban
    ),
    "SWIFTCode": _rule(r"[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?", None, "swift|bic"),
    "ABARoutingNumber": _rule(r"\d{9}", checksums.aba_routing, "aba|routing|transit"),
    "USBankAccountNumber": _rule(r"\d{6,17}", None, "account number|account no|bank account|acct"),
    "USSocialSecurityNumber": _rule(r"(?!000|666)[0-8]\d\d-(?!00)\d\d-(?!0000)\d{4}"),
    "USIndividualTaxpayerIdentification": _rule(r"9\d\d-[5-9]\d-\d{4}"),
    "USDriversLicenseNumber": _rule(
        r"[A-Z]{1,2}\d{5,12}", None, "driver's license|drivers license|driver license"
    ),
    "USUKPassportNumber": _rule(r"[A-Z]?\d{8,9}", None, "passport"),
    "DrugEnforcementAgencyNumber": _rule(r"[A-Z]{2}\d{7}", checksums.drug_enforcement, "dea"),
    "UKNationalInsuranceNumber": _rule(
        r"(?!BG|GB|NK|KN|TN|NT|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z](?: ?\d\d){3} ?[A-D]"
    ),
    "UKNationalHealthNumber": _rule(r"\d{3}[ -]?\d{3}[ -]?\d{4}", checksums.nhs, "nhs|national health"),
    "BRCPFNumber": _rule(r"\d{3}\.\d{3}\.\d{3}-\d\d", checksums.cpf),
    "BRLegalEntityNumber": _rule(r"\d\d\.\d{3}\.\d{3}/\d{4}-\d\d", checksums.cnpj),
    "CASocialInsuranceNumber": _rule(r"\d{3}[ -]\d{3}[ -]\d{3}", checksums.luhn),
    "ESDNI": _rule(r"(?:\d{8}|[XYZ]-?\d{7})-?[A-Z]", checksums.spanish_id),
    "ITFiscalCode": _rule(r"[A-Z]{6}\d\d[A-EHLMPR-T]\d\d[A-Z]\d{3}[A-Z]"),
    "FRSocialSecurityNumber": _rule(
        r"[12] ?\d\d ?(?:0[1-9]|1[0-2]) ?\d\d ?\d{3} ?\d{3} ?\d\d", checksums.french_social_security
    ),
    "DETaxIdentificationNumber": _rule(
        r"\d\d ?\d{3} ?\d{3} ?\d{3}", checksums.german_tax_id, "steuer|idnr|tax id|tin"
    ),
    "NLCitizensServiceNumber": _rule(r"\d{9}", checksums.dutch_citizen, "bsn|burgerservicenummer|sofinummer"),
    "PLNationalID": _rule(r"\d{11}", checksums.polish_id, "pesel"),
    "INUniqueIdentificationNumber": _rule(r"[2-9]\d{3} \d{4} \d{4}", None, "aadhaar|aadhar|uid"),
    "INPermanentAccount": _rule(r"[A-Z]{5}\d{4}[A-Z]"),
    "AUTaxFileNumber": _rule(r"\d{3} ?\d{3} ?\d{3}", checksums.australian_tax_file, "tfn|tax file"),
    "VehicleIdentificationNumber": _rule(r"[A-HJ-NPR-Z0-9]{17}", checksums.vehicle),
    "AzureStorageAccountKey": _secret(r"(?i:AccountKey)=([A-Za-z0-9+/]{86}==)"),
    "AzureSAS": _secret(r"[?&]sig=([A-Za-z0-9%+/]{43,100}(?:=|%3[dD])?)"),
    "AzureServiceBusString": _secret(
        r"(?i:Endpoint=sb://)[^\s;]{1,200};SharedAccessKeyName=[^\s;]{1,100};SharedAccessKey=[\w+/=]{20,100}"
    ),
    "SQLServerConnectionString": _secret(
        r"(?i:(?:Server|Data Source)=[^;\n]{1,200};(?:[^;=\n]{1,40}=[^;\n]{0,200};){0,12}"
        r"(?:Password|Pwd)=[^;\s]{1,100})"
    ),
}

_EXTENDED: Mapping[str, _Rule] = {
    "Password": _Rule(
        re.compile(r"(?i:\b(?:password|passphrase)(?: is|:|=) ?)(\S{4,64}?)(?=[.,;]?(?:\s|\Z))")
    ),
    "PIN": _Rule(re.compile(r"\b(?:PIN|Pin)(?: code| number)?(?: is|:)? (\d{4,8})\b")),
    "CVV": _Rule(re.compile(r"\b(?:CVV|CVC|CVV2)(?: code| number)?(?: is|:)? (\d{3,4})\b")),
    "ExpirationDate": _Rule(
        re.compile(
            r"(?i:\b(?:expires|expiry|expiration|exp)(?: date)?(?: on| is|:)?\.?)"
            r" ((?:0[1-9]|1[0-2])/\d{2,4})\b"
        )
    ),
    "ZipCode": _Rule(re.compile(r"(?:\b[A-Z]{2}|(?i:\bzip(?: code)?:?)) (\d{5}(?:-\d{4})?)\b")),
}

# Of rules that fit the same span the one that a word before it supports comes first, see `hits.longest`.
_IN_ORDER = sorted({**_RULES, **_EXTENDED}.items(), key=lambda item: not item[1].context)

CATEGORIES = frozenset(_RULES)
"""The categories that are looked for unless others are asked."""

EXTENDED_CATEGORIES = frozenset(_EXTENDED)
"""Categories since 2025-11-15-preview, looked for only if they are asked."""


def find(text: str, *, validate: bool, synonyms: Mapping[str, tuple[str, ...]]) -> Iterator[Hit]:
    """Yield identifying numbers and secrets; hits may overlap.

    Args:
        text: The document.
        validate: Whether check digits must be right.
        synonyms: Further words that say what a number is, in lower case, by category in lower case.
    """
    lowered = text.lower()
    beginnings = [match.start() for match in _BEGINNING.finditer(text)]
    for category, rule in _IN_ORDER:
        if rule.sign not in text:
            continue
        words = (*rule.context, *synonyms.get(category.lower(), ())) if rule.context else ()
        matches = _begun(rule.pattern, text, beginnings) if rule.is_number else rule.pattern.finditer(text)
        for match in matches:
            if words and not _introduced(lowered, match.start(), words):
                continue
            right = rule.check is None or rule.check(_SEPARATORS.sub("", match.group()))
            if right or not validate:
                start, end = match.span(match.re.groups and 1)
                yield Hit(start, end, category, rule.confidence if right else HEURISTIC)


def _begun(pattern: re.Pattern[str], text: str, beginnings: Sequence[int]) -> Iterator[re.Match[str]]:
    """Yield what ``finditer`` would, of a pattern that matches nowhere else than at some places."""
    done = 0
    for beginning in beginnings:
        match = pattern.match(text, beginning) if beginning >= done else None
        if match is not None:
            done = match.end()
            yield match


def _introduced(lowered: str, start: int, words: tuple[str, ...]) -> bool:
    before = lowered[max(0, start - _CONTEXT_REACH) : start]
    return any(re.search(rf"(?<!\w){re.escape(word)}", before) for word in words)
