"""/emulator/hosts: create, list and remove hosts; restart, reboot and reset one."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Request, Response

from hnsemu.api import answers
from hnsemu.api.declarations import JsonBody, QueryParameter
from hnsemu.api.deps import call, call_aside, in_loop, service
from hnsemu.api.pace import Pace
from hnsemu.api.parameters import Body, HostName, Page, limit_of
from hnsemu.api.router import ControlRouter
from hnsemu.domain.host_definition import check_host_name
from hnsemu.domain.hosts import Machine
from hnsemu.domain.leftovers import Leftover
from hnsemu.domain.watch import first_watch
from hnsemu.schema.host.bulk import BulkRequest, BulkResult, bulk_result
from hnsemu.schema.host.definition import HostRecord, HostSettings, host_record
from hnsemu.schema.host.leftovers import LeftoverList, leftover_list
from hnsemu.services import hosts

router = ControlRouter(prefix="/hosts")

_DefinitionBody = Annotated[
    HostSettings | None, JsonBody(HostSettings, is_strict=True, is_optional=True)
]


@dataclass(frozen=True, slots=True)
class HostPage(Page):
    """Part of the list of hosts."""

    limit: Annotated[int | None, limit_of("The largest number of hosts in one answer.")] = None
    after: Annotated[
        str | None,
        QueryParameter(
            name="after",
            description="Name of the last host on the page before.",
            read=check_host_name,
        ),
    ] = None


@router.operation("GET", "", gives=HostRecord, many=True, pace=Pace.LONG)
async def list_hosts(request: Request, page: HostPage) -> Response:
    """All hosts, sorted by name; node-2 is before node-10."""
    found = await call(request, hosts.list_hosts, page.read, page.after or "")
    machines, has_more = page.cut(found)
    answer = answers.texts(host_record(machine).model_dump_json() for machine in machines)
    return answers.continued(request, answer, machines[-1].host.name if has_more else None)


@router.operation("PUT", "/{name}", gives=HostRecord, may_create=True)
async def define_host(request: Request, document: _DefinitionBody, host_name: HostName) -> Response:
    """Create the host (201). If it exists with this definition, nothing changes (200).

    A host that exists with another definition is not changed: the request is refused.
    """
    definition = (document or HostSettings()).to_domain(host_name)
    held = service(request)
    machine, is_new = await call(request, hosts.define_host, definition, held.recorder.reserve)
    if is_new:
        watch = first_watch(machine.host, has_journal=machine.journal)
        held.watches.believe(host_name, watch)
        if machine.journal:
            in_loop(held.recorder.begin_journal, machine.host.key)
    answer = _shown(machine)
    answer.status_code = 201 if is_new else 200
    return answer


@router.operation("GET", "/{name}", gives=HostRecord)
async def get_emulated_host(request: Request, _host: HostName) -> Response:
    """The host as it was defined, with its adapters filled in."""
    return _shown(await call(request, hosts.get_host))


@router.operation("DELETE", "/{name}", status=204, pace=Pace.LONG)
async def delete_host(request: Request, host_name: HostName) -> Response:
    """Remove the host and everything on it. `default` is back after a restart of the service."""
    held = service(request)
    known = held.watches.of(host_name)
    await call(request, hosts.delete_host)
    in_loop(held.recorder.forget, known.host_key)
    return answers.nothing()


@router.operation("GET", "/{name}/leftovers", gives=LeftoverList, pace=Pace.PATIENT)
async def list_leftovers(request: Request, _host: HostName) -> Response:
    """What programs made on the host, as its journal tells, and nobody removed."""
    await service(request).recorder.flush()
    return _left(await call_aside(request, hosts.list_leftovers))


@router.operation("POST", "/{name}/remove", gives=LeftoverList, pace=Pace.PATIENT)
async def remove_host(request: Request, host_name: HostName) -> Response:
    """Remove the host and everything on it, and say what programs left there."""
    held = service(request)
    known = held.watches.of(host_name)
    await held.recorder.flush()
    leftovers = await call_aside(request, hosts.remove_host)
    in_loop(held.recorder.forget, known.host_key)
    return _left(leftovers)


@router.operation("POST", "/{name}/restart", gives=HostRecord, pace=Pace.LONG)
async def restart_hns(request: Request, _host: HostName) -> Response:
    """Restart the HNS service: objects flagged non-persistent are gone, the others come back."""
    return _shown(await call(request, hosts.restart_hns))


@router.operation("POST", "/{name}/reboot", gives=HostRecord, pace=Pace.LONG)
async def reboot_host(request: Request, _host: HostName) -> Response:
    """Reboot: containers and compartments end too, and NAT networks since Windows Server 2019."""
    return _shown(await call(request, hosts.reboot_host))


@router.operation("POST", "/{name}/reset", gives=HostRecord, pace=Pace.LONG)
async def reset_host(request: Request, document: _DefinitionBody, host_name: HostName) -> Response:
    """Return the host to its definition, or to a new one in the body; `{}` is one, too."""
    definition = None if document is None else document.to_domain(host_name)
    return _shown(await call(request, hosts.reset_host, definition))


@router.operation("POST", "/{name}/bulk", gives=BulkResult, pace=Pace.LONG)
async def create_objects(
    request: Request, document: Body[BulkRequest], _host: HostName
) -> Response:
    """Create up to 1,000 networks and endpoints in one transaction.

    The answer says of each document whether it was Created, is Existing, or was Refused and why;
    the others are created all the same. Objects that exist stay as they are, so the same request
    can be sent again.
    """
    document.check()
    outcomes = await call(
        request, hosts.create_objects, document.networks or (), document.endpoints or ()
    )
    return answers.document(bulk_result(*outcomes))


def _left(leftovers: list[Leftover]) -> Response:
    return answers.text(leftover_list(leftovers).model_dump_json())


def _shown(machine: Machine) -> Response:
    return answers.text(host_record(machine).model_dump_json())
