"""All scenarios: importing their modules puts them on the list."""

from __future__ import annotations

from tests.chaos import endings, services, timeouts, triggerers, workers
from tests.chaos.scenarios import SCENARIOS

__all__ = ["SCENARIOS", "endings", "services", "timeouts", "triggerers", "workers"]
