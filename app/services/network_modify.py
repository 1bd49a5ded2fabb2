"""Changes to networks: policies, DNS, switch extensions, subnets and their pools."""

from collections.abc import Callable, Mapping, Sequence

from app.domain.extensions import extension_ids
from app.domain.network_types import network_type
from app.domain.networks import IpSubnet, Network, Subnet
from app.domain.releases import require
from app.domain.subnets import check_together, plan_subnet, with_pools
from app.errors import HnsError, Hr
from app.schema.base import parse
from app.schema.enums import ModifyRequestType, NetworkResourceType
from app.schema.v2.common import DNS
from app.schema.v2.modify import (
    IPSubnetNetworkRequest,
    ModifyNetworkSettingRequest,
    PolicyNetworkRequest,
    SubnetNetworkRequest,
)
from app.schema.v2.networks import Extension
from app.schema.v2.read_networks import asked_subnet, dns_of
from app.schema.v2.subnets import IpSubnet as WireIpSubnet
from app.services import network_policies
from app.services.endpoint_policies import named_sets
from app.services.network_parts import store_subnet
from app.services.networks import found
from app.storage import allocations, endpoints, networks, policies, vswitches
from app.storage.engine import Session, writes

_SEEDS = 1 << 31


@writes
def modify_network(
    session: Session, network_id: str, asked: ModifyNetworkSettingRequest
) -> Network:
    """Do what a ModifyNetworkSettingRequest asks for.

    Raises: HCN_E_NETWORK_NOT_FOUND, HCN_E_INVALID_JSON for a request that lacks something,
            HCN_E_REQUEST_UNSUPPORTED for one that networks do not know, and what the parts raise.
    """
    network = found(session, network_id)
    if asked.resource_type is None or asked.request_type is None:
        missing = "ResourceType" if asked.resource_type is None else "RequestType"
        raise HnsError(Hr.HCN_E_INVALID_JSON, f"{missing} is missing; say what to change")
    if asked.request_type is not ModifyRequestType.Refresh:
        change = _CHANGES[asked.resource_type]
        change(session, network, asked.request_type, asked.settings or {})
    networks.touch(session.connection, network.key, session.now)
    return found(session, network_id).seen_at(session.now)


@writes
def set_extensions(session: Session, network_id: str, wanted: Sequence[Extension]) -> Network:
    """Switch extensions of the network's switch, as HNS 1 does by posting the network.

    Raises: HCN_E_NETWORK_NOT_FOUND and what `set_extension` raises.
    """
    network = found(session, network_id)
    for extension in wanted:
        set_extension(session, network, extension)
        network = found(session, network_id)
    return network.seen_at(session.now)


def set_extension(session: Session, network: Network, wanted: Extension) -> None:
    """Switch a switch extension on or off, inside another use case.

    Raises: HCN_E_SWITCH_EXTENSION_NOT_FOUND, HCN_E_SHARED_SWITCH_MODIFICATION.
    """
    switch = network.vswitch
    if wanted.id is None or wanted.id not in extension_ids(session.host.release):
        raise HnsError(
            Hr.HCN_E_SWITCH_EXTENSION_NOT_FOUND, f"the switch has no extension {wanted.id}"
        )
    if switch is None or vswitches.count_networks(session.connection, switch.key) > 1:
        raise HnsError(
            Hr.HCN_E_SHARED_SWITCH_MODIFICATION,
            "several networks stand on this switch; delete the others first",
        )
    others = [each for each in switch.extensions if each[0] != wanted.id]
    chosen = [*others, (wanted.id, bool(wanted.is_enabled))]
    vswitches.set_extensions(session.connection, switch.key, chosen)


def _policies(
    session: Session, network: Network, request: ModifyRequestType, settings: object
) -> None:
    asked = parse(PolicyNetworkRequest, settings)
    acls = endpoints.settings_of_network(session.connection, network.key, "ACL")
    after = network_policies.modified(
        request,
        asked.policies or (),
        network.policies,
        network.mode,
        session.host.release,
        named_sets(acls),
    )
    known = len(network.policies)
    if after[:known] == network.policies:  # the hot case: routes and sets are added one by one
        fresh = after[known:]
        policies.insert_all(session.connection, "network", network.key, fresh, first=known)
    else:
        policies.replace(session.connection, "network", network.key, after)


def _dns(session: Session, network: Network, request: ModifyRequestType, settings: object) -> None:
    wanted = dns_of(parse(DNS, settings))
    if request in {ModifyRequestType.Remove, ModifyRequestType.Reset}:
        wanted = dns_of(None)
    networks.set_dns(session.connection, network.key, wanted)


def _extension(
    session: Session, network: Network, request: ModifyRequestType, settings: object
) -> None:
    if request is not ModifyRequestType.Update:
        raise _unsupported(request, "an extension; use Update")
    set_extension(session, network, parse(Extension, settings))


def _subnets(
    session: Session, network: Network, request: ModifyRequestType, settings: object
) -> None:
    _check_multi_subnet(session, network)
    asked = parse(SubnetNetworkRequest, settings).subnets or ()
    rules = network_type(network.mode)
    if request is ModifyRequestType.Add:
        release = session.host.release
        have = list(network.subnets)
        for each in asked:
            planned = plan_subnet(
                asked_subnet(each), network.mode, rules, release, session.source.guid
            )
            have.append(planned)
            check_together(have, rules, release)
            # Positions only need to ascend; removed subnets leave gaps.
            store_subnet(session, network.key, session.now + len(have), planned)
    elif request is ModifyRequestType.Remove:
        for each in asked:
            subnet = _subnet(network, each.id, each.ip_address_prefix)
            _check_unused(session, subnet.ip_subnets, f"subnet {subnet.prefix}")
            networks.delete_subnet(session.connection, subnet.key)
    else:
        raise _unsupported(request, "a subnet; use Add or Remove")


def _ip_subnets(
    session: Session, network: Network, request: ModifyRequestType, settings: object
) -> None:
    _check_multi_subnet(session, network)
    asked = parse(IPSubnetNetworkRequest, settings)
    subnet = _subnet(network, asked.subnet_id, None)
    if request is ModifyRequestType.Add:
        added = [_pool(each) for each in asked.ip_subnets or ()]
        after = with_pools(subnet, added, session.source.guid)
        fresh = after.ip_subnets[len(subnet.ip_subnets) :]
        seeds = [session.source.below(_SEEDS) for _ in fresh]
        networks.insert_pools(session.connection, subnet.key, fresh, seeds, first=session.now)
    elif request is ModifyRequestType.Remove:
        for each in asked.ip_subnets or ():
            pool = next((one for one in subnet.ip_subnets if one.id == each.id), None)
            if pool is None:
                raise HnsError(
                    Hr.HCN_E_SUBNET_NOT_FOUND, f"subnet {subnet.prefix} has no IP subnet {each.id}"
                )
            _check_unused(session, (pool,), f"IP subnet {pool.prefix}")
            networks.delete_pool(session.connection, pool.key)
    else:
        raise _unsupported(request, "an IP subnet; use Add or Remove")


_Change = Callable[[Session, Network, ModifyRequestType, object], None]
_CHANGES: Mapping[NetworkResourceType, _Change] = {
    NetworkResourceType.Policy: _policies,
    NetworkResourceType.DNS: _dns,
    NetworkResourceType.Extension: _extension,
    NetworkResourceType.Subnet: _subnets,
    NetworkResourceType.IPSubnet: _ip_subnets,
}


def _check_multi_subnet(session: Session, network: Network) -> None:
    if not network_type(network.mode).multi_subnet:
        raise HnsError(
            Hr.HCN_E_REQUEST_UNSUPPORTED,
            f"subnets of a {network.mode} network cannot be changed; only those of L2Bridge, "
            "L2Tunnel and Overlay networks can",
        )
    require(session.host.release, "MultiSubnet", Hr.HCN_E_REQUEST_UNSUPPORTED, "changing subnets")


def _subnet(network: Network, subnet_id: str | None, prefix: str | None) -> Subnet:
    for each in network.subnets:
        if each.id == subnet_id or (subnet_id is None and each.prefix == prefix):
            return each
    raise HnsError(
        Hr.HCN_E_SUBNET_NOT_FOUND,
        f"network {network.id} has no subnet {subnet_id or prefix or '(no ID given)'}",
    )


def _check_unused(session: Session, pools: tuple[IpSubnet, ...], what: str) -> None:
    """Refuse while endpoints have addresses of these pools [I]."""
    counts = allocations.counts(session.connection, [each.key for each in pools])
    if any(used for used, _ in counts.values()):
        raise HnsError(
            Hr.HCN_E_ENTITY_HAS_REFERENCES,
            f"endpoints have addresses of {what}; delete them first",
        )


def _pool(asked: WireIpSubnet) -> IpSubnet:
    flags = 3 if asked.flags is None else asked.flags
    return IpSubnet(0, asked.id or "", asked.ip_address_prefix or "", flags)


def _unsupported(request: ModifyRequestType, what: str) -> HnsError:
    return HnsError(Hr.HCN_E_REQUEST_UNSUPPORTED, f"{request} does not apply to {what}")
