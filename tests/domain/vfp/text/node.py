"""The ports of an overlay node with a service and an ACL: what dumps of real nodes show."""

from hnsemu.domain.loadbalancers import DIRECT_SERVER_RETURN
from hnsemu.domain.matching import address_set
from hnsemu.domain.network_types import Mode
from hnsemu.domain.switch_ports import external_ports
from hnsemu.domain.vfp.container_port import container_port
from hnsemu.domain.vfp.dr_port import dr_port, external_port
from hnsemu.domain.vfp.host_port import host_port
from hnsemu.domain.vfp.model import PortKind, VfpPort
from tests.domain.worlds import acl, balancer, network, node, outbound_nat, pod, remote_route

OVERLAY = network(
    Mode.OVERLAY,
    "10.244.1.0/24",
    tags={"web": address_set(("10.244.1.5", "10.9.0.0/16"))},
    remote_routes=(remote_route("10.244.2.0/24", "10.0.0.9"),),
)
WEB = pod(
    OVERLAY,
    "web",
    "10.244.1.5",
    nats=(outbound_nat(exceptions=["10.244.0.0/16"]),),
    acls=(acl("Block", "In", 900, name="policy-deny", remote_addresses="10.244.2.0/24"),),
)
SERVICE = balancer([WEB], "10.96.0.10", flags=DIRECT_SERVER_RETURN)


def ports() -> dict[PortKind, VfpPort]:
    """Return one port of each kind."""
    host = node(OVERLAY, pods=[WEB], services=[SERVICE])
    (on,) = host.switches
    uplink, own = external_ports(on, host.adapters, [OVERLAY.network])
    found = (
        external_port(uplink, on, 1),
        host_port(host, own, on, 2),
        dr_port(host, OVERLAY, 3),
        container_port(host, OVERLAY, WEB, 4),
    )
    return {port.kind: port for port in found}
