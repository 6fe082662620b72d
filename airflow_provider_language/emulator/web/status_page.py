"""The status page of the emulator, for people: one page of HTML that refers to nothing outside itself."""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from dataclasses import fields
from datetime import datetime, timezone
from html import escape
from typing import TYPE_CHECKING

from airflow_provider_language.emulator.instruments.durations import Recorded
from airflow_provider_language.emulator.instruments.faults import Fault
from airflow_provider_language.emulator.instruments.job_reports import report
from airflow_provider_language.emulator.protocol.identity import VERSION

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from airflow_provider_language.emulator.instruments.instrument import Instrument
    from airflow_provider_language.emulator.instruments.job_reports import JobReport
    from airflow_provider_language.emulator.instruments.journal import Entry, Summary
    from airflow_provider_language.emulator.instruments.ordered_faults import OrderedFault
    from airflow_provider_language.emulator.jobs.life import Job
    from airflow_provider_language.emulator.service import Settings

_FAILED = ("failed", "partiallyCompleted")
_SHOWN = 50  # Jobs and requests; more than that nobody reads.

_STYLE = """
:root { color-scheme: light dark; --line: #8884; --soft: #8882; --good: #1a7f37; --bad: #c62828; }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 90rem; padding: 1rem; font: 15px/1.45 system-ui, sans-serif; }
h1 { font-size: 1.3rem; margin: 0; }
h2 { font-size: 1.05rem; margin: 1.6rem 0 .4rem; }
p { margin: .3rem 0; }
dl { display: grid; grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr)); gap: .5rem; margin: 1rem 0; }
dl div { background: var(--soft); border-radius: .4rem; padding: .5rem .7rem; }
dt { font-size: .8rem; opacity: .75; }
dd { font-weight: 600; margin: 0; overflow-wrap: anywhere; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-size: .88rem; width: 100%; }
th, td { border-bottom: 1px solid var(--line); padding: .25rem .6rem .25rem 0; text-align: left;
  vertical-align: top; white-space: nowrap; }
td.wide { overflow-wrap: anywhere; white-space: normal; min-width: 12rem; }
th.number, td.number { text-align: right; font-variant-numeric: tabular-nums; }
.good { color: var(--good); } .bad { color: var(--bad); }
@media (prefers-color-scheme: dark) { :root { --good: #57c26e; --bad: #ff7b72; } }
"""

# Pages that nobody looks at ask for nothing; a text that somebody has selected stays as it is.
_SCRIPT = """
setInterval(async () => {
  if (document.hidden || !getSelection().isCollapsed) return;
  try {
    const answer = await fetch(location.pathname, {cache: "no-store"});
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const tables = [...document.querySelectorAll(".scroll")];
    const scrolled = Object.fromEntries(tables.map((table) => [table.ariaLabel, table.scrollLeft]));
    document.querySelector("main").replaceWith(page.querySelector("main"));
    document.querySelectorAll(".scroll").forEach((table) => {
      table.scrollLeft = scrolled[table.ariaLabel] ?? 0;
    });
  } catch { document.querySelector("#state").textContent = "The emulator does not answer."; }
}, 2000);
"""


def _digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


CONTENT_SECURITY_POLICY = (
    f"default-src 'none'; style-src {_digest(_STYLE)}; script-src {_digest(_SCRIPT)}; connect-src 'self'"
)
"""What a browser lets the page do: its own style and script, and asking for itself again."""


def render(settings: Settings, jobs: Sequence[Job], instrument: Instrument) -> str:
    """Return the page; texts and keys are not in it.

    Args:
        settings: How the emulator is set up.
        jobs: The jobs that have not expired, oldest first.
        instrument: Clock, faults and journal.
    """
    now = instrument.clock().astimezone(timezone.utc)
    reports = [report(job, now) for job in jobs]
    entries = tuple(instrument.journal)
    main = "".join(
        (
            _overview(settings, instrument, now),
            _jobs(reports),
            _faults(list(instrument.faults)),
            _operations(instrument.journal.summary(), instrument.journal.forgotten),
            _requests(entries),
        )
    )
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Emulator of Azure AI Language</title><style>{_STYLE}</style></head>"
        f"<body><main>{main}</main><script>{_SCRIPT}</script></body></html>\n"
    )


def _overview(settings: Settings, instrument: Instrument, now: datetime) -> str:
    limit = instrument.rate_limit
    duration = settings.duration
    facts = {
        "Clock": f"{now:%Y-%m-%d %H:%M:%S} UTC",
        "Moved on by": f"{instrument.clock.lead.total_seconds():g} s",
        "Jobs take": "as recorded" if isinstance(duration, Recorded) else f"{duration.total_seconds():g} s",
        "Rate limits": "none" if limit is None else f"{limit.tier.name} tier",
        "Key": ("none" if settings.token_issuer else "any") if settings.key is None else "one",
        "Bearer tokens": "of this emulator" if settings.token_issuer else "as keys",
    }
    cells = "".join(
        f"<div><dt>{escape(name)}</dt><dd>{escape(fact)}</dd></div>" for name, fact in facts.items()
    )
    return (
        "<h1>Emulator of Azure AI Language</h1>"
        f'<p id="state">airflow-provider-language {escape(VERSION)}. Not the service: small local engines '
        f"answer, and nothing leaves this machine.</p><dl>{cells}</dl>"
    )


def _jobs(reports: Sequence[JobReport]) -> str:
    counts = Counter(each.status for each in reports)
    states = ", ".join(f"{count} {status}" for status, count in sorted(counts.items()))
    rows = (
        (
            _time(each.created),
            _mark(each.status, good=each.status == "succeeded", bad=each.status in _FAILED),
            each.family,
            ", ".join(each.kinds),
            str(each.documents),
            "never" if each.ends is None else _time(each.ends),
            each.display_name or "",
            each.id,
        )
        for each in reversed(reports[-_SHOWN:])
    )
    names = ("Created", "State", "Family", "Tasks", "Documents", "Ends", "Name", "Id")
    return _section("Jobs", len(reports), names, rows, note=states)


def _faults(ordered: Sequence[OrderedFault]) -> str:
    rows = (
        (
            str(each.id),
            each.fault.effect,
            ", ".join(each.fault.operations),
            _changed_fields(each.fault),
            str(each.met),
            f"{each.struck} of {each.fault.times or 'all'}",
        )
        for each in ordered
    )
    names = ("Number", "Effect", "Operation", "Fields", "Met", "Struck")
    return _section("Faults", len(ordered), names, rows)


def _changed_fields(fault: Fault) -> str:
    plain = Fault(fault.effect, fault.operation)
    changed = {
        field.name: getattr(fault, field.name)
        for field in fields(fault)
        if getattr(fault, field.name) != getattr(plain, field.name)
    }
    if "tasks" in changed:
        changed["tasks"] = "+".join(map(str, fault.tasks or ()))
    if "times" in changed:
        changed["times"] = fault.times or "all"
    return ", ".join(f"{name}={value}" for name, value in changed.items())


def _operations(summary: Summary, forgotten: int) -> str:
    rows = (
        (name, str(each.requests), str(each.per_second), str(each.per_minute))
        for name, each in sorted(summary.operations.items())
    )
    note = f"{summary.accepted} jobs accepted" + (f", {forgotten} requests forgotten" if forgotten else "")
    names = ("Operation", "Requests", "Most in a second", "Most in a minute")
    return _section("Operations", summary.requests, names, rows, note=note)


def _requests(entries: Sequence[Entry]) -> str:
    rows = (
        (
            _time(entry.at),
            entry.method,
            entry.path + (f"?{entry.query}" if entry.query else ""),
            _mark(str(entry.status or "no answer"), good=False, bad=not 0 < entry.status < 400),  # noqa: PLR2004 - HTTP
            entry.fault or "",
            entry.accepted or "",
        )
        for entry in reversed(entries[-_SHOWN:])
    )
    names = ("Answered", "Method", "Path", "Status", "Fault", "Job begun")
    return _section("Requests", len(entries), names, rows)


class _Markup(str):
    """A cell that is markup already."""

    __slots__ = ()


def _mark(text: str, *, good: bool, bad: bool) -> _Markup:
    colour = "good" if good else "bad" if bad else ""
    return _Markup(f'<span class="{colour}">{escape(text)}</span>')


def _time(moment: datetime) -> str:
    return f"{moment:%H:%M:%S.%f}"[:-3]


def _section(
    title: str, total: int, names: Sequence[str], rows: Iterable[Sequence[str]], *, note: str = ""
) -> str:
    shown = list(rows)
    heading = f"<h2>{title} ({total})</h2>" + (f"<p>{escape(note)}</p>" if note else "")
    if not shown:
        return f"{heading}<p>None.</p>"
    if len(shown) < total and len(shown) == _SHOWN:
        heading += f"<p>The newest {_SHOWN}:</p>"
    head = "".join(f'<th class="{_kind(name)}">{escape(name)}</th>' for name in names)
    body = "".join(
        f"<tr>{''.join(_cell(*pair) for pair in zip(names, row, strict=True))}</tr>" for row in shown
    )
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    # Focusable, so that it can be scrolled by the keyboard.
    return f'{heading}<div class="scroll" role="region" aria-label="{title}" tabindex="0">{table}</div>'


_WIDE = ("Path", "Tasks", "Name", "Fields", "Id", "Job begun")
_NUMBERS = ("Documents", "Met", "Requests", "Most in a second", "Most in a minute")


def _cell(name: str, value: str) -> str:
    markup = value if isinstance(value, _Markup) else escape(value)
    return f'<td class="{_kind(name)}">{markup}</td>'


def _kind(name: str) -> str:
    return "wide" if name in _WIDE else "number" if name in _NUMBERS else ""
