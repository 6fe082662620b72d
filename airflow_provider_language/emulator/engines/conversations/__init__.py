"""The engines of analyze-conversations."""
