"""Making an endpoint: what is asked for, what its network and host give, and what is claimed."""

from collections.abc import Sequence
from dataclasses import replace

from hnsemu.domain.endpoints import REMOTE, Endpoint, IpConfiguration
from hnsemu.domain.facts import Dns, Policy, Port, Route
from hnsemu.domain.guid import ZERO
from hnsemu.domain.inheritance import inherited_dns, inherited_routes
from hnsemu.domain.namespaces import Namespace
from hnsemu.domain.network_types import Mode, network_type
from hnsemu.domain.placement import Place
from hnsemu.domain.policies.plumbing import unplumbable
from hnsemu.errors import HnsError, Hr
from hnsemu.policies.endpoint_checks import accepted
from hnsemu.policies.endpoint_facts import encap_overhead, port_name, port_vlan
from hnsemu.schema.v2.endpoints import HostComputeEndpoint
from hnsemu.schema.v2.read_networks import dns_of
from hnsemu.services.endpoints import addresses as endpoint_addresses
from hnsemu.services.endpoints import nat as endpoint_nat
from hnsemu.services.endpoints import ports as endpoint_ports
from hnsemu.services.endpoints.addresses import Address
from hnsemu.services.endpoints.policies import context_of
from hnsemu.services.endpoints.records import document_text
from hnsemu.services.identity import identity
from hnsemu.services.namespaces import members as namespace_members
from hnsemu.storage import endpoints, namespaces, networks, placement, policies, vswitches
from hnsemu.storage.transaction import Transaction

_OVERRIDE_DNS, _DHCP = 16, 32
_DEFAULT_NAME = "Ethernet"  # Source: hns-behaviour.md section 2.3 [O]
_WITH_L2_DRIVER = {Mode.L2BRIDGE, Mode.L2TUNNEL}


def add_endpoint(
    tx: Transaction,
    network_id: str | None,
    asked: HostComputeEndpoint,
    network_name: str = "",
) -> tuple[Endpoint, str]:
    """Make an endpoint with addresses, MAC, port and policies; return it and its HCN 2 answer.

    network_id:   the network whose handle was given, None for that of the document.
    network_name: for HNS 1 callers that only name it.
    Raises: HCN_E_NETWORK_NOT_FOUND, E_OBJECT_ALREADY_EXISTS for an id, address or MAC that is
            taken, HCN_E_PORT_ALREADY_EXISTS, E_ELEMENT_NOT_FOUND for an unknown namespace and what
            the parts raise.
    """
    place = _place(tx, network_id or asked.host_compute_network, network_name)
    remote = bool((asked.flags or 0) & REMOTE)
    _check_id(tx, asked)
    carried = _policies(tx, asked, place, remote=remote)
    namespace = _namespace(tx, asked, carried, remote=remote)
    if remote:
        addresses = endpoint_addresses.remote_addresses(tx, place, asked.ip_configurations)
    else:
        addresses = endpoint_addresses.pick_addresses(
            tx, place, asked.ip_configurations, dhcp=bool((asked.flags or 0) & _DHCP)
        )
    mac = endpoint_addresses.pick_mac(tx, place, asked.mac_address, remote=remote)
    made = _made(tx, asked, place, carried, addresses, mac.shown)
    made = endpoint_nat.with_block(tx, made)
    text = document_text(tx, made)
    key = endpoints.insert_endpoint(tx, made, text)
    endpoint_addresses.claim(tx, place, key, addresses, mac, remote=remote)
    made = replace(made, key=key)
    _keep_parts(tx, place, made)
    if namespace is None:
        return made, text
    joined = namespace_members.join(tx, namespace, made)
    return joined, document_text(tx, joined)


def _place(tx: Transaction, network_id: str | None, network_name: str) -> Place:
    if network_id is None and network_name:
        named = networks.all_of(tx, network_name)
        network_id = named[0].id if named else None
    if network_id is None:
        raise HnsError(
            Hr.HCN_E_NETWORK_NOT_FOUND,
            f"there is no network named {network_name!r}"
            if network_name
            else "HostComputeNetwork is missing; name the network of the endpoint",
        )
    place = placement.find(tx, network_id)
    if place is None:
        raise HnsError(Hr.HCN_E_NETWORK_NOT_FOUND, f"there is no network {network_id}")
    return place


def _check_id(tx: Transaction, asked: HostComputeEndpoint) -> None:
    if asked.id and endpoints.exists(tx, asked.id):
        raise HnsError(Hr.E_OBJECT_ALREADY_EXISTS, f"endpoint {asked.id} exists already")


def _policies(
    tx: Transaction, asked: HostComputeEndpoint, place: Place, *, remote: bool
) -> tuple[Policy, ...]:
    """Return the policies asked for, ports chosen; HNS adds L2Driver to remote l2bridge endpoints.

    Source: hns-behaviour.md section 2.3 [O].
    """
    if asked.policies:
        context = context_of(tx, place.mode, place.network_key, remote=remote)
        carried = accepted(asked.policies, context)
        carried = endpoint_ports.with_chosen_ports(tx, carried)
    else:
        carried = ()
    adds_driver = remote and place.mode in _WITH_L2_DRIVER
    if adds_driver and all(each.type != "L2Driver" for each in carried):
        return (*carried, Policy("L2Driver"))
    return carried


def _namespace(
    tx: Transaction, asked: HostComputeEndpoint, carried: tuple[Policy, ...], *, remote: bool
) -> Namespace | None:
    """Return the namespace that the endpoint joins at once, None when it names none.

    The member is read-only for Go clients, which refuse to send it; taken by its meaning [I].
    Raises: E_ELEMENT_NOT_FOUND, HCN_E_INVALID_REMOTE_ENDPOINT_OPERATION,
            HCN_E_NAMESPACE_ATTACH_FAILED when a policy cannot be plumbed.
    """
    namespace_id = asked.host_compute_namespace
    if namespace_id is None or namespace_id == ZERO:
        return None
    namespace = namespaces.find(tx, namespace_id)
    if namespace is None:
        raise HnsError(
            Hr.E_ELEMENT_NOT_FOUND, f"HostComputeNamespace: there is no namespace {namespace_id}"
        )
    if remote:
        raise HnsError(
            Hr.HCN_E_INVALID_REMOTE_ENDPOINT_OPERATION,
            "HostComputeNamespace: a remote endpoint is in no namespace of this host",
        )
    broken = unplumbable(carried)
    if broken:
        raise HnsError(
            Hr.HCN_E_NAMESPACE_ATTACH_FAILED,
            f"a policy holds {broken!r}, which is no address prefix; mend it",
        )
    return namespace


def _made(
    tx: Transaction,
    asked: HostComputeEndpoint,
    place: Place,
    carried: tuple[Policy, ...],
    addresses: Sequence[Address],
    mac: str,
) -> Endpoint:
    flags = asked.flags or 0
    base = identity(tx, asked)
    base["name"] = base["name"] or _DEFAULT_NAME
    shown = tuple(each.shown for each in addresses)
    gateways = place.gateways({each.ip_subnet_id for each in shown})
    return Endpoint(
        key=0,
        network_key=place.network_key,
        network_id=place.network_id,
        network_name=place.network_name,
        network_mode=place.mode,
        network_type_text=place.type_text,
        parent_id=place.parent_id,
        switch_id=place.switch_id,
        flags=flags,
        policies=carried,
        ip_configurations=shown,
        dns=_dns(tx, place, asked, gateways),
        routes=inherited_routes(_routes(asked), gateways),
        mac_address=mac,
        encap_overhead=encap_overhead(carried) or network_type(place.mode).encap,
        port=None if flags & REMOTE else _port(tx, place, carried, shown, mac),
        **base,
    )


def _dns(tx: Transaction, place: Place, asked: HostComputeEndpoint, gateways: Sequence[str]) -> Dns:
    host = tx.host
    return inherited_dns(
        dns_of(asked.dns),
        place.dns,
        Dns(search=(host.dns_suffix,) if host.dns_suffix else (), server_list=host.dns_servers),
        place.mode,
        first=gateways[:1] if (asked.flags or 0) & _OVERRIDE_DNS else (),
    )


def _routes(asked: HostComputeEndpoint) -> tuple[Route, ...]:
    return tuple(
        Route(each.next_hop or "", each.destination_prefix or "", each.metric or 0)
        for each in asked.routes or ()
    )


def _port(
    tx: Transaction,
    place: Place,
    carried: tuple[Policy, ...],
    addresses: Sequence[IpConfiguration],
    mac: str,
) -> Port:
    guid = tx.source.guid
    return Port(
        key=0,
        kind="Endpoint",
        port_id=guid(),
        nic_id=guid(),
        interface_id=guid(),
        allocator_id=guid(),
        friendly_name=port_name(carried),
        mac=mac,
        isolation=port_vlan(carried, place, addresses),
        connected=False,
    )


def _keep_parts(tx: Transaction, place: Place, made: Endpoint) -> None:
    """Keep the policies of the endpoint, its port and the ports it publishes; count it."""
    policies.insert_all(tx, "endpoint", made.key, made.policies)
    if made.port is not None:
        vswitches.insert_port(
            tx,
            place.vswitch_key,
            made.port,
            network_key=place.network_key,
            endpoint_key=made.key,
        )
    endpoint_ports.publish(tx, made)
    networks.count_endpoint(tx, place.network_key, 1)
