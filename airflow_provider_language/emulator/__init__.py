"""An emulator of the asynchronous jobs of Azure AI Language, for laptops and tests.

It is not the service: results come from small local engines, and each of them says so in its
``modelVersion``. It shares no code with the rest of the package, so that the two can disagree.
"""

from __future__ import annotations

from .embedded import Emulator

__all__ = ["Emulator"]
