"""What only diagnostics ask HNS 1 for: activities, plugins and port pools.

The paths are known, the shapes are not, but for PortPoolAllocations (hns-behaviour.md section 1.2
[C]); what is shown here is inferred.
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
    """Return the activity of every object: the one that made it, as its ActivityId says."""
    spell = spell_ids(release, case)
    return [
        {
            "ID": spell(each.activity_id),
            "Entity": _ENTITIES[type(each)],
            "EntityId": spell(each.id),
            "StartTime": each.created,
        }
        for each in entities
    ]


def port_pools(
    reservations: Iterable[PortReservation], release: Release, case: Case
) -> dict[str, object]:
    """Return what is allocated from the ports of the host."""
    spell = spell_ids(release, case)
    allocations = []
    for each in reservations:
        shown = port_reservation_document(each)
        allocations.append(
            {
                "ID": spell(each.id),
                "Owner": spell(each.service_id),
                "Protocol": shown["Protocol"],
                "Shared": each.access is PortAccess.SHARED,
                "StartingPort": each.start,
                "EndingPort": each.end,
            }
        )
    return {"PortPoolAllocations": allocations}
