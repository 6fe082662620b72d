"""The service's entity types: how each is named before and since API version 2024-11-01.

Until then an entity has a ``category`` and sometimes a ``subcategory``; since then also its finest ``type``
and ``tags``, the type and what it belongs to (concepts page "entity categories" of named entity recognition).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class EntityType:
    """What the service says of one type.

    Attributes:
        category: The category.
        subcategory: The subcategory, or None.
        tags: The type itself and its ancestors, the finest first.
    """

    category: str
    subcategory: str | None
    tags: tuple[str, ...]


def _types(category: str, subcategory: str | None, *tags: str) -> EntityType:
    return EntityType(category, subcategory, tags)


def _quantity(subcategory: str, *tags: str) -> EntityType:
    return EntityType("Quantity", subcategory, (*tags, "Numeric"))


def _temporal(subcategory: str | None, name: str) -> EntityType:
    return EntityType("DateTime", subcategory, (name, "Temporal"))


TYPES = {
    "Person": _types("Person", None, "Person"),
    "PersonType": _types("PersonType", None, "PersonType"),
    "City": _types("Location", "GPE", "City", "GPE", "Location"),
    "State": _types("Location", "GPE", "State", "GPE", "Location"),
    "CountryRegion": _types("Location", "GPE", "CountryRegion", "GPE", "Location"),
    "Continent": _types("Location", "GPE", "Continent", "GPE", "Location"),
    "Geological": _types("Location", "Geographical", "Geological", "Location"),
    "Structural": _types("Location", "Structural", "Structural", "Location"),
    "Airport": _types("Location", "Structural", "Airport", "Structural", "Location"),
    "Organization": _types("Organization", None, "Organization"),
    "OrganizationMedical": _types("Organization", "Medical", "OrganizationMedical", "Organization"),
    "OrganizationStockExchange": _types(
        "Organization", "Stock exchange", "OrganizationStockExchange", "Organization"
    ),
    "OrganizationSports": _types("Organization", "Sports", "OrganizationSports", "Organization"),
    "SportsEvent": _types("Event", "Sports", "SportsEvent", "Event"),
    "CulturalEvent": _types("Event", "Cultural", "CulturalEvent", "Event"),
    "NaturalEvent": _types("Event", "Natural", "NaturalEvent", "Event"),
    "ComputingProduct": _types("Product", "Computing", "ComputingProduct", "Product"),
    "Address": _types("Address", None, "Address"),
    "PhoneNumber": _types("PhoneNumber", None, "PhoneNumber"),
    "Email": _types("Email", None, "Email"),
    "URL": _types("URL", None, "URL"),
    "IP": _types("IP", None, "IP"),
    "Date": _temporal("Date", "Date"),
    "Time": _temporal("Time", "Time"),
    "DateTime": _temporal(None, "DateTime"),
    "DateRange": _temporal("DateRange", "DateRange"),
    "TimeRange": _temporal("TimeRange", "TimeRange"),
    "DateTimeRange": _temporal("DateTimeRange", "DateTimeRange"),
    "Duration": _temporal("Duration", "Duration"),
    "SetTemporal": _temporal("Set", "SetTemporal"),
    "Number": _quantity("Number", "Number"),
    "NumberRange": _quantity("NumberRange", "NumberRange"),
    "Percentage": _quantity("Percentage", "Percentage"),
    "Ordinal": _quantity("Ordinal", "Ordinal"),
    "Age": _quantity("Age", "Age"),
    "Currency": _quantity("Currency", "Currency"),
    "Temperature": _quantity("Temperature", "Temperature"),
    "Length": _quantity("Dimension", "Length", "Dimension"),
    "Weight": _quantity("Dimension", "Weight", "Dimension"),
    "Speed": _quantity("Dimension", "Speed", "Dimension"),
    "Area": _quantity("Dimension", "Area", "Dimension"),
    "Volume": _quantity("Dimension", "Volume", "Dimension"),
    "Information": _quantity("Dimension", "Information", "Dimension"),
}
"""The types that the engines of this package find, by name."""
