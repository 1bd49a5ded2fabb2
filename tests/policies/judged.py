"""Policies written by hand, and what endpoints, networks and subnets say to them."""

import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from hnsemu.domain.dataplane import PlumbedNetwork, PlumbedPolicies
from hnsemu.domain.facts import Policy
from hnsemu.domain.network_types import Mode
from hnsemu.domain.releases import RELEASES
from hnsemu.errors import HnsError, Hr
from hnsemu.policies.dataplane import plumbed_endpoint, plumbed_network
from hnsemu.policies.model import PolicyContext
from hnsemu.policies.requests import accepted_on_endpoint, accepted_on_network, check_on_subnet
from hnsemu.schema.base import RawJson, parse
from hnsemu.schema.v2.policies.wire import EndpointPolicy, NetworkPolicy
from tests.domain import worlds

Carry = Callable[[Policy, PolicyContext | None], tuple[Policy, ...]]


def context(
    mode: Mode = Mode.OVERLAY, release: str = "ws2025", *, remote: bool = False, **more: object
) -> PolicyContext:
    """Return where policies stand: on the newest release, if nothing else is said."""
    return PolicyContext(mode, RELEASES[release], remote, **more)  # type: ignore[arg-type]


def policy(kind: str, **settings: object) -> Policy:
    """Return a policy as it is stored."""
    return Policy(kind, json.dumps(settings))


def sent(kind: str, **settings: object) -> EndpointPolicy:
    """Return a policy as it stands in the document of an endpoint."""
    text = RawJson(json.dumps(settings))
    return parse(EndpointPolicy, {"Type": kind, "Settings": text})


def on_endpoint(stored: Policy, where: PolicyContext | None = None) -> tuple[Policy, ...]:
    """Return what an endpoint carries of this policy."""
    document = {"Type": stored.type, "Settings": RawJson(stored.settings)}
    return accepted_on_endpoint([parse(EndpointPolicy, document)], where or context())


def on_network(stored: Policy, where: PolicyContext | None = None) -> tuple[Policy, ...]:
    """Return what a network carries of this policy."""
    document = {"Type": stored.type, "Settings": RawJson(stored.settings)}
    return accepted_on_network([parse(NetworkPolicy, document)], where or context())


def on_subnet(stored: Policy, where: PolicyContext | None = None) -> tuple[Policy, ...]:
    """Return what a subnet carries of this policy."""
    check_on_subnet([stored], where or context())
    return (stored,)


def refusal(carry: Carry, stored: Policy, where: PolicyContext | None = None) -> Hr:
    """Return how `on_endpoint` or `on_network` refuses the policy."""
    with pytest.raises(HnsError) as refused:
        carry(stored, where)
    return refused.value.hr


def seen_of_endpoint(*stored: Policy) -> PlumbedPolicies:
    """Return what the data plane sees of the policies of an endpoint."""
    pod = worlds.pod(worlds.network(Mode.OVERLAY, "10.244.1.0/24"), "web", "10.244.1.5")
    return plumbed_endpoint(replace(pod.endpoint, policies=stored)).policies


def seen_of_network(*stored: Policy) -> PlumbedNetwork:
    """Return what the data plane sees of the policies of a network."""
    network = worlds.network(Mode.OVERLAY, "10.244.1.0/24").network
    return plumbed_network(replace(network, policies=stored))
