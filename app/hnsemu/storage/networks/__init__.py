"""Rows of networks with everything that hangs on them."""

from hnsemu.storage.networks.reading import all_of, beside, find, neighbours, read_dns
from hnsemu.storage.networks.writing import change, create, remove

__all__ = [
    "all_of",
    "beside",
    "change",
    "create",
    "find",
    "neighbours",
    "read_dns",
    "remove",
]
