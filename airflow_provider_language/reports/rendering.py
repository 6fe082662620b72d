"""Makes pages of reports: each is one file of HTML that refers to nothing outside itself and runs no script.

All that comes from documents, users or the service is escaped.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from markupsafe import Markup

from airflow_provider_language.protocol.report.figures import grouped

if TYPE_CHECKING:
    from jinja2 import Environment

    from airflow_provider_language.protocol.report.figures import Report
    from airflow_provider_language.protocol.report.inspections import InspectionReport

_RUN, _INSPECTION = "report.html.jinja", "inspection.html.jinja"
_JOINERS = "\N{ZERO WIDTH JOINER}\N{ZERO WIDTH NON-JOINER}"


def rendered(report: Report) -> bytes:
    """The page of a run's report."""
    return _environment().get_template(_RUN).render(report=report, manifest=report.manifest).encode()


def rendered_inspection(report: InspectionReport) -> bytes:
    """The page of an inspection's report."""
    return _environment().get_template(_INSPECTION).render(report=report).encode()


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    environment = Environment(
        loader=FunctionLoader(_source),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(figure=grouped, amount=_amount)
    return environment


def _source(name: str) -> str:
    return files(__package__).joinpath(name).read_text("utf-8")


def _amount(cost: float) -> str:
    """A sum of money, of which small ones keep four places: a sample costs little."""
    whole, _, places = f"{cost:.2f}".partition(".") if cost >= 1 else f"{cost:.4f}".partition(".")
    return f"{grouped(int(whole))}.{places}"


def _shown(value: object) -> object:
    """A value of which each character can be seen, and none turns those around it."""
    if not isinstance(value, str) or isinstance(value, Markup) or value.isprintable():
        return value
    return "".join(one if _is_shown(one) else "\N{REPLACEMENT CHARACTER}" for one in value)


def _is_shown(character: str) -> bool:
    """Spaces of any width are, as French has them between words; Python calls one alone of them printable."""
    return character.isprintable() or character in _JOINERS or unicodedata.category(character) == "Zs"
