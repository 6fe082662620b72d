"""Blob storage, which native documents are read from and written to."""
