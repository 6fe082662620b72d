"""An emulator of the asynchronous jobs of Azure AI Language, for laptops and tests.

It is not the service: results come from small local engines, and each of them says so in its
``modelVersion``. It shares no code with the rest of the package, so that the two can disagree.

Its wings, from the rim inward: `web` (HTTP), `service` (one emulator's state), `families` (the operations
of each API) beside `instruments` (what a test holds in its hand), `jobs`, `projects` and `blobs`,
`protocol` (what the service says and accepts in every family), `engines` (what computes the answers). The
sources of what it does are listed in docs/emulator-sources.md.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from airflow_provider_language.emulator.embedded import Emulator
    from airflow_provider_language.emulator.instruments.durations import Recorded
    from airflow_provider_language.emulator.instruments.faults import Fault

__all__ = ["Emulator", "Fault", "Recorded"]

# Loaded on first use: the pytest plugin is loaded by every run of pytest, and the web server is slow to load.
_MODULES = {"Emulator": "embedded", "Fault": "instruments.faults", "Recorded": "instruments.durations"}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
