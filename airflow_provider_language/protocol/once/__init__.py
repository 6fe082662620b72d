"""Paying once: what is recorded of a submission, what a try makes of it, and the flow that does it."""
