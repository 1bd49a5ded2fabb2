"""The hosts of the service, and one of them."""

from fastapi import Response

from hnsemu.domain.host_definition import check_host_name
from hnsemu.pages.router import PageRouter
from hnsemu.pages.visit import Visit
from hnsemu.schema.host.definition import host_record
from hnsemu.services import hosts

router = PageRouter()

_PAGE = 100


@router.page("/")
def show_hosts(visit: Visit) -> Response:
    """The emulated hosts, by name."""
    after = visit.asks("after")
    machines = hosts.list_hosts(visit.hns, _PAGE + 1, check_host_name(after) if after else "")
    records = [host_record(machine) for machine in machines[:_PAGE]]
    return visit.shown(
        "hosts/list.html",
        "Hosts",
        document="/emulator/hosts",
        records=records,
        last=records[-1].name if len(machines) > _PAGE else "",
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
    )
