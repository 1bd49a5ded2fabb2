"""Shapes of the wire; no decisions."""
