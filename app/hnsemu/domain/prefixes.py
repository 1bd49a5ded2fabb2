"""Address prefixes kept so that one which overlaps another is found without a look at each."""

from typing import Generic, TypeVar

from hnsemu.domain.networks import IpNetwork

V = TypeVar("V")

_Key = tuple[int, int, int]
"""Family, length, and the bits that the length covers."""


class PrefixIndex(Generic[V]):
    """Prefixes of both families that do not overlap, each with a value."""

    def __init__(self) -> None:
        """Start without any."""
        self._exact: dict[_Key, V] = {}
        self._within: dict[_Key, V] = {}
        self._lengths: set[int] = set()
        self._added: list[tuple[IpNetwork, V]] = []  # and not spread yet

    def add(self, network: IpNetwork, value: V) -> None:
        """Add a prefix that overlaps none of those before.

        It is spread over the shorter ones when one is looked for: the only subnet has no other.
        """
        self._added.append((network, value))

    def overlapping(self, network: IpNetwork) -> V | None:
        """Return the value of the first prefix added that overlaps `network`; None without one."""
        for added, value in self._added:
            self._spread(added, value)
        self._added.clear()
        within = self._within.get(_key(network, network.prefixlen))
        if within is not None:
            return within
        keys = (_key(network, length) for length in self._lengths if length < network.prefixlen)
        return next((self._exact[key] for key in keys if key in self._exact), None)

    def _spread(self, network: IpNetwork, value: V) -> None:
        length = network.prefixlen
        self._exact[_key(network, length)] = value
        self._lengths.add(length)
        for shorter in range(length + 1):
            self._within.setdefault(_key(network, shorter), value)


def _key(network: IpNetwork, length: int) -> _Key:
    return (
        network.version,
        length,
        int(network.network_address) >> (network.max_prefixlen - length),
    )
