"""The run of a corpus: one event loop that reads, submits, looks, reads results, and lands them."""
