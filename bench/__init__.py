"""Benchmarks: hot operations compared with their floors, in one run, as ratios."""
