"""The table of foreign packages: what they are, where they are put, and which file drives each of them."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
PROJECT = HERE.parents[1]
CACHE = PROJECT / ".cache" / "foreign"


class Registry(enum.Enum):
    """Where a package comes from."""

    PYPI = "pypi"
    NPM = "npm"


@dataclass(frozen=True)
class Package:
    """One foreign package in a folder of its own.

    Attributes:
        name: its name in the registry.
        version: the exact version.
        tests: the file beside this one that drives the emulator with it: for a package of PyPI a file of
            pytest, for one of npm a file of Node's test runner. None if other tests use the package.
        registry: where it comes from.
        along: what it is installed with, each exactly.
        has_needs: whether all that it needs is installed with it; else that, such as Airflow, is in the
            environment of the tests.
        is_long: whether its tests start a whole Airflow, and are left to `make chaos`.
    """

    name: str
    version: str
    tests: str | None = None
    registry: Registry = Registry.PYPI
    along: tuple[str, ...] = ()
    has_needs: bool = True
    is_long: bool = False

    @property
    def title(self) -> str:
        """Name and version in one word that is fit for a folder."""
        return f"{self.name.replace('/', '-')}-{self.version}"

    @property
    def folder(self) -> Path:
        """Where it is installed, for PYTHONPATH or NODE_PATH."""
        folder = CACHE / self.title
        return folder / "node_modules" if self.registry is Registry.NPM else folder


PACKAGES = (
    Package("azure-ai-textanalytics", "6.0.0b3", "textanalytics_preview.py"),
    Package("azure-ai-language-conversations", "1.1.0", "conversations_released.py"),
    Package("azure-ai-language-conversations", "2.0.0b2", "conversations_preview.py"),
    Package(
        "apache-airflow-providers-openlineage",
        "2.20.3",
        "openlineage_events.py",
        along=(
            "openlineage-python==1.54.0",
            "openlineage-integration-common==1.54.0",
            "openlineage-sql==1.54.0",
        ),
        has_needs=False,
        is_long=True,
    ),
    Package("zensical", "0.0.73", along=("mkdocstrings==1.0.8", "mkdocstrings-python==2.0.11")),
    Package("azurite", "3.35.0", registry=Registry.NPM),
    Package("@azure/ai-language-text", "1.1.0", "ai_language_text.cjs", Registry.NPM),
)
