"""Tests of the installed package on each supported Airflow, and the program that makes the environments."""
