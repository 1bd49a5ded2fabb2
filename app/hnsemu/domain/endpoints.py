"""Endpoints as facts, their states and flags."""

from dataclasses import dataclass
from enum import IntEnum

from hnsemu.domain.facts import Dns, Policy, Port, Route
from hnsemu.domain.network_types import Mode


class EndpointState(IntEnum):
    """v1 `State` of an endpoint. Source: hns-behaviour.md section 2.8 [D]."""

    UNINITIALIZED = 0
    CREATED = 1
    ATTACHED = 2
    ATTACHED_SHARING = 3
    DETACHED = 4
    DEGRADED = 5
    DESTROYED = 6


REMOTE = 1
"""EndpointFlags bit of a remote endpoint: known, but without a port on this host."""


@dataclass(frozen=True, slots=True)
class IpConfiguration:
    """One address of an endpoint, spelled as sent."""

    ip_address: str
    prefix_length: int
    ip_subnet_id: str = ""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Everything HNS knows of one endpoint.

    mac_address:       spelled as sent, or AA-BB-… when HNS picked it.
    shared_containers: ids of the containers attached to it, in order.
    created, started:  FILETIMEs; started is 0 until the first attach.
    nat_block:         number of the block of ports its source NAT has, None without.
    port:              its switch port; remote endpoints have none.
    """

    key: int
    id: str
    name: str
    network_key: int
    network_id: str
    network_name: str
    network_mode: Mode
    network_type_text: str
    parent_id: str
    switch_id: str = ""
    owner: str = ""
    flags: int = 0
    state: EndpointState = EndpointState.CREATED
    policies: tuple[Policy, ...] = ()
    ip_configurations: tuple[IpConfiguration, ...] = ()
    dns: Dns = Dns()
    routes: tuple[Route, ...] = ()
    mac_address: str = ""
    encap_overhead: int = 0
    version: int = 0
    schema_version: tuple[int, int] = (2, 0)
    additional_params: str = "{}"
    activity_id: str = ""
    namespace_id: str = ""
    compartment_guid: str = ""
    shared_containers: tuple[str, ...] = ()
    virtual_machine: str = ""
    created: int = 0
    updated: int = 0
    started: int = 0
    nat_block: int | None = None
    port: Port | None = None

    @property
    def is_remote(self) -> bool:
        """Tell whether the endpoint lives on another host."""
        return bool(self.flags & REMOTE)

    @property
    def is_attached(self) -> bool:
        """Tell whether the endpoint is plugged in, shared or not."""
        return self.state in {EndpointState.ATTACHED, EndpointState.ATTACHED_SHARING}


def properties(endpoint: Endpoint) -> dict[str, object]:
    """Return what filters may name, under the names of both dialects.

    The address is not among it: HNS compares lists of objects there, so that none is ever equal.
    Source: WSL's NatNetworking.cpp [C].
    """
    shown: dict[str, object] = {
        "ID": endpoint.id,
        "Name": endpoint.name,
        "Owner": endpoint.owner,
        "VirtualNetwork": endpoint.network_id,
        "HostComputeNetwork": endpoint.network_id,
        "VirtualNetworkName": endpoint.network_name,
        "HostComputeNamespace": endpoint.namespace_id,
        "State": int(endpoint.state),
        "Flags": endpoint.flags,
        "Type": endpoint.network_mode.value,
        "Version": endpoint.version,
        "MacAddress": endpoint.mac_address,
        "IsRemoteEndpoint": endpoint.is_remote,
        "VirtualMachine": endpoint.virtual_machine,
        "ActivityId": endpoint.activity_id,
    }
    if endpoint.ip_configurations:
        shown["PrefixLength"] = endpoint.ip_configurations[0].prefix_length
    return shown
