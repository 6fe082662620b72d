"""An emulator of the asynchronous jobs of Azure AI Language, for laptops and tests.

It is not the service: results come from small local engines, and each of them says so in its
``modelVersion``. It shares no code with the rest of the package, so that the two can disagree.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .durations import Recorded
    from .embedded import Emulator
    from .faults import Fault

__all__ = ["Emulator", "Fault", "Recorded"]

# Loaded on first use: the pytest plugin is loaded by every run of pytest, and the web server is slow to load.
_MODULES = {"Emulator": "embedded", "Fault": "faults", "Recorded": "durations"}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".{_MODULES[name]}", __name__), name)
