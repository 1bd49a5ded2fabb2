"""Benchmarks: every hot operation beside its floor, in one run, as a ratio."""
