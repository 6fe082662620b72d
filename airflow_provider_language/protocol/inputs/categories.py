"""The names of entity categories that are published, by family and version: what else is said finds nothing.

They stand in the OpenAPI documents, and in the models of the published SDKs (docs/service.md, families). Of
the versions between those no list could be had.
"""

from __future__ import annotations

from collections.abc import Mapping

from airflow_provider_language.protocol.surfaces import (
    ANALYZE_CONVERSATIONS,
    ANALYZE_DOCUMENTS,
    ANALYZE_TEXT,
    LEGACY_ANALYZE,
)
from airflow_provider_language.protocol.versions import LEGACY_VERSION

Names = frozenset[str]


def _names(text: str) -> Names:
    return frozenset(text.split())


WHOLE = _names("All Default")
"""Not categories but sets of them: they can be asked for, and not be left out."""

_PII_2022 = _names(
    """
    ABARoutingNumber ARNationalIdentityNumber ATIdentityCard ATTaxIdentificationNumber
    ATValueAddedTaxNumber AUBankAccountNumber AUBusinessNumber AUCompanyNumber AUDriversLicenseNumber
    AUMedicalAccountNumber AUPassportNumber AUTaxFileNumber Address Age AzureDocumentDBAuthKey
    AzureIAASDatabaseConnectionAndSQLString AzureIoTConnectionString AzurePublishSettingPassword
    AzureRedisCacheString AzureSAS AzureServiceBusString AzureStorageAccountGeneric
    AzureStorageAccountKey BENationalNumber BENationalNumberV2 BEValueAddedTaxNumber
    BGUniformCivilNumber BRCPFNumber BRLegalEntityNumber BRNationalIDRG CABankAccountNumber
    CADriversLicenseNumber CAHealthServiceNumber CAPassportNumber CAPersonalHealthIdentification
    CASocialInsuranceNumber CHSocialSecurityNumber CLIdentityCardNumber CNResidentIdentityCardNumber
    CYIdentityCard CYTaxIdentificationNumber CZPersonalIdentityNumber CZPersonalIdentityV2
    CreditCardNumber DEDriversLicenseNumber DEIdentityCardNumber DEPassportNumber
    DETaxIdentificationNumber DEValueAddedNumber DKPersonalIdentificationNumber
    DKPersonalIdentificationV2 Date DrugEnforcementAgencyNumber EEPersonalIdentificationCode ESDNI
    ESSocialSecurityNumber ESTaxIdentificationNumber EUDebitCardNumber EUDriversLicenseNumber
    EUGPSCoordinates EUNationalIdentificationNumber EUPassportNumber EUSocialSecurityNumber
    EUTaxIdentificationNumber Email FIEuropeanHealthNumber FINationalID FINationalIDV2 FIPassportNumber
    FRDriversLicenseNumber FRHealthInsuranceNumber FRNationalID FRPassportNumber FRSocialSecurityNumber
    FRTaxIdentificationNumber FRValueAddedTaxNumber GRNationalIDCard GRNationalIDV2
    GRTaxIdentificationNumber HKIdentityCardNumber HRIdentityCardNumber HRNationalIDNumber
    HRPersonalIdentificationNumber HRPersonalIdentificationOIBNumberV2 HUPersonalIdentificationNumber
    HUTaxIdentificationNumber HUValueAddedNumber IDIdentityCardNumber IEPersonalPublicServiceNumber
    IEPersonalPublicServiceNumberV2 ILBankAccountNumber ILNationalID INPermanentAccount
    INUniqueIdentificationNumber IPAddress ITDriversLicenseNumber ITFiscalCode ITValueAddedTaxNumber
    InternationalBankingAccountNumber JPBankAccountNumber JPDriversLicenseNumber JPMyNumberCorporate
    JPMyNumberPersonal JPPassportNumber JPResidenceCardNumber JPResidentRegistrationNumber
    JPSocialInsuranceNumber KRResidentRegistrationNumber LTPersonalCode
    LUNationalIdentificationNumberNatural LUNationalIdentificationNumberNonNatural LVPersonalCode
    MTIdentityCardNumber MTTaxIDNumber MYIdentityCardNumber NLCitizensServiceNumber
    NLCitizensServiceNumberV2 NLTaxIdentificationNumber NLValueAddedTaxNumber NOIdentityNumber
    NZBankAccountNumber NZDriversLicenseNumber NZInlandRevenueNumber NZMinistryOfHealthNumber
    NZSocialWelfareNumber Organization PHUnifiedMultiPurposeIDNumber PLIdentityCard PLNationalID
    PLNationalIDV2 PLPassportNumber PLREGONNumber PLTaxIdentificationNumber PTCitizenCardNumber
    PTCitizenCardNumberV2 PTTaxIdentificationNumber Person PhoneNumber ROPersonalNumericalCode
    RUPassportNumberDomestic RUPassportNumberInternational SANationalID SENationalID SENationalIDV2
    SEPassportNumber SETaxIdentificationNumber SGNationalRegistrationIdentityCardNumber
    SITaxIdentificationNumber SIUniqueMasterCitizenNumber SKPersonalNumber SQLServerConnectionString
    SWIFTCode THPopulationIdentificationCode TRNationalIdentificationNumber TWNationalID
    TWPassportNumber TWResidentCertificate UAPassportNumberDomestic UAPassportNumberInternational
    UKDriversLicenseNumber UKElectoralRollNumber UKNationalHealthNumber UKNationalInsuranceNumber
    UKUniqueTaxpayerNumber URL USBankAccountNumber USDriversLicenseNumber
    USIndividualTaxpayerIdentification USSocialSecurityNumber USUKPassportNumber ZAIdentificationNumber
    """
)
_PII_2025_05 = _PII_2022 | _names(
    """
    BankAccountNumber DateOfBirth DriversLicenseNumber LicensePlate Neighborhood PIN PassportNumber
    SortCode VIN
    """
)
_PII_2025_11 = _PII_2025_05 | _names(
    """
    Airport CASocialIdentificationNumber CVV City ExpirationDate GPE GovernmentIssuedId
    KRDriversLicenseNumber KRPassportNumber KRSocialSecurityNumber Location NationalId Password State
    USMedicareBeneficiaryId VehicleIdentificationNumber ZipCode
    """
)
_TALKS = _names("Address CreditCard Email Person NumericIdentifier Phone USSocialSecurityNumber")
_TALKS_2025_11 = _TALKS | _names(
    """
    DriversLicenseNumber PassportNumber PersonType Organization ABARoutingNumber BankAccountNumber
    DateOfBirth InternationalBankingAccountNumber SWIFTCode VehicleIdentificationNumber Age Date ZipCode
    GovernmentIssuedId CVV HealthCardNumber CASocialInsuranceNumber USMedicareBeneficiaryId
    GithubAccount Location GPE
    """
)
_TALKS_2024_05 = _TALKS | _names("CreditCardNumber Miscellaneous PhoneNumber")
"""A later document has CreditCard and Phone of 2024-11-01 for it, too."""
_TALKS_BEFORE = _names("CreditCardNumber Miscellaneous Name PhoneNumber")
"""Of the previews of 2022."""

PII: Mapping[str, Mapping[str, Names]] = {
    LEGACY_ANALYZE.name: {LEGACY_VERSION: _PII_2022},
    ANALYZE_TEXT.name: {
        "2022-05-01": _PII_2022,
        "2023-04-01": _PII_2022,
        "2025-05-15-preview": _PII_2025_05,
        "2025-11-15-preview": _PII_2025_11,
        "2026-05-15-preview": _PII_2025_11,
    },
    ANALYZE_DOCUMENTS.name: {"2023-11-15-preview": _PII_2022},
    ANALYZE_CONVERSATIONS.name: {
        "2024-05-01": _TALKS_2024_05,
        "2024-11-01": _TALKS,
        "2025-05-15-preview": _TALKS,
        "2025-11-15-preview": _TALKS_2025_11,
    },
}
"""The categories of personal information that a version has, by family."""

ALL_PII: Mapping[str, Names] = {
    LEGACY_ANALYZE.name: _PII_2025_11,
    ANALYZE_TEXT.name: _PII_2025_11,
    ANALYZE_DOCUMENTS.name: _PII_2025_11,
    ANALYZE_CONVERSATIONS.name: _TALKS_2025_11 | _TALKS_BEFORE,
}
"""Those that any version of a family has."""

ENTITIES = _names(
    """
    Address Numeric Age Currency Number NumberRange Percentage Ordinal Temperature Dimension Length
    Weight Height Speed Area Volume Information Temporal Date Time DateTime DateRange TimeRange
    DateTimeRange Duration SetTemporal Event SportsEvent CulturalEvent NaturalEvent Location GPE City
    State CountryRegion Continent Structural Airport Geological Organization OrganizationMedical
    OrganizationStockExchange OrganizationSports Person PersonType Email URL IP PhoneNumber Product
    ComputingProduct Skill
    """
)
"""The categories of EntityRecognition, in each version that publishes them (2025-05-15-preview and later)."""
