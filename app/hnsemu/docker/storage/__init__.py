"""The rows of the daemon."""
