"""WinNAT: the static mappings that published ports become.

Source: dataplane.md section 7.2 [O].
"""

from collections.abc import Collection
from dataclasses import dataclass

from hnsemu.domain.facts import PolicyRef
from hnsemu.domain.policies.portmapping import CHOSEN_PORTS, PortMapping
from hnsemu.errors import HnsError, Hr

ENGINE = "WinNAT"
"""Who has the published ports of NAT networks; those of other networks are VFP's."""


@dataclass(frozen=True, slots=True)
class NatRule:
    """A published port as the host holds it.

    engine:     "WinNAT" (a static mapping) or "VFP" (a NAT rule on the switch).
    mapping_id: StaticMappingID, a small number.
    position:   of its PortMapping among the policies of the endpoint, from 0.
    """

    key: int
    engine: str
    mapping_id: int
    endpoint_id: str
    network_id: str
    mapping: PortMapping
    internal_address: str
    position: int = 0

    @property
    def policy(self) -> PolicyRef:
        """Return the PortMapping policy that publishes the port."""
        return PolicyRef("Endpoint", self.endpoint_id, "PortMapping", "", self.position)


def choose_port(taken: Collection[int], first: int) -> int:
    """Return a free external port, the first one from `first` on in the dynamic range.

    Raises: HCN_E_PORT_NOT_FOUND when all are taken.
    """
    span = len(CHOSEN_PORTS)
    for step in range(span):
        port = CHOSEN_PORTS[(first + step) % span]
        if port not in taken:
            return port
    raise HnsError(Hr.HCN_E_PORT_NOT_FOUND, "no external port is left in 49152 to 65535; name one")
