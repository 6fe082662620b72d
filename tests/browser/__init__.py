"""What a person sees of the provider in Airflow's pages, in a real browser."""
