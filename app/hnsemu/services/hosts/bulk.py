"""Creating many objects of a host in one transaction."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from hnsemu.domain.bulk import Created, Existing, Outcome, Refused
from hnsemu.errors import HnsError
from hnsemu.schema.v2.endpoints import HostComputeEndpoint
from hnsemu.schema.v2.networks import HostComputeNetwork
from hnsemu.services.endpoints import creation as endpoints
from hnsemu.services.networks import creation as networks
from hnsemu.storage import objects
from hnsemu.storage.transaction import Transaction, writes

D = TypeVar("D", HostComputeNetwork, HostComputeEndpoint)


@writes
def create_objects(
    tx: Transaction,
    of_networks: Sequence[HostComputeNetwork],
    of_endpoints: Sequence[HostComputeEndpoint],
) -> tuple[list[Outcome], list[Outcome]]:
    """Create networks, then endpoints; return what became of each, in order.

    What has an id that exists stays as it is, so that the same request can be sent again. What is
    refused leaves nothing behind: a decision comes before its first write.
    """
    new_networks = _create_all(tx, "networks", of_networks, lambda one: networks.create(tx, one))
    new_endpoints = _create_all(
        tx, "endpoints", of_endpoints, lambda one: endpoints.create(tx, None, one)
    )
    return new_networks, new_endpoints


def _create_all(
    tx: Transaction, kind: str, documents: Sequence[D], create: Callable[[D], object]
) -> list[Outcome]:
    known = objects.existing(tx, kind, [str(document.id) for document in documents])
    outcomes: list[Outcome] = []
    for document in documents:
        object_id = str(document.id)
        if object_id in known:
            outcomes.append(Existing(object_id))
            continue
        try:
            create(document)
        except HnsError as error:
            outcomes.append(Refused(object_id, error))
        else:
            known.add(object_id)
            outcomes.append(Created(object_id))
    return outcomes
