"""What the policies of a request come to: checked, their ports chosen, and read."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from hnsemu.domain.endpoint_policies import EndpointPolicies, PolicyFacts, PolicyNeeds
from hnsemu.domain.facts import Policy
from hnsemu.domain.host_ports import HostPorts, draw_port
from hnsemu.domain.network_types import Mode
from hnsemu.domain.placement import NetworkSite
from hnsemu.domain.policies.acl import is_prefix
from hnsemu.domain.releases import Release
from hnsemu.domain.source import Source
from hnsemu.policies.acl import NAMING_SETS, named_sets
from hnsemu.policies.interface import port_name
from hnsemu.policies.isolation import encap_overhead, vlan
from hnsemu.policies.model import PolicyContext
from hnsemu.policies.nat import port_mapping, readable_mappings, with_external_port
from hnsemu.policies.plumbing import unplumbable
from hnsemu.policies.requests import accepted_on_endpoint, modified_on_endpoint, policies_of
from hnsemu.policies.sets import ip_sets
from hnsemu.schema.enums import ModifyRequestType
from hnsemu.schema.v2.policies.wire import EndpointPolicy

_WITH_L2_DRIVER = {Mode.L2BRIDGE, Mode.L2TUNNEL}


def needs_of(requested: Sequence[EndpointPolicy]) -> PolicyNeeds:
    """Return what must be known of the host before these policies can be decided on.

    Settings that do not read need nothing: checking them refuses them.
    """
    if not requested:
        return PolicyNeeds()
    policies = list(policies_of(requested))
    types = {policy.type for policy in policies}
    return PolicyNeeds(
        mappings=readable_mappings(policies) if "PortMapping" in types else (),
        ip_sets=not types.isdisjoint(NAMING_SETS) and _may_name_sets(policies),
        nat_block="OutBoundNAT" in types,
        vlan="VLAN" in types,
    )


def policy_context(
    mode: Mode, release: Release, facts: PolicyFacts, *, remote: bool
) -> PolicyContext:
    """Return where the policies of an endpoint stand; its network's sets are read when named."""
    return PolicyContext(mode, release, remote, lambda: _set_ids(facts.network_policies))


def new_policies(
    requested: Sequence[EndpointPolicy],
    context: PolicyContext,
    ports: HostPorts,
    source: Source,
    *,
    plumbs: bool,
) -> EndpointPolicies:
    """Return the policies of a new endpoint; HNS adds L2Driver to remote l2bridge endpoints.

    plumbs: whether they must be plumbed at once.
    Raises: HCN_E_PORT_NOT_FOUND when no port is left to choose, and what
            `accepted_on_endpoint` raises.
    Source: hns-behaviour.md section 2.3 [O].
    """
    carried = _with_chosen_ports(accepted_on_endpoint(requested, context), ports, source)
    adds_driver = context.remote and context.mode in _WITH_L2_DRIVER
    if adds_driver and all(policy.type != "L2Driver" for policy in carried):
        carried = (*carried, Policy("L2Driver"))
    return read_policies(carried, plumbs=plumbs)


def changed_policies(
    request: ModifyRequestType,
    requested: Sequence[EndpointPolicy],
    existing: tuple[Policy, ...],
    context: PolicyContext,
    ports: HostPorts,
    source: Source,
) -> tuple[Policy, ...]:
    """Return the policies after a Policy request, ports chosen; see `modified_on_endpoint`.

    Raises: HCN_E_PORT_NOT_FOUND when no port is left to choose, and what
            `modified_on_endpoint` raises.
    """
    return _with_chosen_ports(
        modified_on_endpoint(request, requested, existing, context), ports, source
    )


def read_policies(carried: tuple[Policy, ...], *, plumbs: bool) -> EndpointPolicies:
    """Return what policies say that were accepted; `unplumbable` only if it `plumbs` them."""
    if not carried:
        return EndpointPolicies()
    return EndpointPolicies(
        carried,
        published=tuple(port_mapping(policy) for policy in carried if policy.type == "PortMapping"),
        port_name=port_name(carried),
        vlan=vlan(carried),
        encap_overhead=encap_overhead(carried),
        source_nat=any(policy.type == "OutBoundNAT" for policy in carried),
        unplumbable=unplumbable(carried) if plumbs else "",
    )


def read_site(site: NetworkSite) -> NetworkSite:
    """Return the site with the VLANs that policies of its subnets say."""
    vlans = {pool.id: vlan([Policy("VLAN", pool.vlan)]) for pool in site.pools if pool.vlan}
    return replace(site, subnet_vlans=vlans) if vlans else site


def _with_chosen_ports(
    carried: tuple[Policy, ...], ports: HostPorts, source: Source
) -> tuple[Policy, ...]:
    """Return the policies with an external port in every PortMapping that left it to HNS.

    Raises: HCN_E_PORT_NOT_FOUND when none is left.
    """
    chosen: list[Policy] = []
    own: set[int] = set()
    for policy in carried:
        if policy.type != "PortMapping":
            chosen.append(policy)
            continue
        mapping = port_mapping(policy)
        if mapping.external_port:
            own.add(mapping.external_port)
            chosen.append(policy)
            continue
        port = draw_port(mapping, ports, own, source)
        own.add(port)
        chosen.append(with_external_port(policy, port))
    return tuple(chosen)


def _may_name_sets(policies: Iterable[Policy]) -> bool:
    """Tell whether a rule names an address that is none: the id of a set."""
    return any(not is_prefix(address) for address in named_sets(policies))


def _set_ids(network_policies: Sequence[Policy]) -> frozenset[str]:
    return frozenset(known.id for known in ip_sets(network_policies))
