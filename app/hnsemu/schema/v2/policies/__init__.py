"""Policies: the wire form, and the settings of every policy type by family."""
