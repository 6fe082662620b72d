"""What versions of analyze-conversations call the categories of personal data that the engines find."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from airflow_provider_language.emulator.engines.spans import identifiers

if TYPE_CHECKING:
    from collections.abc import Mapping

_NUMERIC_IDENTIFIER = "NumericIdentifier"
# Identifiers that the earlier versions have no name of their own for are numeric identifiers there: "case
# numbers, member numbers, ... bank account numbers, IP addresses, product keys" (the page of categories).
_NUMERIC: Mapping[str, str] = MappingProxyType(
    dict.fromkeys((*sorted(identifiers.CATEGORIES), "IPAddress", _NUMERIC_IDENTIFIER), _NUMERIC_IDENTIFIER)
)
_ALWAYS: Mapping[str, str] = MappingProxyType(
    {
        **_NUMERIC,
        "Address": "Address",
        "Email": "Email",
        "USSocialSecurityNumber": "USSocialSecurityNumber",
    }
)


def _named(person: str, card: str, phone: str) -> Mapping[str, str]:
    return MappingProxyType({**_ALWAYS, "Person": person, "CreditCardNumber": card, "PhoneNumber": phone})


FIRST_PREVIEW = _named("Name", "CreditCard", "Phone")
"""2022-05-15-preview; what it calls telephone numbers is inferred from what it calls cards."""

EARLY_PREVIEWS = _named("Name", "CreditCardNumber", "PhoneNumber")
"""2022-07-01-preview and 2022-10-01-preview; also the 2023 previews, whose names are not known (inferred)."""

FIRST_STABLE = _named("Person", "CreditCardNumber", "PhoneNumber")
"""2024-05-01, after its specification."""

SHORT = _named("Person", "CreditCard", "Phone")
"""2025-05-15-preview, after its models; 2024-11-01, after its document; its preview (inferred)."""

_GOVERNMENT = (
    "USIndividualTaxpayerIdentification", "DrugEnforcementAgencyNumber", "UKNationalInsuranceNumber",
    "UKNationalHealthNumber", "BRCPFNumber", "ESDNI", "ITFiscalCode", "FRSocialSecurityNumber",
    "DETaxIdentificationNumber", "NLCitizensServiceNumber", "PLNationalID", "INUniqueIdentificationNumber",
    "INPermanentAccount", "AUTaxFileNumber",
)  # fmt: skip
_SAME_NAME = (
    "PersonType", "Organization", "ABARoutingNumber", "InternationalBankingAccountNumber", "SWIFTCode",
    "VehicleIdentificationNumber", "Age", "ZipCode", "CVV", "CASocialInsuranceNumber", "Location",
)  # fmt: skip

EXTENDED: Mapping[str, str] = MappingProxyType(
    {
        **SHORT,
        **dict.fromkeys(_GOVERNMENT, "GovernmentIssuedId"),
        **{name: name for name in _SAME_NAME},
        "USDriversLicenseNumber": "DriversLicenseNumber",
        "USUKPassportNumber": "PassportNumber",
        "USBankAccountNumber": "BankAccountNumber",
        "Date": "Date",
        "DateTime": "Date",
        "City": "GPE",
        "State": "GPE",
        "CountryRegion": "GPE",
    }
)
"""2025-11-15-preview, after its models. The engines find nothing for DateOfBirth, HealthCardNumber,
USMedicareBeneficiaryId and GithubAccount."""

UNFOUND_EXTENDED = frozenset({"DateOfBirth", "HealthCardNumber", "USMedicareBeneficiaryId", "GithubAccount"})
"""Categories of 2025-11-15-preview that the engines find nothing of."""

MISCELLANEOUS = "Miscellaneous"
"""A category of 2024-05-01 that the engines find nothing of."""
