"""Benchmarks: what is fast and slow is measured here, as ratios to peers and bounds, and in no test."""
