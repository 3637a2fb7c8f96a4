"""Benchmarks against peers in the same run; see README.md."""
