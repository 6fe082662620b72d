"""All scenarios: importing their modules puts them on the list."""

from __future__ import annotations

from tests.chaos import components, endings, services, timeouts, workers
from tests.chaos.scenarios import SCENARIOS

__all__ = ["SCENARIOS", "components", "endings", "services", "timeouts", "workers"]
