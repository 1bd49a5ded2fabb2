"""Endpoint use cases: HcnCreateEndpoint and its kin."""

from collections.abc import Mapping
from dataclasses import replace

import orjson

from app.domain.endpoints import REMOTE, Endpoint, properties
from app.domain.facts import Dns, Policy, Port, Route
from app.domain.guid import is_guid, parse_guid
from app.domain.network_types import Mode, network_type
from app.domain.placement import Place
from app.errors import HnsError, Hr
from app.schema.v2.endpoints import HostComputeEndpoint
from app.schema.v2.policies import ENDPOINT_POLICY_SETTINGS, typed
from app.schema.v2.policies.interface import PortnameEndpointPolicySetting
from app.schema.v2.policies.isolation import EncapOverheadEndpointPolicySetting
from app.schema.v2.query import HostComputeQuery
from app.schema.v2.read_networks import dns_of
from app.schema.v2.render_endpoints import endpoint_document
from app.services import endpoint_addresses, endpoint_policies, endpoint_ports
from app.services.identity import identity
from app.services.listing import selected
from app.services.network_policies import ip_sets
from app.storage import endpoints, networks, policies, vswitches
from app.storage.engine import Session, reads, writes

_OVERRIDE_DNS, _DHCP = 16, 32
_INHERITS_HOST_DNS = {Mode.NAT, Mode.ICS, Mode.CONSTRAINED_ICS}
_L2 = {Mode.L2BRIDGE, Mode.L2TUNNEL}


@writes
def create_endpoint(
    session: Session,
    network_id: str | None,
    asked: HostComputeEndpoint,
    network_name: str = "",
) -> Endpoint:
    """Make an endpoint and return it; see `add_endpoint`."""
    return add_endpoint(session, network_id, asked, network_name)[0]


@writes
def create_endpoint_document(
    session: Session,
    network_id: str | None,
    asked: HostComputeEndpoint,
    network_name: str = "",
) -> tuple[str, str]:
    """Make an endpoint and return its id and its HCN 2 answer; see `add_endpoint`."""
    made, text = add_endpoint(session, network_id, asked, network_name)
    return made.id, text


@reads
def get_endpoint(session: Session, endpoint_id: str) -> Endpoint:
    """Return the endpoint.

    Raises: HCN_E_ENDPOINT_NOT_FOUND.
    """
    return found(session, endpoint_id)


@reads
def get_endpoint_document(session: Session, endpoint_id: str) -> str:
    """Return the HCN 2 answer of the endpoint, as stored.

    Raises: HCN_E_ENDPOINT_NOT_FOUND.
    """
    text = endpoints.find_document(session.connection, session.host_name, endpoint_id)
    if text is None:
        _ = session.host  # an unknown host is told apart from an unknown endpoint
        raise _not_found(endpoint_id)
    return text


@reads
def list_endpoints(
    session: Session, query: HostComputeQuery, limit: int | None = None, after: str | None = None
) -> list[Endpoint]:
    """Return the endpoints that `query` selects, in creation order."""
    wanted = _canonical(query.wanted)
    narrowed = wanted if endpoints.is_answered_by_columns(wanted) else {}
    every = endpoints.all_of(session.connection, session.host.key, narrowed)
    return selected(every, wanted, properties, limit, after)


@reads
def list_endpoint_documents(
    session: Session, query: HostComputeQuery, limit: int | None = None, after: str | None = None
) -> list[str]:
    """Return the HCN 2 answers of the endpoints that `query` selects, as stored.

    Raises: E_INVALIDARG when there is no endpoint `after`.
    """
    wanted = _canonical(query.wanted)
    if endpoints.is_answered_by_columns(wanted):
        _check_after(session, after)
        return endpoints.documents(session.connection, session.host.key, wanted, limit, after)
    every = endpoints.all_of(session.connection, session.host.key)
    chosen = selected(every, wanted, properties, limit, after)
    return [document_text(session, each) for each in chosen]


@reads
def render_endpoint_documents(session: Session) -> list[str]:
    """Return the HCN 2 answers of all endpoints rendered anew: what the stored ones must equal."""
    every = endpoints.all_of(session.connection, session.host.key)
    return [document_text(session, each) for each in every]


@reads
def list_endpoint_ids(
    session: Session, query: HostComputeQuery, limit: int | None = None, after: str | None = None
) -> list[str]:
    """Return the ids of the endpoints that `query` selects, as HcnEnumerateEndpoints does."""
    wanted = _canonical(query.wanted)
    if endpoints.is_answered_by_columns(wanted):
        _check_after(session, after)
        return endpoints.ids(session.connection, session.host.key, wanted, limit, after)
    every = endpoints.all_of(session.connection, session.host.key)
    return [each.id for each in selected(every, wanted, properties, limit, after)]


@writes
def delete_endpoint(session: Session, endpoint_id: str) -> None:
    """Delete the endpoint; its addresses, MAC and published ports are free again.

    Raises: HCN_E_ENDPOINT_NOT_FOUND.
    """
    endpoint = found(session, endpoint_id)
    remove_endpoint(session, endpoint)


def add_endpoint(
    session: Session,
    network_id: str | None,
    asked: HostComputeEndpoint,
    network_name: str = "",
) -> tuple[Endpoint, str]:
    """Make an endpoint with addresses, MAC, port and policies, inside another use case.

    network_id: the network whose handle was given, None for that of the document.
    network_name: for HNS 1 callers that only name it.
    Raises: HCN_E_NETWORK_NOT_FOUND, E_OBJECT_ALREADY_EXISTS for an id, address or MAC that is
            taken, HCN_E_PORT_ALREADY_EXISTS and what the parts raise.
    """
    place = _place(session, network_id or asked.host_compute_network, network_name)
    if asked.id and endpoints.exists(session.connection, session.host.key, asked.id):
        raise HnsError(Hr.E_OBJECT_ALREADY_EXISTS, f"endpoint {asked.id} exists already")
    remote = bool((asked.flags or 0) & REMOTE)
    setting = setting_of(session, place.mode, place.network_key)
    carried = endpoint_policies.accepted(asked.policies or (), setting)
    carried = endpoint_ports.with_chosen_ports(session, carried)
    if remote:
        addresses = endpoint_addresses.remote_addresses(session, place, asked.ip_configurations)
    else:
        addresses = endpoint_addresses.pick_addresses(
            session,
            place,
            asked.ip_configurations,
            dhcp=bool((asked.flags or 0) & _DHCP),
        )
    mac = endpoint_addresses.pick_mac(session, place, asked.mac_address, remote=remote)
    made = Endpoint(
        key=0,
        network_key=place.network_key,
        network_id=place.network_id,
        network_name=place.network_name,
        network_mode=place.mode,
        network_type_text=place.type_text,
        parent_id=place.parent_id,
        switch_id=place.switch_id,
        flags=asked.flags or 0,
        policies=_with_server_made(carried, place, remote=remote),
        ip_configurations=tuple(each.shown for each in addresses),
        dns=_dns(session, place, asked),
        routes=() if remote else _routes(asked, place),
        mac_address=mac.shown,
        encap_overhead=_encap_overhead(carried, place),
        port=None if remote else _port(session, place, carried, mac.shown),
        **identity(session, asked),
    )
    made = made if made.name else replace(made, name="Ethernet")  # Source: section 2.3 [O]
    text = document_text(session, made)
    key = endpoints.insert_endpoint(session.connection, session.host.key, made, text)
    endpoint_addresses.claim(session, place, key, addresses, mac, remote=remote)
    policies.insert_all(session.connection, "endpoint", key, made.policies)
    if made.port is not None:
        vswitches.insert_port(
            session.connection,
            place.vswitch_key,
            made.port,
            network_key=place.network_key,
            endpoint_key=key,
        )
    endpoint_ports.publish(session, key, made)
    networks.count_endpoint(session.connection, place.network_key, 1)
    return replace(made, key=key), text


def remove_endpoint(session: Session, endpoint: Endpoint) -> None:
    """Delete the endpoint inside another use case."""
    endpoint_addresses.release(session, endpoint)
    endpoints.remove(session.connection, endpoint.key)
    networks.count_endpoint(session.connection, endpoint.network_key, -1)


def found(session: Session, endpoint_id: str) -> Endpoint:
    """Return the endpoint inside another use case.

    Raises: HCN_E_ENDPOINT_NOT_FOUND.
    """
    endpoint = endpoints.find(session.connection, session.host.key, endpoint_id)
    if endpoint is None:
        raise _not_found(endpoint_id)
    return endpoint


def save(session: Session, changed: Endpoint) -> Endpoint:
    """Keep what changed of an endpoint, its answer and its port; return it stamped."""
    stamped = replace(changed, updated=session.now)
    endpoints.save(session.connection, stamped, document_text(session, stamped))
    endpoints.set_port(session.connection, stamped)
    return stamped


def document_text(session: Session, endpoint: Endpoint) -> str:
    """Return the HCN 2 answer of the endpoint as JSON text."""
    return orjson.dumps(endpoint_document(endpoint, session.host.release)).decode()


def setting_of(session: Session, mode: Mode, network_key: int) -> endpoint_policies.Setting:
    """Return where the policies of an endpoint of this network are carried."""

    def set_ids() -> set[str]:
        kept = policies.of(session.connection, "network", network_key)
        return {each.id for each in ip_sets(kept)}

    return endpoint_policies.Setting(mode, session.host.release, set_ids)


def _not_found(endpoint_id: str) -> HnsError:
    return HnsError(Hr.HCN_E_ENDPOINT_NOT_FOUND, f"there is no endpoint {endpoint_id}")


def _place(session: Session, network_id: str | None, network_name: str) -> Place:
    if network_id is None and network_name:
        named = networks.all_of(session.connection, session.host.key, network_name)
        network_id = named[0].id if named else None
    if network_id is None:
        raise HnsError(
            Hr.HCN_E_NETWORK_NOT_FOUND,
            f"there is no network named {network_name!r}"
            if network_name
            else "HostComputeNetwork is missing; name the network of the endpoint",
        )
    place = endpoints.place(session.connection, session.host.key, network_id)
    if place is None:
        raise HnsError(Hr.HCN_E_NETWORK_NOT_FOUND, f"there is no network {network_id}")
    return place


def _with_server_made(
    carried: tuple[Policy, ...], place: Place, *, remote: bool
) -> tuple[Policy, ...]:
    """Add the L2Driver policy of remote l2bridge endpoints. Source: section 2.3 [O]."""
    if not remote or place.mode not in _L2 or any(each.type == "L2Driver" for each in carried):
        return carried
    return (*carried, Policy("L2Driver"))


def _dns(session: Session, place: Place, asked: HostComputeEndpoint) -> Dns:
    """Return the asked resolver settings, else the network's, else on NAT and ICS the host's.

    With OverrideDNSServerOrder (v1 EnableInternalDNS) the gateway comes first.
    Source: hns-behaviour.md section 2.3 [O].
    """
    dns = dns_of(asked.dns) or place.dns
    host = session.host
    if place.mode in _INHERITS_HOST_DNS:
        dns = Dns(
            domain=dns.domain,
            search=dns.search or ((host.dns_suffix,) if host.dns_suffix else ()),
            server_list=dns.server_list or host.dns_servers,
            options=dns.options,
        )
        if (asked.flags or 0) & _OVERRIDE_DNS:
            servers = dict.fromkeys((*place.gateways[:1], *dns.server_list))
            dns = Dns(dns.domain, dns.search, tuple(servers), dns.options)
    return dns


def _routes(asked: HostComputeEndpoint, place: Place) -> tuple[Route, ...]:
    """Return the asked routes, led by the network's gateway where no default route has a next hop.

    Source: requests of aws-vpc-bridge (no Routes) and win-bridge (a route without NextHop) [C].
    """
    sent = tuple(
        Route(each.next_hop or "", each.destination_prefix or "", each.metric or 0)
        for each in asked.routes or ()
    )
    defaults = {route.destination_prefix for route in place.default_routes}
    if any(each.next_hop and each.destination_prefix in {"0.0.0.0/0", "::/0"} for each in sent):
        return sent
    kept = tuple(each for each in sent if each.destination_prefix not in defaults)
    return (*place.default_routes, *kept)


def _encap_overhead(carried: tuple[Policy, ...], place: Place) -> int:
    for policy in carried:
        settings = typed(ENDPOINT_POLICY_SETTINGS, policy.type, policy.settings)
        if isinstance(settings, EncapOverheadEndpointPolicySetting) and settings.overhead:
            return settings.overhead
    return network_type(place.mode).encap


def _port(session: Session, place: Place, carried: tuple[Policy, ...], mac: str) -> Port:
    guid = session.source.guid
    return Port(
        key=0,
        kind="Endpoint",
        port_id=guid(),
        nic_id=guid(),
        interface_id=guid(),
        allocator_id=guid(),
        friendly_name=port_name(carried),
        mac=mac,
        isolation=place.isolation,
        connected=False,
    )


def port_name(carried: tuple[Policy, ...]) -> str:
    """Return the name a PortName policy gives the port, else ""."""
    for policy in carried:
        if policy.type == "PortName":
            settings = typed(ENDPOINT_POLICY_SETTINGS, policy.type, policy.settings)
            if isinstance(settings, PortnameEndpointPolicySetting):
                return settings.name or ""
    return ""


def _canonical(wanted: Mapping[str, object]) -> Mapping[str, object]:
    """Return the filter with its GUIDs spelled as they are stored."""
    return {
        name: parse_guid(value) if isinstance(value, str) and is_guid(value) else value
        for name, value in wanted.items()
    }


def _check_after(session: Session, after: str | None) -> None:
    if after is not None and not endpoints.exists(session.connection, session.host.key, after):
        raise HnsError(
            Hr.E_INVALIDARG, f"after: there is no {after} any more; list again from the start"
        )
