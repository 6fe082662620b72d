"""Apache Airflow provider for the asynchronous jobs of Azure AI Language."""
