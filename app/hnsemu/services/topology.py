"""Hosts as a picture: one transaction reads what the picture needs, and no more."""

from collections.abc import Sequence
from dataclasses import replace

from hnsemu.domain.hosts import Host
from hnsemu.domain.policylists import PolicyListKind
from hnsemu.domain.topology.arrangement import ALL, arrange, opened_networks
from hnsemu.domain.topology.model import HostFacts, Topology, View
from hnsemu.errors import HnsError, Hr
from hnsemu.storage import (
    adapters,
    endpoints,
    hosts,
    namespaces,
    nat_rules,
    networks,
    policylists,
    vswitches,
)
from hnsemu.storage.transaction import Transaction, reads

MOST_HOSTS = 100
"""Hosts of one picture that are read; more are counted."""


@reads
def show_topology(tx: Transaction, view: View, others: Sequence[str] = ()) -> Topology:
    """Return the picture of the host, and of the hosts with these names beside it.

    others: their names; `ALL` stands for every host.
    Raises: E_ELEMENT_NOT_FOUND for a name that no host has.
    """
    if ALL in others:
        beside = [host for host in hosts.all_of(tx.connection) if host.name != tx.host.name]
    else:
        beside = [_found(tx, name) for name in dict.fromkeys(others) if name != tx.host.name]
    drawn = [tx.host, *beside[: MOST_HOSTS - 1]]
    at_hosts = [tx.at(host) for host in drawn]
    facts = [_facts(at, view) for at in at_hosts]
    opened = opened_networks(facts, view)
    read = [_opened(at, of, opened) for at, of in zip(at_hosts, facts, strict=True)]
    return arrange(read, view, len(beside) + 1 - len(drawn))


def _found(tx: Transaction, name: str) -> Host:
    host = hosts.find(tx.connection, name)
    if host is None:
        raise HnsError(Hr.E_ELEMENT_NOT_FOUND, f"no host named {name!r}")
    return host


def _facts(tx: Transaction, view: View) -> HostFacts:
    host, layers = tx.host, view.layers
    of_host = networks.all_of(tx)
    addresses = (adapter.address for adapter in adapters.all_of(tx))
    return HostFacts(
        host.name,
        host.release.name,
        next(filter(None, addresses), ""),
        vswitches.all_of(tx),
        of_host,
        {network.id: network.current_endpoints for network in of_host},
        namespaces=namespaces.all_of(tx) if "namespaces" in layers else (),
        balancers=[
            found
            for found in (policylists.all_of(tx) if "loadbalancers" in layers else ())
            if found.kind is PolicyListKind.LOAD_BALANCER
        ],
        published=nat_rules.all_of(tx) if "ports" in layers else (),
    )


def _opened(tx: Transaction, facts: HostFacts, opened: frozenset[str]) -> HostFacts:
    """Return the facts with the endpoints of the networks that are opened."""
    networks_opened = [network for network in facts.networks if network.id in opened]
    found = endpoints.of_networks(tx, (network.key for network in networks_opened))
    by_id = {network.id: found.get(network.key, []) for network in networks_opened}
    return replace(facts, endpoints=by_id)
