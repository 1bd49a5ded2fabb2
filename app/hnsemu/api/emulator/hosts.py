"""/emulator/hosts: making, listing and removing hosts; restart, reboot and reset of one."""

from collections.abc import Callable
from typing import Concatenate, ParamSpec, TypeVar

from fastapi import APIRouter, Request, Response

from hnsemu.api import answers
from hnsemu.api.deps import body, call, page
from hnsemu.api.openapi import operation
from hnsemu.api.scope import mean_host
from hnsemu.domain.host_definition import check_host_name
from hnsemu.domain.hosts import HostDefinition, Machine
from hnsemu.schema.base import parse
from hnsemu.schema.host.definition import HostRecord, HostSettings, host_record
from hnsemu.services import hosts
from hnsemu.storage.transaction import Hns

P = ParamSpec("P")
T = TypeVar("T")

NAME = {
    "name": "name",
    "in": "path",
    "required": True,
    "description": "Name of the host: a DNS label in lower case.",
    "schema": {"type": "string", "pattern": "^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$"},
    "example": "node-1",
}

PAGE = [
    {
        "name": "limit",
        "in": "query",
        "description": "At most so many hosts.",
        "schema": {"type": "integer", "format": "int64", "minimum": 1},
    },
    {
        "name": "after",
        "in": "query",
        "description": "Start behind the host of this name: the last one of the page before.",
        "schema": {"type": "string"},
    },
]

_DEFINE = operation(takes=HostSettings, gives=HostRecord, parameters=[NAME])
_DEFINE["responses"][201] = {**_DEFINE["responses"][200], "description": "Made."}
_RESET = operation(takes=HostSettings, gives=HostRecord, parameters=[NAME])
for _optional in (_DEFINE, _RESET):
    _optional["openapi_extra"]["requestBody"]["required"] = False

router = APIRouter(prefix="/hosts")


@router.get("", **operation(gives=HostRecord, many=True, parameters=PAGE))
async def list_hosts(request: Request) -> Response:
    """Every host, by name."""
    asked = page(request, check_host_name)
    found = await call(request, hosts.list_hosts, asked.read, asked.after or "")
    shown, has_more = asked.cut(found)
    answer = answers.texts(host_record(machine).model_dump_json() for machine in shown)
    return answers.continued(request, answer, shown[-1].host.name if has_more else None)


@router.put("/{name}", **_DEFINE)
async def define_host(request: Request) -> Response:
    """Make the host (201), or see that it is as asked (200); one that differs is refused."""
    machine, made = await _on_named(request, hosts.define_host, await _asked(request))
    answer = _shown(machine)
    answer.status_code = 201 if made else 200
    return answer


@router.get("/{name}", **operation(gives=HostRecord, parameters=[NAME]))
async def get_emulated_host(request: Request) -> Response:
    """The host as it was made, its adapters filled in."""
    return _shown(await _on_named(request, hosts.get_host))


@router.delete("/{name}", **operation(status=204, parameters=[NAME]))
async def delete_host(request: Request) -> Response:
    """Remove the host and everything on it; `default` is made again when the service starts."""
    await _on_named(request, hosts.delete_host)
    return answers.nothing()


@router.post("/{name}/restart", **operation(gives=HostRecord, parameters=[NAME]))
async def restart_hns(request: Request) -> Response:
    """Restart the HNS service: what is flagged non-persistent goes, the rest comes back."""
    return _shown(await _on_named(request, hosts.restart_hns))


@router.post("/{name}/reboot", **operation(gives=HostRecord, parameters=[NAME]))
async def reboot_host(request: Request) -> Response:
    """Reboot: containers and compartments end too, and NAT networks from Windows Server 2019 on."""
    return _shown(await _on_named(request, hosts.reboot_host))


@router.post("/{name}/reset", **_RESET)
async def reset_host(request: Request) -> Response:
    """Bring the host back to how it was made; a body is a new definition."""
    asked = await _asked(request) if await request.body() else None
    return _shown(await _on_named(request, hosts.reset_host, asked))


async def _on_named(
    request: Request,
    use_case: Callable[Concatenate[Hns, P], T],
    *args: P.args,
    **kwargs: P.kwargs,
) -> T:
    """Run a use case on the host that the path names."""
    mean_host(request.scope, request.path_params["name"])
    return await call(request, use_case, *args, **kwargs)


async def _asked(request: Request) -> HostDefinition:
    settings = parse(HostSettings, await body(request), strict=True)
    return settings.to_domain(request.path_params["name"])


def _shown(machine: Machine) -> Response:
    return answers.text(host_record(machine).model_dump_json())
