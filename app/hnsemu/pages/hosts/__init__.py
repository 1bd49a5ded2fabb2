"""The hosts of the service, and one of them; a question about two endpoints finds its host."""

from collections import defaultdict
from collections.abc import Mapping
from http import HTTPStatus
from urllib.parse import urlencode

from fastapi import Response

from hnsemu.domain.host_definition import check_host_name
from hnsemu.domain.hosts import natural_order
from hnsemu.pages.router import PageRouter
from hnsemu.pages.visit import Visit, pages_of
from hnsemu.schema.host.definition import host_record
from hnsemu.services import faults, hosts, journal
from hnsemu.services.objects import count_objects, hosts_with_endpoint

router = PageRouter()

_PAGE = 100
_MOST_FOUND = 20  # hosts that have an endpoint of a name
_KINDS = {
    "networks": "Networks",
    "endpoints": "Endpoints",
    "namespaces": "Namespaces",
    "policylists": "Policy lists",
}


@router.page("/", sees_others=True)
def show_hosts(visit: Visit) -> Response:
    """The emulated hosts, by name."""
    after = visit.asks("after")
    machines = hosts.list_hosts(visit.hns, _PAGE + 1, check_host_name(after) if after else "")
    records = [host_record(machine) for machine in machines[:_PAGE]]
    return visit.shown(
        "hosts/list.html",
        "Hosts",
        document="/emulator/hosts",
        is_of_host=False,
        records=records,
        sizes=_sizes(visit),
        kinds=_KINDS,
        last=records[-1].name if len(machines) > _PAGE else "",
    )


@router.page("/ui/why", sees_others=True)
def find_host(visit: Visit) -> Response:
    """Lead to the trace on the host that has the sender; several of them are listed."""
    asked = {"from": visit.asks("from").strip(), "to": visit.asks("to").strip()}
    found = hosts_with_endpoint(visit.hns, asked["from"], _MOST_FOUND)
    found.sort(key=natural_order)
    traces = {host: f"{visit.base}{pages_of(host)}/trace?{urlencode(asked)}" for host in found}
    if len(traces) == 1:
        return Response(status_code=HTTPStatus.SEE_OTHER, headers={"Location": traces[found[0]]})
    return visit.shown(
        "hosts/which.html",
        "Which host?",
        status=200 if traces or not asked["from"] else 404,
        is_of_host=False,
        asked=asked,
        traces=traces,
        most=_MOST_FOUND,
    )


@router.page("/ui")
def show_host(visit: Visit) -> Response:
    """One host: what it is, and what it has."""
    record = host_record(hosts.get_host(visit.hns))
    return visit.shown(
        "hosts/host.html",
        "Host",
        document=f"/emulator/hosts/{record.name}",
        record=record,
        described=record.model_dump(mode="json"),
        sizes=_sizes(visit)[record.name],
        kinds=_KINDS,
        faults=len(faults.list_faults(visit.hns)),
        has_journal=journal.get_journal(visit.hns).is_on,
    )


def _sizes(visit: Visit) -> Mapping[str, Mapping[str, int]]:
    """Return how many objects of each kind hosts have."""
    found: dict[str, dict[str, int]] = defaultdict(lambda: dict.fromkeys(_KINDS, 0))
    for counted in count_objects(visit.hns):
        found[counted.host][counted.kind] = counted.count
    return found
