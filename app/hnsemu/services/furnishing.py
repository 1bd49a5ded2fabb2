"""Furnishing hosts inside their use cases: what a fresh one has, what comes with each start."""

from hnsemu.domain.host_definition import adapter_definitions, bound_switches
from hnsemu.domain.host_furnishing import (
    default_switch,
    lacks_default_switch,
    missing_nat,
    new_adapters,
)
from hnsemu.domain.hosts import HostDefinition, read_definition
from hnsemu.services.namespaces.creation import create_default
from hnsemu.services.networks.creation import create_built_in, create_external
from hnsemu.storage import adapters, networks
from hnsemu.storage.transaction import Transaction


def furnish(tx: Transaction, definition: HostDefinition) -> None:
    """Give an empty host its adapters, switches, networks and default namespace."""
    number = tx.host.number
    adapters.insert_all(tx, new_adapters(definition, number, tx.source))
    for switch in bound_switches(definition, adapter_definitions(definition, number)):
        create_external(tx, switch.name, switch.adapters)
    create_default(tx)
    start_hns(tx)
    boot(tx)


def start_hns(tx: Transaction) -> None:
    """Create what the service itself creates at each start."""
    if lacks_default_switch(tx.host.release, networks.all_of(tx)):
        create_built_in(tx, default_switch(tx.host.release))


def boot(tx: Transaction) -> None:
    """Create what the container engine creates at a boot."""
    nat = missing_nat(read_definition(tx.host.definition), networks.all_of(tx))
    if nat is not None:
        create_built_in(tx, nat)
