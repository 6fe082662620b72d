"""Findings as flat tables: their schema, and how a row becomes records of them."""
