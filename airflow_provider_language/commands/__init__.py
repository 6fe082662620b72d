"""What ``python -m airflow_provider_language`` does: a module for each command."""
