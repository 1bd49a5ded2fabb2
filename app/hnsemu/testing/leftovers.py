"""Objects that programs made on a host and did not remove."""

import json
from collections.abc import Iterable
from dataclasses import dataclass

from hnsemu.testing.http import Api, Json
from hnsemu.testing.requests import Call

_LISTS = {
    "network": ("/v2/networks?view=ids", ""),
    "endpoint": ("/v2/endpoints?view=ids", ""),
    "namespace": ("/v2/namespaces?view=ids", ""),
    "loadbalancer": ("/v2/loadbalancers?view=ids", ""),
    "sdnroute": ("/v2/sdnroutes?view=ids", ""),
    "container": ("/docker/containers/json?all=1", "Id"),
    "docker network": ("/docker/networks", "Id"),
}
"""Where the objects of a kind are listed, and the member that has their ids."""


@dataclass(frozen=True)
class Leftover:
    """An object that is still there, and the call that made it."""

    kind: str
    object_id: str
    name: str
    number: int
    operation: str

    @property
    def text(self) -> str:
        """Return a line that names it."""
        name = f"{self.name} " if self.name else ""
        return f"{self.kind} {name}({self.object_id}), made by call {self.number}, {self.operation}"


def leftovers(host: Api, calls: Iterable[Call]) -> list[Leftover]:
    """Return what the calls made and nobody removed, in the order of creation."""
    found: dict[tuple[str, str], Leftover] = {}
    for call in calls:
        for change in call["removed"]:
            found.pop((change["kind"], change["id"]), None)
        for change in call["created"]:
            kind, object_id = change["kind"], change["id"]
            found[kind, object_id] = Leftover(
                kind, object_id, _name(call), call["number"], call["operation"]
            )
    # Restarts of HNS and restored snapshots remove objects without a call of a program.
    present = {kind: _present(host, kind) for kind in {kind for kind, _ in found} & _LISTS.keys()}
    return [
        leftover
        for (kind, object_id), leftover in found.items()
        if kind not in present or object_id in present[kind]
    ]


def _present(host: Api, kind: str) -> set[str]:
    path, member = _LISTS[kind]
    return {listed[member] if member else listed for listed in host.get(path)}


def _name(call: Call) -> str:
    try:
        request: Json = json.loads(call["request"])
    except ValueError:
        return ""
    return str(request.get("Name") or "") if isinstance(request, dict) else ""
