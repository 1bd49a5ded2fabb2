"""Documents about a host."""
