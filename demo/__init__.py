"""`make demo`: the calls of real HNS clients, in their real order, against the service."""
