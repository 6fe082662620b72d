"""Libraries of the ``emulator`` extra, imported when an engine first needs them."""

from __future__ import annotations

import importlib
from typing import Any

from .contract import MissingEngine


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
