"""Where a policy list stands among the objects of its host: endpoints, network, frontends."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from hnsemu.domain.guid import parse_guid
from hnsemu.domain.loadbalancers import Frontend, frontends
from hnsemu.domain.policylists import PolicyList
from hnsemu.domain.releases import Release
from hnsemu.errors import HnsError, Hr

# From schema 2.5 a list tells its network; seen in answers of HNS 15. Source: calico#8465 [O].
_TELLS_NETWORK = (15, 0)


@dataclass(frozen=True, slots=True)
class Neighbours:
    """What a policy list meets on its host.

    id_is_taken:     whether another policy list has its id.
    endpoints:       those of its references that exist: id to (key, id of the network).
    network_exists:  whether the network that it names does.
    frontend_holder: id of a load balancer that answers on one of its frontends, "" for none.
    """

    release: Release
    id_is_taken: bool = False
    endpoints: Mapping[str, tuple[int, str]] = field(default_factory=dict)
    network_exists: bool = False
    frontend_holder: str = ""


@dataclass(frozen=True, slots=True)
class PlacedPolicyList:
    """A policy list as it is written.

    endpoint_keys: of the endpoints behind its references, in their order.
    frontends:     what it answers on.
    """

    policy_list: PolicyList
    endpoint_keys: tuple[int, ...] = ()
    frontends: tuple[Frontend, ...] = ()


def place(policy_list: PolicyList, neighbours: Neighbours) -> PlacedPolicyList:
    """Return a policy list, valid in itself, with its network and the keys of its endpoints.

    Raises: E_OBJECT_ALREADY_EXISTS when its id is taken, E_ALREADY_EXISTS when a frontend is;
            HCN_E_INVALID_JSON_REFERENCE, HCN_E_GUID_CONVERSION_FAILURE, HCN_E_ENDPOINT_NOT_FOUND,
            HCN_E_NETWORK_NOT_FOUND.
    """
    if neighbours.id_is_taken:
        raise HnsError(
            Hr.E_OBJECT_ALREADY_EXISTS,
            f"ID {policy_list.id} is taken; leave it out to get a new one",
        )
    endpoints = _endpoints(policy_list, neighbours)
    network = _network(policy_list, neighbours)
    if not network and neighbours.release.hns >= _TELLS_NETWORK:
        network = endpoints[0][1]
    answered = frontends(policy_list)
    if neighbours.frontend_holder:
        raise HnsError(
            Hr.E_ALREADY_EXISTS,
            f"load balancer {neighbours.frontend_holder} answers on one of "
            f"{', '.join(map(str, answered))} already; delete or modify it, or use another "
            "address or port",
        )
    keys = tuple(key for key, _network_id in endpoints)
    return PlacedPolicyList(replace(policy_list, network=network), keys, answered)


def halved(placed: PlacedPolicyList) -> PlacedPolicyList:
    """Return a policy list that HNS has left without port mappings: it answers on nothing.

    Source: kubernetes#141489 [O].
    """
    without = replace(placed.policy_list, port_mappings=())
    return replace(placed, policy_list=without, frontends=())


def _endpoints(policy_list: PolicyList, neighbours: Neighbours) -> list[tuple[int, str]]:
    if not policy_list.references:
        raise HnsError(
            Hr.HCN_E_INVALID_JSON_REFERENCE,
            "References: a reference is required; name at least one endpoint",
        )
    ids = [parse_guid(reference) for reference in policy_list.references]
    for position, endpoint_id in enumerate(ids):
        if endpoint_id not in neighbours.endpoints:
            raise HnsError(
                Hr.HCN_E_ENDPOINT_NOT_FOUND,
                f"reference {position} names the endpoint {policy_list.references[position]}, "
                "which does not exist; create it first",
            )
    return [neighbours.endpoints[endpoint_id] for endpoint_id in ids]


def _network(policy_list: PolicyList, neighbours: Neighbours) -> str:
    """Return the id of the network that the list names, "" for none."""
    if not policy_list.network:
        return ""
    network_id = parse_guid(policy_list.network)
    if not neighbours.network_exists:
        raise HnsError(
            Hr.HCN_E_NETWORK_NOT_FOUND,
            f"HostComputeNetwork {policy_list.network} does not exist; leave it out or create it "
            "first",
        )
    return network_id
