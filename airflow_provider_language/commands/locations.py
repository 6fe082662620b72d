"""Locations as they are typed: a relative path is one of the folder where who types it is."""

from __future__ import annotations

import argparse
import os


def located(location: str) -> str:
    """A location; a relative path is one of this folder."""
    return location if "://" in location else os.path.abspath(location)  # noqa: PTH100 - it may be a glob


def typed_location(location: str) -> str:
    """A location out of a command line; see :func:`located`.

    Raises:
        argparse.ArgumentTypeError: there is none, as of a variable of the shell that is not set.
    """
    if not location.strip():
        raise argparse.ArgumentTypeError("a location is empty")
    return located(location)
