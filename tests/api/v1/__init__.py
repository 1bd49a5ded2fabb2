"""HNS 1 over HTTP."""
