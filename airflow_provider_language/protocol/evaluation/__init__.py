"""Findings held against a labelled sample: how much of it was found, and how sure that figure is."""
