"""Ports of loopback for servers that are told one."""

import itertools
import os
import socket

_FIRST, _MANY = 10_240, 20_000  # below those that a system gives to clients and to port 0
_numbers = itertools.count(os.getpid() * 61)


def free_port() -> int:
    """Return a port that nobody listens on, and that nobody gets who asks for any port."""
    for number in _numbers:
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port := _FIRST + number % _MANY))
            except OSError:
                continue
            return port
    raise AssertionError
