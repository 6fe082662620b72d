"""Texts as sentences and words: what several engines read them by."""
