"""Docker on the host: its networks and containers, and one container."""

from fastapi import Response

from hnsemu.docker.domain.filters import Filters
from hnsemu.docker.errors import DockerError
from hnsemu.docker.services import containers, networks
from hnsemu.docker.services.containers import Selection
from hnsemu.errors import HnsError, Hr
from hnsemu.pages.router import PageRouter
from hnsemu.pages.visit import Visit
from hnsemu.services import hosts

router = PageRouter(prefix="/ui")

_MOST = 200
_NOTHING = Filters()


@router.page("/docker")
def show_docker(visit: Visit) -> Response:
    """Docker's networks and the newest containers."""
    hosts.get_host(visit.hns)  # an unknown one is told apart from one without Docker
    path = f"/hosts/{visit.hns.host_name}/docker"
    return visit.shown(
        "docker/list.html",
        "Docker",
        document=f"{path}/containers/json?all=1",
        networks=networks.list_networks(visit.hns, _NOTHING, detailed=False)[:_MOST],
        containers=containers.list_containers(
            visit.hns, Selection(_NOTHING, all=True, limit=_MOST)
        ),
        address=f"tcp://{visit.request.url.netloc}{visit.base}{path}",
    )


@router.page("/docker/{container}")
def show_container(visit: Visit) -> Response:
    """One container as docker inspect shows it.

    Raises: E_ELEMENT_NOT_FOUND.
    """
    reference = visit.request.path_params["container"]
    try:
        shown = containers.inspect_container(visit.hns, reference)
    except DockerError as error:
        raise HnsError(Hr.E_ELEMENT_NOT_FOUND, str(error)) from error
    return visit.shown(
        "docker/container.html",
        str(shown["Name"]).removeprefix("/"),
        document=f"/hosts/{visit.hns.host_name}/docker/containers/{shown['Id']}/json",
        shown=shown,
    )
