"""Operators: submit jobs, fetch their results, cancel them."""
