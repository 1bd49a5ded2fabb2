"""Activities, plugins and port pools, which only diagnostics read from HNS 1.

The paths are known. The documents are inferred, except PortPoolAllocations (hns-behaviour.md
section 1.2 [C]).
"""

from collections.abc import Iterable

from hnsemu.domain.endpoints import Endpoint
from hnsemu.domain.namespaces import Namespace
from hnsemu.domain.networks import Network
from hnsemu.domain.policylists import PolicyList
from hnsemu.domain.portreservations import PortAccess, PortReservation
from hnsemu.domain.releases import Release
from hnsemu.schema.v1.spelling import Case, spell_ids
from hnsemu.schema.v2.guest.ports import port_reservation_document

Entity = Network | Endpoint | Namespace | PolicyList

_ENTITIES = {
    Network: "Network",
    Endpoint: "Endpoint",
    Namespace: "Namespace",
    PolicyList: "PolicyList",
}


def activities(entities: Iterable[Entity], release: Release, case: Case) -> list[dict[str, object]]:
    """Return the activity that created each object, as its ActivityId says."""
    spell = spell_ids(release, case)
    return [
        {
            "ID": spell(entity.activity_id),
            "Entity": _ENTITIES[type(entity)],
            "EntityId": spell(entity.id),
            "StartTime": entity.created,
        }
        for entity in entities
    ]


def port_pools(
    reservations: Iterable[PortReservation], release: Release, case: Case
) -> dict[str, object]:
    """Return the reserved ports of the host."""
    spell = spell_ids(release, case)
    allocations = []
    for reservation in reservations:
        document = port_reservation_document(reservation)
        allocations.append(
            {
                "ID": spell(reservation.id),
                "Owner": spell(reservation.service_id),
                "Protocol": document["Protocol"],
                "Shared": reservation.access is PortAccess.SHARED,
                "StartingPort": reservation.start,
                "EndingPort": reservation.end,
            }
        )
    return {"PortPoolAllocations": allocations}
