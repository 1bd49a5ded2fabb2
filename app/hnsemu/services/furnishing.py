"""Furnishing hosts inside their use cases: what a fresh one has, what comes with each start."""

from collections.abc import Sequence

from hnsemu.domain.host_definition import adapter_definitions, bound_switches
from hnsemu.domain.host_furnishing import (
    default_switch,
    lacks_default_switch,
    missing_nat,
    new_adapters,
)
from hnsemu.domain.hosts import HostDefinition, read_definition
from hnsemu.domain.networks import Network
from hnsemu.services.namespaces.creation import create_default
from hnsemu.services.networks.creation import create_built_in, create_external
from hnsemu.storage import adapters
from hnsemu.storage.transaction import Transaction


def furnish(tx: Transaction, definition: HostDefinition) -> None:
    """Give an empty host its adapters, switches, networks and default namespace."""
    number = tx.host.number
    adapters.insert_all(tx, new_adapters(definition, number, tx.source))
    known = [
        create_external(tx, switch.name, switch.adapters)
        for switch in bound_switches(definition, adapter_definitions(definition, number))
    ]
    create_default(tx)
    start_hns(tx, known)
    boot(tx, known)


def start_hns(tx: Transaction, known: list[Network]) -> None:
    """Create what the service itself creates at each start, and add it to the networks `known`."""
    if lacks_default_switch(tx.host.release, known):
        created = create_built_in(tx, default_switch(tx.host.release))
        known += [created] if created is not None else []


def boot(tx: Transaction, known: Sequence[Network]) -> None:
    """Create what the container engine creates at a boot beside the networks `known`."""
    nat = missing_nat(read_definition(tx.host.definition), known)
    if nat is not None:
        create_built_in(tx, nat)
