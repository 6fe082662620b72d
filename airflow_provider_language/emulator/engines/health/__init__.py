"""The engine of Healthcare."""
