"""Faults of the machine: run by `make test-faults`, as they take long and need PostgreSQL and root.

Disks that are full, databases that die under load, clocks that jump.
"""
