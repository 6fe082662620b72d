"""Hooks: the connection to a Language resource."""
