"""The firewall of a host as Windows would show it, from any rule on."""

import re
from collections.abc import Iterator
from itertools import dropwhile, islice

from hnsemu.domain.dataplane import PlumbedNetwork
from hnsemu.domain.firewall import FirewallRule, compartment_rules, network_rules, port_rules
from hnsemu.domain.guid import is_guid
from hnsemu.domain.winnat import ENGINE
from hnsemu.errors import HnsError, Hr
from hnsemu.services.dataplane.fabric import StoredFabric, StoredHost
from hnsemu.storage import nat_rules
from hnsemu.storage.transaction import Transaction, reads

_NETWORK, _PORT, _ACL = "network", "port", "acl"


@reads
def show_firewall(
    tx: Transaction, limit: int | None = None, after: str = ""
) -> tuple[FirewallRule, ...]:
    """Return the rules of the firewall: of networks, published ports, then those of Host ACLs.

    limit: at most so many; no more are worked out. after: place of the rule before the first.
    Raises: E_INVALIDARG when there is no rule at that place.
    """
    return tuple(islice(_rules(tx, limit, after), limit))


def _rules(tx: Transaction, size: int | None, after: str) -> Iterator[FirewallRule]:
    host = StoredFabric(tx).host(tx.host.name)
    kind, _, place = after.partition("-")
    if kind in {"", _NETWORK}:
        found = network_rules(network.network for network in host.networks)
        yield from _behind(found, after)
        kind = ""
    if kind in {"", _PORT}:
        yield from _of_ports(tx, size, place if kind else None)
        kind = ""
    if kind not in {"", _ACL}:
        raise _gone(after)
    yield from _of_acls(host, size, after if kind else "")


def _of_ports(tx: Transaction, size: int | None, place: str | None) -> Iterator[FirewallRule]:
    if place is not None and not re.fullmatch("[0-9]{1,9}", place):
        raise _gone(f"{_PORT}-{place}")
    last = None if place is None else int(place)
    for found in nat_rules.portions(tx, ENGINE, last, size):
        ids = [rule.endpoint_id for rule in found]
        yield from port_rules(found, nat_rules.counts_before(tx, found[0].key, ENGINE, ids))


def _of_acls(host: StoredHost, size: int | None, after: str) -> Iterator[FirewallRule]:
    first, key = _start(host, after)
    for network in dropwhile(lambda network: first not in {"", network.id}, host.networks):
        is_first = network.id == first
        found = host.endpoints_behind(
            network.id,
            key if is_first else 0,
            size,
            may_have_host_acls=not _has_host_acls(network),
        )
        yield from _behind(compartment_rules(network, found), after if is_first else "")


def _start(host: StoredHost, after: str) -> tuple[str, int]:
    """Return the network to begin with, and a key before that of the endpoint there."""
    if not after:
        return "", 0
    named = after.partition("-")[2].rpartition("-")[0]
    endpoint = host.endpoint(named) if is_guid(named) else None
    if endpoint is None:
        raise _gone(after)
    return endpoint.endpoint.network_id, endpoint.endpoint.key - 1


def _behind(rules: Iterator[FirewallRule], after: str) -> Iterator[FirewallRule]:
    """Yield the rules behind the one at this place, "" for all.

    Raises: E_INVALIDARG when there is none.
    """
    if after and all(rule.place != after for rule in rules):
        raise _gone(after)
    yield from rules


def _has_host_acls(network: PlumbedNetwork) -> bool:
    """Tell whether every endpoint of the network has rules, not only those with ACLs."""
    return any(rule.is_host for rule in network.acls)


def _gone(after: str) -> HnsError:
    return HnsError(
        Hr.E_INVALIDARG, f"after: rule {after!r} is not there any more; list again from the start"
    )
