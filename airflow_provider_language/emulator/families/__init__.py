"""The families of operations: how each one's bodies are read, computed and written."""
