"""Tests that mirror the package, and those that run it inside a real Airflow."""
