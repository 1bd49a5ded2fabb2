"""Changes to networks: policies, DNS, switch extensions, subnets and their pools."""

from collections.abc import Callable, Mapping, Sequence

from hnsemu.domain.extensions import check_extension
from hnsemu.domain.network_types import Mode, network_type
from hnsemu.domain.networks import IpSubnet, Network, Subnet
from hnsemu.domain.releases import require
from hnsemu.domain.subnets import check_together, plan_subnet, with_pools
from hnsemu.errors import HnsError, Hr
from hnsemu.policies import network_requests
from hnsemu.policies.endpoint_facts import named_sets
from hnsemu.schema.base import parse
from hnsemu.schema.enums import ModifyRequestType, NetworkResourceType
from hnsemu.schema.v2.common import DNS
from hnsemu.schema.v2.modify import (
    IPSubnetNetworkRequest,
    ModifyNetworkSettingRequest,
    PolicyNetworkRequest,
    SubnetNetworkRequest,
)
from hnsemu.schema.v2.networks import Extension
from hnsemu.schema.v2.read_networks import asked_ip_subnets, asked_subnet, dns_of
from hnsemu.schema.v2.subnets import IpSubnet as WireIpSubnet
from hnsemu.schema.v2.subnets import Subnet as WireSubnet
from hnsemu.services.networks.creation import found
from hnsemu.services.networks.parts import store_pools, store_subnet
from hnsemu.storage import allocations, endpoints, networks, policies, vswitches
from hnsemu.storage.transaction import Transaction, writes


def modify(tx: Transaction, network_id: str, asked: ModifyNetworkSettingRequest) -> Network:
    """Do what a ModifyNetworkSettingRequest asks for; Refresh plumbs anew and changes nothing.

    Raises: HCN_E_NETWORK_NOT_FOUND, HCN_E_INVALID_JSON for a request that lacks something,
            HCN_E_REQUEST_UNSUPPORTED for one that networks do not know, and what the parts raise.
    """
    network = found(tx, network_id)
    if asked.resource_type is None or asked.request_type is None:
        missing = "ResourceType" if asked.resource_type is None else "RequestType"
        raise HnsError(Hr.HCN_E_INVALID_JSON, f"{missing} is missing; say what to change")
    if asked.request_type is not ModifyRequestType.Refresh:
        change = _CHANGES[asked.resource_type]
        change(tx, network, asked.request_type, asked.settings or {})
    networks.touch(tx, network.key, tx.now)
    return found(tx, network_id).seen_at(tx.now)


modify_network = writes(modify)


@writes
def set_extensions(tx: Transaction, network_id: str, wanted: Sequence[Extension]) -> Network:
    """Switch extensions of the network's switch on or off, all or none of them.

    Raises: HCN_E_NETWORK_NOT_FOUND, HCN_E_SWITCH_EXTENSION_NOT_FOUND,
            HCN_E_SHARED_SWITCH_MODIFICATION.
    """
    network = found(tx, network_id)
    _set_extensions(tx, network, wanted)
    networks.touch(tx, network.key, tx.now)
    return found(tx, network_id).seen_at(tx.now)


def _set_extensions(tx: Transaction, network: Network, wanted: Sequence[Extension]) -> None:
    for each in wanted:
        check_extension(each.id or "", tx.host.release)
    switch = network.vswitch
    assert switch is not None  # noqa: S101 (every stored network stands on one)
    if vswitches.count_networks(tx, switch.key) > 1:
        raise HnsError(
            Hr.HCN_E_SHARED_SWITCH_MODIFICATION,
            f"several networks stand on switch {switch.name!r}; delete the others first",
        )
    asked = {each.id or "": bool(each.is_enabled) for each in wanted}
    chosen = dict(switch.extensions) | asked
    vswitches.set_extensions(tx, switch.key, list(chosen.items()))


def _policies(
    tx: Transaction, network: Network, request: ModifyRequestType, settings: object
) -> None:
    asked = parse(PolicyNetworkRequest, settings)

    def named_by_acls() -> frozenset[str]:
        return named_sets(
            endpoints.settings_of_network(tx, network.key, "ACL"),
            endpoints.settings_of_network(tx, network.key, "TierAcl"),
        )

    after = network_requests.modified(
        request,
        asked.policies or (),
        network.policies,
        network.mode,
        tx.host.release,
        named_by_acls,
    )
    known = len(network.policies)
    if after[:known] == network.policies:  # the hot case: routes and sets are added one by one
        fresh = after[known:]
        policies.insert_all(tx, "network", network.key, fresh, first=known)
    else:
        policies.replace(tx, "network", network.key, after)


def _dns(tx: Transaction, network: Network, request: ModifyRequestType, settings: object) -> None:
    """Put new resolver settings in the place of the old; Remove and Reset leave none [I]."""
    empties = request in {ModifyRequestType.Remove, ModifyRequestType.Reset}
    wanted = dns_of(None if empties else parse(DNS, settings))
    networks.set_dns(tx, network.key, wanted)


def _extension(
    tx: Transaction, network: Network, request: ModifyRequestType, settings: object
) -> None:
    if request is not ModifyRequestType.Update:
        raise _unsupported(request, "an extension; use Update")
    _set_extensions(tx, network, [parse(Extension, settings)])


def _subnets(
    tx: Transaction, network: Network, request: ModifyRequestType, settings: object
) -> None:
    _check_multi_subnet(tx, network)
    asked = parse(SubnetNetworkRequest, settings).subnets or ()
    if request is ModifyRequestType.Add:
        _add_subnets(tx, network, asked)
    elif request is ModifyRequestType.Remove:
        _remove_subnets(tx, network, asked)
    else:
        raise _unsupported(request, "a subnet; use Add or Remove")


def _add_subnets(tx: Transaction, network: Network, asked: Sequence[WireSubnet]) -> None:
    rules, release = network_type(network.mode), tx.host.release
    have = list(network.subnets)
    for each in asked:
        planned = plan_subnet(asked_subnet(each), network.mode, rules, release, tx.source.guid)
        check_together([*have, planned], rules, release)
        store_subnet(tx, network.key, planned)
        have.append(planned)


def _remove_subnets(tx: Transaction, network: Network, asked: Sequence[WireSubnet]) -> None:
    named = (_subnet(network, each.id, each.ip_address_prefix) for each in asked)
    gone = list(dict.fromkeys(named))
    if network.mode is Mode.OVERLAY and len(gone) == len(network.subnets):
        raise HnsError(
            Hr.HCN_E_INVALID_NETWORK,
            "an Overlay network needs a subnet; add another one first, or delete the network",
        )
    for subnet in gone:
        _check_unused(tx, subnet.ip_subnets, f"subnet {subnet.prefix}")
        networks.delete_subnet(tx, subnet.key)


def _ip_subnets(
    tx: Transaction, network: Network, request: ModifyRequestType, settings: object
) -> None:
    _check_multi_subnet(tx, network)
    asked = parse(IPSubnetNetworkRequest, settings)
    subnet = _subnet(network, asked.subnet_id, None)
    wanted = asked.ip_subnets or ()
    if request is ModifyRequestType.Add:
        after = with_pools(subnet, asked_ip_subnets(wanted), tx.source.guid)
        store_pools(tx, subnet.key, after.ip_subnets[len(subnet.ip_subnets) :])
    elif request is ModifyRequestType.Remove:
        _remove_pools(tx, subnet, wanted)
    else:
        raise _unsupported(request, "an IP subnet; use Add or Remove")


def _remove_pools(tx: Transaction, subnet: Subnet, asked: Sequence[WireIpSubnet]) -> None:
    by_id = {each.id: each for each in subnet.ip_subnets}
    for each in asked:
        pool = by_id.get(each.id or "")
        if pool is None:
            raise HnsError(
                Hr.HCN_E_SUBNET_NOT_FOUND,
                f"subnet {subnet.prefix} has no IP subnet {each.id or '(no ID given)'}",
            )
        _check_unused(tx, (pool,), f"IP subnet {pool.prefix}")
        networks.delete_pool(tx, pool.key)


_Change = Callable[[Transaction, Network, ModifyRequestType, object], None]
_CHANGES: Mapping[NetworkResourceType, _Change] = {
    NetworkResourceType.Policy: _policies,
    NetworkResourceType.DNS: _dns,
    NetworkResourceType.Extension: _extension,
    NetworkResourceType.Subnet: _subnets,
    NetworkResourceType.IPSubnet: _ip_subnets,
}


def _check_multi_subnet(tx: Transaction, network: Network) -> None:
    """Refuse types and releases whose subnets stay as they are. Source: multi-subnet.md [D]."""
    if not network_type(network.mode).multi_subnet:
        raise HnsError(
            Hr.HCN_E_REQUEST_UNSUPPORTED,
            f"subnets of a {network.mode} network cannot be changed; only those of L2Bridge, "
            "L2Tunnel and Overlay networks can",
        )
    require(tx.host.release, "MultiSubnet", Hr.HCN_E_REQUEST_UNSUPPORTED, "changing subnets")


def _subnet(network: Network, subnet_id: str | None, prefix: str | None) -> Subnet:
    for each in network.subnets:
        if each.id == subnet_id or (subnet_id is None and each.prefix == prefix):
            return each
    raise HnsError(
        Hr.HCN_E_SUBNET_NOT_FOUND,
        f"network {network.id} has no subnet {subnet_id or prefix or '(no ID given)'}",
    )


def _check_unused(tx: Transaction, pools: tuple[IpSubnet, ...], what: str) -> None:
    """Refuse while endpoints have addresses of these pools [I]."""
    counts = allocations.counts(tx, [each.key for each in pools])
    if any(used for used, _ in counts.values()):
        raise HnsError(
            Hr.HCN_E_ENTITY_HAS_REFERENCES,
            f"endpoints have addresses of {what}; delete them first",
        )


def _unsupported(request: ModifyRequestType, what: str) -> HnsError:
    return HnsError(Hr.HCN_E_REQUEST_UNSUPPORTED, f"{request} does not apply to {what}")
