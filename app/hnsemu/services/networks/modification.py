"""Changing networks: HcnModifyNetwork, and the extensions that HNS 1 posts."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from hnsemu.domain.facts import Policy
from hnsemu.domain.network_changes import (
    NetworkChange,
    NetworkFacts,
    check_multi_subnet,
    find_subnet,
    with_extensions,
    with_more_pools,
    with_subnets,
    without_pools,
    without_subnets,
)
from hnsemu.domain.networks import Network
from hnsemu.domain.source import Source
from hnsemu.errors import HnsError, Hr
from hnsemu.policies.acl import NAMING_SETS, named_sets
from hnsemu.policies.model import PolicyContext
from hnsemu.policies.network_effects import read_subnet
from hnsemu.policies.requests import modified_on_network
from hnsemu.policies.sets import SET
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
from hnsemu.schema.v2.read_networks import dns_of, ip_subnets, subnet_request
from hnsemu.services.networks.queries import found
from hnsemu.storage import allocations, endpoints, networks
from hnsemu.storage.transaction import Transaction, writes


@writes
def modify_network(
    tx: Transaction, network_id: str, request: ModifyNetworkSettingRequest
) -> Network:
    """Change a network as the request says; see `modify`."""
    return modify(tx, network_id, request)


def modify(tx: Transaction, network_id: str, request: ModifyNetworkSettingRequest) -> Network:
    """Change a network inside another use case; Refresh only stamps it.

    Raises: HCN_E_NETWORK_NOT_FOUND, HCN_E_INVALID_JSON for a request that lacks something,
            HCN_E_REQUEST_UNSUPPORTED for one that networks do not know, and what the parts raise.
    """
    facts = _gather(tx, found(tx, network_id), request)
    change = _decide(facts, request, tx.source)
    return networks.change(tx, facts.network, change).seen_at(tx.now)


@writes
def set_extensions(tx: Transaction, network_id: str, extensions: Sequence[Extension]) -> Network:
    """Switch extensions of the network's switch on or off, all or none of them.

    Raises: HCN_E_NETWORK_NOT_FOUND, HCN_E_SWITCH_EXTENSION_NOT_FOUND,
            HCN_E_SHARED_SWITCH_MODIFICATION.
    """
    network = found(tx, network_id)
    facts = replace(_facts(tx, network), shares_switch=bool(networks.beside(tx, network)))
    change = with_extensions(facts, _extensions(extensions))
    return networks.change(tx, network, _stamped(change, tx.now)).seen_at(tx.now)


def _facts(tx: Transaction, network: Network) -> NetworkFacts:
    return NetworkFacts(network, tx.host.release, tx.now)


def _gather(
    tx: Transaction, network: Network, request: ModifyNetworkSettingRequest
) -> NetworkFacts:
    """Return the facts that this request depends on; a host has many addresses and ACLs."""
    facts = _facts(tx, network)
    removes = request.request_type is ModifyRequestType.Remove
    if request.resource_type is NetworkResourceType.Extension:
        return replace(facts, shares_switch=bool(networks.beside(tx, network)))
    if removes and request.resource_type in _OF_SUBNETS:
        pools = [pool.key for subnet in network.subnets for pool in subnet.ip_subnets]
        counts = allocations.counts(tx, pools)
        used = frozenset(key for key, (in_use, _released) in counts.items() if in_use)
        return replace(facts, pools_in_use=used)
    if removes and request.resource_type is NetworkResourceType.Policy and _names_sets(request):
        acls = [
            Policy(kind, settings)
            for kind in NAMING_SETS
            for settings in endpoints.settings_of_network(tx, network.key, kind)
        ]
        return replace(facts, sets_in_acls=named_sets(acls))
    return facts


_OF_SUBNETS = {NetworkResourceType.Subnet, NetworkResourceType.IPSubnet}


def _names_sets(request: ModifyNetworkSettingRequest) -> bool:
    policies = parse(PolicyNetworkRequest, request.settings or {}).policies or ()
    return any(policy.type == SET for policy in policies)


def _decide(
    facts: NetworkFacts, request: ModifyNetworkSettingRequest, source: Source
) -> NetworkChange:
    if request.resource_type is None or request.request_type is None:
        missing = "ResourceType" if request.resource_type is None else "RequestType"
        raise HnsError(Hr.HCN_E_INVALID_JSON, f"{missing} is missing; say what to change")
    change = NetworkChange(facts.network)
    if request.request_type is not ModifyRequestType.Refresh:
        decide = _CHANGES[request.resource_type]
        change = decide(facts, request.request_type, request.settings or {}, source)
    return _stamped(change, facts.now)


def _stamped(change: NetworkChange, now: int) -> NetworkChange:
    return replace(change, network=replace(change.network, updated=now))


def _policies(
    facts: NetworkFacts, kind: ModifyRequestType, settings: object, _source: Source
) -> NetworkChange:
    network = facts.network
    policies = modified_on_network(
        kind,
        parse(PolicyNetworkRequest, settings).policies or (),
        network.policies,
        PolicyContext(network.mode, facts.release),
        lambda: facts.sets_in_acls,
    )
    return NetworkChange(replace(network, policies=policies))


def _dns(
    facts: NetworkFacts, kind: ModifyRequestType, settings: object, _source: Source
) -> NetworkChange:
    """Put new resolver settings in the place of the old; Remove and Reset leave none [I]."""
    empties = kind in {ModifyRequestType.Remove, ModifyRequestType.Reset}
    dns = dns_of(None if empties else parse(DNS, settings))
    return NetworkChange(replace(facts.network, dns=dns))


def _extension(
    facts: NetworkFacts, kind: ModifyRequestType, settings: object, _source: Source
) -> NetworkChange:
    if kind is not ModifyRequestType.Update:
        raise _unsupported(kind, "an extension; use Update")
    return with_extensions(facts, _extensions([parse(Extension, settings)]))


def _subnets(
    facts: NetworkFacts, kind: ModifyRequestType, settings: object, source: Source
) -> NetworkChange:
    check_multi_subnet(facts.network, facts.release)
    subnets = parse(SubnetNetworkRequest, settings).subnets or ()
    if kind is ModifyRequestType.Add:
        context = PolicyContext(facts.network.mode, facts.release)
        requests = [read_subnet(subnet_request(subnet), context) for subnet in subnets]
        return with_subnets(facts, requests, source)
    if kind is ModifyRequestType.Remove:
        references = [(subnet.id, subnet.ip_address_prefix) for subnet in subnets]
        return without_subnets(facts, references)
    raise _unsupported(kind, "a subnet; use Add or Remove")


def _ip_subnets(
    facts: NetworkFacts, kind: ModifyRequestType, settings: object, source: Source
) -> NetworkChange:
    check_multi_subnet(facts.network, facts.release)
    request = parse(IPSubnetNetworkRequest, settings)
    subnet = find_subnet(facts.network, request.subnet_id)
    pools = request.ip_subnets or ()
    if kind is ModifyRequestType.Add:
        return with_more_pools(facts, subnet, ip_subnets(pools), source)
    if kind is ModifyRequestType.Remove:
        return without_pools(facts, subnet, [pool.id for pool in pools])
    raise _unsupported(kind, "an IP subnet; use Add or Remove")


_Decide = Callable[[NetworkFacts, ModifyRequestType, object, Source], NetworkChange]
_CHANGES: Mapping[NetworkResourceType, _Decide] = {
    NetworkResourceType.Policy: _policies,
    NetworkResourceType.DNS: _dns,
    NetworkResourceType.Extension: _extension,
    NetworkResourceType.Subnet: _subnets,
    NetworkResourceType.IPSubnet: _ip_subnets,
}


def _extensions(documents: Sequence[Extension]) -> list[tuple[str, bool]]:
    return [(extension.id or "", bool(extension.is_enabled)) for extension in documents]


def _unsupported(kind: ModifyRequestType, what: str) -> HnsError:
    return HnsError(Hr.HCN_E_REQUEST_UNSUPPORTED, f"{kind} does not apply to {what}")
