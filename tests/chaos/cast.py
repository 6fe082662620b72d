"""All scenarios: importing their modules puts them on the list."""

from __future__ import annotations

from tests.chaos import components, corpora, endings, services, timeouts, workers
from tests.chaos.scenarios import SCENARIOS

__all__ = ["SCENARIOS", "components", "corpora", "endings", "services", "timeouts", "workers"]
