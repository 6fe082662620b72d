"""Sensors: wait for jobs that another task submitted."""
