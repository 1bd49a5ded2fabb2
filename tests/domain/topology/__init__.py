"""Hosts as pictures."""
