"""Copies of sources: all of a file as it was, but for its texts."""
