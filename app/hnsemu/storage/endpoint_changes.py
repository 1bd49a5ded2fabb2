"""What changing an endpoint reads and writes: one visit each."""

from dataclasses import replace

from hnsemu.domain.endpoint_changes import ChangeFacts, EndpointChange
from hnsemu.domain.endpoint_policies import PolicyNeeds
from hnsemu.storage import endpoints, nat_rules, placement, policies, policy_facts
from hnsemu.storage.transaction import Transaction


def gather(tx: Transaction, endpoint_id: str, needs: PolicyNeeds) -> ChangeFacts:
    """Return what changing the policies of an endpoint needs to know.

    needs: of the policies that are requested; those that it has already have needs of their own.
    """
    endpoint = endpoints.find(tx, endpoint_id)
    if endpoint is None:
        return ChangeFacts(None)
    types = {policy.type for policy in endpoint.policies}
    wants_block = endpoint.nat_block is None and (needs.nat_block or "OutBoundNAT" in types)
    return ChangeFacts(
        endpoint,
        policy_facts.gather(
            tx,
            replace(needs, nat_block=wants_block),
            endpoint.network_mode,
            endpoint.network_key,
            remote=endpoint.is_remote,
        ),
        nat_rules.of_endpoint(tx, endpoint.key) if "PortMapping" in types else (),
        placement.find(tx, endpoint.network_id) if needs.vlan or "VLAN" in types else None,
    )


def write(tx: Transaction, change: EndpointChange, document: str) -> None:
    """Keep what changed of the endpoint, and its HCN 2 answer."""
    before, endpoint = change.before, change.endpoint
    if change.ended:
        nat_rules.remove(tx, [rule.key for rule in change.ended])
    if endpoint.policies != before.policies:
        policies.replace(tx, "endpoint", endpoint.key, endpoint.policies)
    nat_rules.insert_all(tx, endpoint.key, change.rules)
    endpoints.save(tx, endpoint, document)
    if endpoint.port != before.port:
        endpoints.set_port(tx, endpoint)
    tx.notify(*change.notifications)
