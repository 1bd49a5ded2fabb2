"""The compiled ports of containers, kept while packets may meet them again."""

from hnsemu.domain.dataplane import PlumbedEndpoint, PlumbedNetwork
from hnsemu.domain.fabric import HostFabric
from hnsemu.domain.vfp.container_port import container_port
from hnsemu.domain.vfp.model import VfpPort

_OF_ONE_WALK = 16


class Ports:
    """The container ports of one fabric, as long as nothing in it changes."""

    def __init__(self, most_kept: int = _OF_ONE_WALK) -> None:
        """Start with none. most_kept: the oldest gives way to one more."""
        self._most_kept = most_kept
        self._kept: dict[tuple[str, str], VfpPort] = {}

    def of(self, host: HostFabric, network: PlumbedNetwork, endpoint: PlumbedEndpoint) -> VfpPort:
        """Return the port of a local endpoint of the network."""
        place = (host.name, endpoint.id)
        port = self._kept.get(place)
        if port is None:
            port = container_port(host, network, endpoint)
            if len(self._kept) >= self._most_kept:
                del self._kept[next(iter(self._kept))]
            self._kept[place] = port
        return port
