"""Benchmarks: what is fast and slow is measured here, and in no test."""
