"""Makes the page of a report: one file of HTML that refers to nothing outside itself and runs no script."""

from __future__ import annotations

import unicodedata
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from markupsafe import Markup

from airflow_provider_language.protocol.report.figures import grouped

if TYPE_CHECKING:
    from jinja2 import Template

    from airflow_provider_language.protocol.report.figures import Report

_TEMPLATE = "report.html.jinja"
_JOINERS = "\N{ZERO WIDTH JOINER}\N{ZERO WIDTH NON-JOINER}"


def rendered(report: Report) -> bytes:
    """The page of a report.

    All that comes from documents, users or the service is escaped.
    """
    return _template().render(report=report, manifest=report.manifest).encode()


@cache
def _template() -> Template:
    from jinja2 import Environment, StrictUndefined

    environment = Environment(
        autoescape=True, undefined=StrictUndefined, finalize=_shown, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["figure"] = grouped
    return environment.from_string(files(__package__).joinpath(_TEMPLATE).read_text("utf-8"))


def _shown(value: object) -> object:
    """A value of which each character can be seen, and none turns those around it."""
    if not isinstance(value, str) or isinstance(value, Markup) or value.isprintable():
        return value
    return "".join(one if _is_shown(one) else "\N{REPLACEMENT CHARACTER}" for one in value)


def _is_shown(character: str) -> bool:
    """Spaces of any width are, as French has them between words; Python calls one alone of them printable."""
    return character.isprintable() or character in _JOINERS or unicodedata.category(character) == "Zs"
