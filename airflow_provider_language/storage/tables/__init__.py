"""Tables of findings, written to storage."""
