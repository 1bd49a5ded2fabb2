"""Small values that several nouns share: routes, DNS, policies, adapters, switches, ports."""

from dataclasses import dataclass

from hnsemu.domain.network_types import SwitchKind


@dataclass(frozen=True, slots=True)
class Route:
    """A route as sent; texts are echoed, never normalised."""

    next_hop: str = ""
    destination_prefix: str = ""
    metric: int = 0


@dataclass(frozen=True, slots=True)
class Dns:
    """Resolver settings of a network or an endpoint."""

    domain: str = ""
    search: tuple[str, ...] = ()
    server_list: tuple[str, ...] = ()
    options: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Tell whether anything is set."""
        return bool(self.domain or self.search or self.server_list or self.options)


@dataclass(frozen=True, slots=True)
class Policy:
    """One policy in its v2 form.

    type:     canonical name, e.g. "OutBoundNAT".
    settings: JSON text exactly as sent.
    """

    type: str
    settings: str = "{}"


@dataclass(frozen=True, slots=True)
class PolicyRef:
    """The policy that a rule came from.

    owner: "Endpoint", "Network" or "LoadBalancer"; owner_id: its id. type: of the policy.
    id: the policy's own id or name, "" for none. position: among the owner's policies, from 0.
    """

    owner: str
    owner_id: str
    type: str
    id: str = ""
    position: int = 0


@dataclass(frozen=True, slots=True)
class InterfaceAddress:
    """An address of an interface, with the gateway of its family; "" for none."""

    address: str
    prefix_length: int
    gateway: str = ""


def gateways(gateway: str, gateway6: str) -> tuple[str, str]:
    """Return both gateways, each of its family: earlier releases took any as `gateway`."""
    return ("", gateway6 or gateway) if ":" in gateway else (gateway, gateway6)


@dataclass(frozen=True, slots=True)
class Adapter:
    """A physical adapter of the emulated host.

    address:    management IPv4 address without prefix, "" when it has none; as address6, IPv6.
    switch_id:  the external vSwitch bound to it, "" when free.
    """

    key: int
    id: str
    name: str
    mac: str
    address: str
    prefix_length: int
    gateway: str
    wireless: bool
    switch_id: str = ""
    address6: str = ""
    prefix_length6: int = 0
    gateway6: str = ""

    @property
    def addresses(self) -> tuple[InterfaceAddress, ...]:
        """Return its addresses, at most one of each family, IPv4 first."""
        of_families = (
            InterfaceAddress(self.address, self.prefix_length, self.gateway),
            InterfaceAddress(self.address6, self.prefix_length6, self.gateway6),
        )
        return tuple(known for known in of_families if known.address)


@dataclass(frozen=True, slots=True)
class InstalledExtension:
    """A switch extension of somebody else that is installed on a host.

    id:      GUID in lower case.
    enabled: whether it is on where nobody chose.
    """

    id: str
    name: str
    enabled: bool = False


@dataclass(frozen=True, slots=True)
class VSwitch:
    """A Hyper-V switch with the layer HNS builds on it.

    layer_id:  `LayeredOn` of every network on the switch.
    owner_id:  id of the network it was created for: `SwitchGuid` of layered networks.
    parent_id: activity of the layer: `Resources.parentId`.
    adapters:  names of the adapters bound to it (several for a SET team).
    by_hns:    whether HNS created it, and removes it with its last network.
    extensions: (id, enabled) pairs that differ from the default of the network types on it.
    installed:  extensions that the host has beside those of Windows.
    """

    key: int
    id: str
    name: str
    kind: SwitchKind
    family: str
    layer_id: str
    owner_id: str
    parent_id: str
    adapters: tuple[str, ...] = ()
    by_hns: bool = True
    extensions: tuple[tuple[str, bool], ...] = ()
    installed: tuple[InstalledExtension, ...] = ()


@dataclass(frozen=True, slots=True)
class Port:
    """A switch port with the vNIC plugged into it.

    kind:         "Endpoint" or "HostVnic".
    allocator_id: id of the allocator that shows it under `Resources`.
    isolation:    VLAN of the port, 0 for none.
    compartment:  network compartment of the vNIC; 0 none yet, 1 the host's.
    number:       what VFP shows; 0 for the key.
    """

    key: int
    kind: str
    port_id: str
    nic_id: str
    interface_id: str
    allocator_id: str
    friendly_name: str
    mac: str
    isolation: int = 0
    compartment: int = 0
    connected: bool = True
    number: int = 0

    @property
    def vms_port_id(self) -> int:
        """Return the number under which the switch knows the port."""
        return self.number or self.key
