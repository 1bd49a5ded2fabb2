"""Changes that are only tried: what a request would do to the host, inside one transaction."""

from hnsemu.domain.guid import parse_guid
from hnsemu.errors import HnsError, Hr
from hnsemu.schema.host.trace_diff import ProposedChange
from hnsemu.services import loadbalancers
from hnsemu.services.dataplane.fabric import StoredFabric
from hnsemu.services.dataplane.parties import found_endpoint
from hnsemu.services.endpoints.modification import modify as modify_endpoint
from hnsemu.services.networks.modification import modify as modify_network
from hnsemu.storage.transaction import Transaction


def carry_out(tx: Transaction, change: ProposedChange) -> None:
    """Do what is proposed, as the request of the same name does it.

    Raises: E_INVALIDARG when it is not exactly one change, and what the change raises.
    """
    named = [name for name in _CHANGES if getattr(change, name) is not None]
    if len(named) != 1:
        raise HnsError(
            Hr.E_INVALIDARG,
            "Change must be one of ModifyEndpoint (with Endpoint), ModifyNetwork (with Network), "
            "CreateLoadBalancer and DeleteLoadBalancer",
        )
    _CHANGES[named[0]](tx, change)


def _modify_endpoint(tx: Transaction, change: ProposedChange) -> None:
    if change.endpoint is None or change.modify_endpoint is None:
        raise HnsError(Hr.E_INVALIDARG, "Change.Endpoint is missing; say which to modify")
    host = StoredFabric(tx).host(tx.host.name)
    endpoint = found_endpoint(host, change.endpoint)
    modify_endpoint(tx, endpoint.id, change.modify_endpoint)


def _modify_network(tx: Transaction, change: ProposedChange) -> None:
    if change.network is None or change.modify_network is None:
        raise HnsError(Hr.E_INVALIDARG, "Change.Network is missing; say which to modify")
    modify_network(tx, parse_guid(change.network), change.modify_network)


def _create_load_balancer(tx: Transaction, change: ProposedChange) -> None:
    assert change.create_load_balancer is not None  # noqa: S101 (it is the one that is given)
    loadbalancers.create(tx, change.create_load_balancer)


def _delete_load_balancer(tx: Transaction, change: ProposedChange) -> None:
    loadbalancers.delete(tx, parse_guid(change.delete_load_balancer or ""))


_CHANGES = {
    "modify_endpoint": _modify_endpoint,
    "modify_network": _modify_network,
    "create_load_balancer": _create_load_balancer,
    "delete_load_balancer": _delete_load_balancer,
}
