"""Blocks of ports for source NAT: an endpoint has one from its creation, whose number is stored.

Source: dataplane.md section 7.4 ([O] 64 ports in a block; that they come from the dynamic range is
[M]).
"""

_SIZE = 64
FIRST_PORT, LAST_PORT = 49152, 65535
BLOCKS = (LAST_PORT + 1 - FIRST_PORT) // _SIZE
"""How many endpoints of a host can have source NAT."""


def port_block(number: int | None) -> tuple[int, int] | None:
    """Return the 64 ports that connections are translated to, both ends included; None for None."""
    if number is None:
        return None
    first = FIRST_PORT + number * _SIZE
    return first, first + _SIZE - 1
