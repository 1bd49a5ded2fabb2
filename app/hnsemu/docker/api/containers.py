"""/containers: create, run, stop, look at and remove them."""

from collections.abc import Callable
from http import HTTPStatus
from typing import TypeVar

from fastapi import Response

from hnsemu.api.pace import Pace
from hnsemu.docker.api import answers
from hnsemu.docker.api.call import Call
from hnsemu.docker.api.door import Routes
from hnsemu.docker.domain.strconv import atoi
from hnsemu.docker.errors import DockerError
from hnsemu.docker.schema import api_versions
from hnsemu.docker.schema.containers import CREATION, UPDATE, creation_request
from hnsemu.docker.services import containers
from hnsemu.docker.services.containers import ManyPorts, Selection

routes = Routes()

T = TypeVar("T")

_SIZES = {"SizeRw": 0, "SizeRootFs": 0}  # on Windows. Source: moby image_windows.go [C]
_STOPS_BY_SIGNAL = (1, 42)
_TAKES_PLATFORM = (1, 41)
_TITLES = ["Name", "PID", "CPU", "Private Working Set"]
_NO_TIME, _NO_MEMORY = "00:00:00.000", "0B"


@routes.on("GET", "/containers/json", pace=Pace.LONG)
async def list_containers(call: Call) -> Response:
    """Answer with the containers that the filters select, newest first."""
    selection = Selection(call.filters(), call.flag("all"), _limit(call))
    listed = await call.run(containers.list_containers, selection)
    return answers.document(api_versions.containers(listed, call.daemon))


def _limit(call: Call) -> int:
    """Return how many containers are wanted, 0 or less for all.

    Raises: DockerError 500 for another text, as dockerd has it.
    """
    try:
        return atoi(call.text("limit") or "0")
    except ValueError as error:
        raise DockerError(HTTPStatus.INTERNAL_SERVER_ERROR, str(error)) from error


@routes.on("POST", "/containers/create")
async def create_container(call: Call) -> Response:
    """Create a container; HNS hears nothing of it."""
    document = await call.document(CREATION, must_have_body=True)
    request, warnings = api_versions.asked(creation_request(document), call.version)
    platform = call.text("platform") if call.version >= _TAKES_PLATFORM else ""
    created = await call.run(containers.create_container, call.text("name"), request, platform)
    shown = {"Id": created.id, "Warnings": [*created.warnings, *warnings]}
    return answers.document(shown, HTTPStatus.CREATED)


@routes.on("POST", "/containers/prune", pace=Pace.LONG)
async def prune_containers(call: Call) -> Response:
    """Remove the containers that do not run."""
    removed = await call.run(containers.prune_containers, call.filters())
    return answers.document({"ContainersDeleted": removed or None, "SpaceReclaimed": 0})


@routes.on("GET", "/containers/{id}/json")
async def inspect_container(call: Call) -> Response:
    """Answer with one container."""
    shown = await call.run(containers.inspect_container, call.path("id"))
    shown = api_versions.container(shown, call.daemon, call.version)
    return answers.document(shown | (_SIZES if call.flag("size") else {}))


@routes.on("POST", "/containers/{id}/start")
async def start_container(call: Call) -> Response:
    """Start a container: its endpoints are made, and its ports published."""
    return _done_or_unchanged(await _started(call, containers.start_container))


async def _started(call: Call, use_case: Callable[..., T], *signal: str) -> T:
    """Run a use case that starts the container: beside the event loop if it has many ports."""
    try:
        return await call.run(use_case, call.path("id"), *signal)
    except ManyPorts:
        call.expect_large()
        return await call.run_aside(use_case, call.path("id"), *signal, patiently=True)


def _signal(call: Call) -> str:
    """Return the signal that ends the container, "" for its own."""
    return call.text("signal") if call.version >= _STOPS_BY_SIGNAL else ""


@routes.on("POST", "/containers/{id}/stop")
async def stop_container(call: Call) -> Response:
    """Stop a container: its endpoints go, with addresses and ports."""
    return _done_or_unchanged(await _stopped(call))


async def _stopped(call: Call) -> bool:
    return await call.run(containers.stop_container, call.path("id"), _signal(call))


@routes.on("POST", "/containers/{id}/restart")
async def restart_container(call: Call) -> Response:
    """Stop a container and start it."""
    await _started(call, containers.restart_container, _signal(call))
    return answers.nothing()


@routes.on("POST", "/containers/{id}/kill")
async def kill_container(call: Call) -> Response:
    """Kill a container."""
    await call.run(containers.kill_container, call.path("id"), call.text("signal"))
    return answers.nothing()


@routes.on("POST", "/containers/{id}/rename")
async def rename_container(call: Call) -> Response:
    """Give a container another name."""
    await call.run(containers.rename_container, call.path("id"), call.text("name"))
    return answers.nothing()


@routes.on("POST", "/containers/{id}/update")
async def update_container(call: Call) -> Response:
    """Change the restart policy and the limits of a container."""
    wanted = await call.document(UPDATE)
    warnings = await call.run(containers.update_container, call.path("id"), wanted)
    return answers.document({"Warnings": warnings or None})


@routes.on("POST", "/containers/{id}/pause")
async def pause_container(call: Call) -> Response:
    """Refuse to pause."""
    await call.run(containers.pause_container, call.path("id"))
    return answers.nothing()


@routes.on("POST", "/containers/{id}/unpause")
async def unpause_container(call: Call) -> Response:
    """Refuse to go on with what is never paused."""
    found = await call.run(containers.get_container, call.path("id"))
    raise DockerError(HTTPStatus.INTERNAL_SERVER_ERROR, f"Container {found.id} is not paused")


@routes.on("DELETE", "/containers/{id}")
async def remove_container(call: Call) -> Response:
    """Remove a container."""
    await call.run(
        containers.remove_container,
        call.path("id"),
        force=call.flag("force"),
        takes_volumes=call.flag("v"),
    )
    return answers.nothing()


@routes.on("GET", "/containers/{id}/top")
async def list_processes(call: Call) -> Response:
    """Answer with the processes of a container: its own, and those of docker exec."""
    if call.text("ps_args"):
        raise DockerError(
            HTTPStatus.INTERNAL_SERVER_ERROR, "Windows does not support arguments to top"
        )
    processes = await call.run(containers.list_processes, call.path("id"))
    shown = [[process.name, str(process.pid), _NO_TIME, _NO_MEMORY] for process in processes]
    return answers.document({"Processes": shown, "Titles": _TITLES})


@routes.on("POST", "/containers/{id}/resize")
async def resize_console(call: Call) -> Response:
    """Give the console of a container another size; only the event has it."""
    height, width = call.size()
    await call.run(containers.resize_console, call.path("id"), height, width)
    return answers.nothing(HTTPStatus.OK)


def _done_or_unchanged(is_done: bool) -> Response:  # noqa: FBT001 (the answer of the use case)
    return answers.nothing(HTTPStatus.NO_CONTENT if is_done else HTTPStatus.NOT_MODIFIED)
