"""Runs a real Airflow beside the emulator, as a newcomer would."""
