"""The protocol of the service: what is said, when, and what it means; no network, no Airflow, no clock."""
