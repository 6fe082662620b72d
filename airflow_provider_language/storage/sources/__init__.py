"""Documents, conversations and corpora, read from files."""
