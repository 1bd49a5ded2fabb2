"""`make demo`: what real clients of HNS send, played in their real order against the service."""
