"""The protocol of the service, pure: no Airflow, no network, no clock."""
