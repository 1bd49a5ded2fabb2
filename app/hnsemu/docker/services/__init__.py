"""Use cases of the daemon: each function is one transaction on its host."""
