"""Files on object storage: documents in, rows out."""
