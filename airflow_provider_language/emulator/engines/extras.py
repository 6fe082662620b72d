"""Libraries of the ``emulator`` extra, imported when an engine first needs them."""

from __future__ import annotations

import importlib
import importlib.util
from pathlib import Path
from typing import Any

from airflow_provider_language.emulator.engines.contract import MissingEngine


def load(module: str) -> Any:
    """Import a library of the ``emulator`` extra.

    Late imports keep the start of the emulator quick; the untyped return value is what the untyped
    libraries give anyway.

    Args:
        module: The import name, for example ``"vaderSentiment.vaderSentiment"``.

    Returns:
        The imported module.

    Raises:
        MissingEngine: The library is not installed.
    """
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        raise MissingEngine(module) from error


def folder(package: str) -> Path:
    """Return where a package of the ``emulator`` extra lies, without running it.

    Args:
        package: The import name of a package at the top level.

    Returns:
        The folder with its files.

    Raises:
        MissingEngine: The package is not installed.
    """
    found = importlib.util.find_spec(package)
    if found is None or not found.submodule_search_locations:
        raise MissingEngine(package)
    return Path(found.submodule_search_locations[0])
