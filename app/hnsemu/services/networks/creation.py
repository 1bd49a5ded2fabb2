"""Creating networks: HcnCreateNetwork."""

import logging
from collections.abc import Sequence

from hnsemu.domain.network_creation import (
    NetworkRequest,
    NewNetwork,
    Site,
    new_external_network,
    new_network,
)
from hnsemu.domain.network_rules import check_allowed
from hnsemu.domain.networks import Network
from hnsemu.domain.source import Source
from hnsemu.errors import HnsError
from hnsemu.policies.model import PolicyContext
from hnsemu.policies.network_effects import read_network
from hnsemu.policies.requests import accepted_on_network
from hnsemu.schema.v2.networks import HostComputeNetwork
from hnsemu.schema.v2.read_networks import mode_of, network_request
from hnsemu.storage import adapters, networks, vswitches
from hnsemu.storage.transaction import Transaction, writes

_log = logging.getLogger("hnsemu.hosts")


@writes
def create_network(tx: Transaction, document: HostComputeNetwork) -> Network:
    """Create a network with its switch, pools, host vNIC and NAT as its type wants them.

    Raises: as `create`.
    """
    return create(tx, document).seen_at(tx.now)


def create(tx: Transaction, document: HostComputeNetwork) -> Network:
    """Create a network inside another use case.

    Raises: HCN_E_NETWORK_ALREADY_EXISTS, HCN_E_INVALID_NETWORK_TYPE, HCN_E_INVALID_NETWORK,
            HCN_E_VFP_NOT_ALLOWED, HCN_E_ADAPTER_NOT_FOUND, HCN_E_LAYER_NOT_FOUND, and what
            subnets and policies raise.
    """
    site = _gather(tx)
    new = _decide(site, document, tx.source)
    return networks.create(tx, new)


def create_built_in(tx: Transaction, request: NetworkRequest) -> Network | None:
    """Create a network that a host has without a caller; its type is right on every release.

    None, and a line in the log, where other networks leave no place for it: HNS starts without its
    Default Switch then [I], and Docker's daemon does not make its network `nat`.
    """
    site = _gather(tx)
    try:
        new = new_network(site, request, tx.source)
    except HnsError as error:
        _log.warning("%s: no network %s: %s", tx.host.name, request.identity.name, error.detail)
        return None
    return networks.create(tx, new)


def create_external(tx: Transaction, name: str, adapter_names: Sequence[str]) -> Network:
    """Create a switch as the Hyper-V tools do, and the network that HNS makes of it."""
    site = _gather(tx)
    new = new_external_network(site, name, adapter_names, tx.source)
    return networks.create(tx, new)


def _gather(tx: Transaction) -> Site:
    return Site(tx.host, tx.now, networks.neighbours(tx), vswitches.all_of(tx), adapters.all_of(tx))


def _decide(site: Site, document: HostComputeNetwork, source: Source) -> NewNetwork:
    """Return the network; its type is judged before its policies, and those before the rest."""
    host, mode = site.host, mode_of(document)
    check_allowed(mode, document.flags or 0, host.release, azure_vm=host.azure_vm)
    context = PolicyContext(mode, host.release)
    policies = accepted_on_network(document.policies or (), context)
    request = read_network(network_request(document, policies), context)
    return new_network(site, request, source)
