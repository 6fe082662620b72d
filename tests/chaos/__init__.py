"""Does violence to a real Airflow on PostgreSQL while jobs run, and counts what the service is asked for."""
