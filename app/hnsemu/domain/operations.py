"""What a call of one of the three doors is called: HcnCreateEndpoint, HNSCall …, docker start.

The names are those that a program's author knows: the functions of computenetwork.dll [D], HNSCall
with its method and path [C hcsshim], and the words of the docker command [D]. A call that carries
none of them is named by its method and the template of its path.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

DOORS = ("v1", "v2", "docker")
"""The first segments of the paths on which programs reach a host."""

_DOCKER_VERSION = re.compile(r"v\d[\d.]*")
_PARAMETER = re.compile(r"\\\{(\w+)(:path)?\\\}")


@dataclass(frozen=True, slots=True)
class Operation:
    """What a call is called, the noun of its path, and what its path names.

    noun:      "networks", "containers", …; "" for none.
    object_id: id or name in the path, "" for none.
    """

    name: str
    noun: str = ""
    object_id: str = ""


def _of_noun(noun: str, one: str, many: str) -> dict[tuple[str, str], str]:
    return {
        ("GET", f"/{noun}"): f"HcnEnumerate{many}",
        ("POST", f"/{noun}"): f"HcnCreate{one}",
        ("GET", f"/{noun}/{{id}}"): f"HcnQuery{one}Properties",
        ("PATCH", f"/{noun}/{{id}}"): f"HcnModify{one}",
        ("DELETE", f"/{noun}/{{id}}"): f"HcnDelete{one}",
    }


_SERVICES = "/guestnetworkservices"
_RESERVATIONS = "/portreservations"
HCN: Mapping[tuple[str, str], str] = {
    **_of_noun("networks", "Network", "Networks"),
    **_of_noun("endpoints", "Endpoint", "Endpoints"),
    **_of_noun("namespaces", "Namespace", "Namespaces"),
    **_of_noun("loadbalancers", "LoadBalancer", "LoadBalancers"),
    **_of_noun("sdnroutes", "SdnRoute", "SdnRoutes"),
    ("POST", "/networks/{id}/endpoints"): "HcnCreateEndpoint",
    ("POST", _SERVICES): "HcnCreateGuestNetworkService",
    ("PATCH", f"{_SERVICES}/{{id}}"): "HcnModifyGuestNetworkService",
    ("DELETE", f"{_SERVICES}/{{id}}"): "HcnDeleteGuestNetworkService",
    ("POST", f"{_SERVICES}/{{id}}{_RESERVATIONS}"): "HcnReserveGuestNetworkServicePort",
    ("GET", _RESERVATIONS): "HcnEnumerateGuestNetworkPortReservations",
    (
        "DELETE",
        f"{_RESERVATIONS}/{{id}}",
    ): "HcnReleaseGuestNetworkServicePortReservationHandle",
    ("GET", "/notifications"): "HcnRegisterServiceCallback",
    ("GET", "/networks/{id}/notifications"): "HcnRegisterNetworkCallback",
    (
        "GET",
        f"{_SERVICES}/{{id}}/notifications",
    ): "HcnRegisterGuestNetworkServiceCallback",
}
"""The function that each operation of /v2 carries, by method and path below /v2."""

_OF_THE_DLL = (
    "HcnCloseEndpoint",
    "HcnCloseGuestNetworkService",
    "HcnCloseLoadBalancer",
    "HcnCloseNamespace",
    "HcnCloseNetwork",
    "HcnCloseSdnRoute",
    "HcnFreeGuestNetworkPortReservations",
    "HcnOpenEndpoint",
    "HcnOpenLoadBalancer",
    "HcnOpenNamespace",
    "HcnOpenNetwork",
    "HcnOpenSdnRoute",
    "HcnReserveGuestNetworkServicePortRange",
    "HcnUnregisterGuestNetworkServiceCallback",
    "HcnUnregisterServiceCallback",
)
FUNCTIONS = frozenset((*HCN.values(), *_OF_THE_DLL))
"""The functions of computenetwork.dll; those that no operation is named after, only the DLL names.
"""

# Paths of /v2 that carry no function of the DLL.
_OTHERS_OF_V2 = (
    "/endpoints/{id}/addresses",
    "/endpoints/{id}/stats",
    _SERVICES,
    f"{_SERVICES}/{{id}}",
    f"{_SERVICES}/{{id}}{_RESERVATIONS}",
    f"{_RESERVATIONS}/{{id}}",
    "/policylists",
    "/policylists/{id}",
)

_HNS_CALL = (
    "/accelnet",
    "/activities",
    "/endpointaddresses/{id}",
    "/endpoints/",
    "/endpoints/{id}",
    "/endpoints/{id}/attach",
    "/endpoints/{id}/detach",
    "/endpoints/{id}/detailed",
    "/endpoints/{id}/refresh",
    "/endpointstats/{id}",
    "/globals",
    "/globals/version",
    "/namespaces/",
    "/namespaces/{id}",
    "/namespaces/{id}/addresource",
    "/namespaces/{id}/removeresource",
    "/networks/",
    "/networks/{id}",
    "/plugins",
    "/policylists/",
    "/policylists/{id}",
    "/portpools",
)
"""The paths of HNSCall, spelled as its callers do: those of all objects end with a slash."""

DOCKER: Mapping[tuple[str, str], str] = {
    ("GET", "/_ping"): "docker ping",
    ("HEAD", "/_ping"): "docker ping",
    ("GET", "/version"): "docker version",
    ("GET", "/info"): "docker info",
    ("GET", "/system/df"): "docker system df",
    ("GET", "/events"): "docker events",
    ("POST", "/auth"): "docker login",
    ("GET", "/networks"): "docker network ls",
    ("POST", "/networks/create"): "docker network create",
    ("POST", "/networks/prune"): "docker network prune",
    ("POST", "/networks/{id}/connect"): "docker network connect",
    ("POST", "/networks/{id}/disconnect"): "docker network disconnect",
    ("GET", "/networks/{id:path}"): "docker network inspect",
    ("DELETE", "/networks/{id:path}"): "docker network rm",
    ("GET", "/containers/json"): "docker ps",
    ("POST", "/containers/create"): "docker create",
    ("POST", "/containers/prune"): "docker container prune",
    ("GET", "/containers/{id}/json"): "docker inspect",
    ("POST", "/containers/{id}/start"): "docker start",
    ("POST", "/containers/{id}/stop"): "docker stop",
    ("POST", "/containers/{id}/restart"): "docker restart",
    ("POST", "/containers/{id}/kill"): "docker kill",
    ("POST", "/containers/{id}/rename"): "docker rename",
    ("POST", "/containers/{id}/update"): "docker update",
    ("POST", "/containers/{id}/pause"): "docker pause",
    ("POST", "/containers/{id}/unpause"): "docker unpause",
    ("DELETE", "/containers/{id}"): "docker rm",
    ("GET", "/containers/{id}/top"): "docker top",
    ("GET", "/containers/{id}/changes"): "docker diff",
    ("GET", "/containers/{id}/archive"): "docker cp",
    ("HEAD", "/containers/{id}/archive"): "docker cp",
    ("PUT", "/containers/{id}/archive"): "docker cp",
    ("GET", "/containers/{id}/export"): "docker export",
    ("POST", "/containers/{id}/resize"): "docker resize",
    ("POST", "/containers/{id}/wait"): "docker wait",
    ("POST", "/containers/{id}/attach"): "docker attach",
    ("GET", "/containers/{id}/logs"): "docker logs",
    ("GET", "/containers/{id}/stats"): "docker stats",
    ("POST", "/containers/{id}/exec"): "docker exec create",
    ("POST", "/exec/{id}/start"): "docker exec",
    ("GET", "/exec/{id}/json"): "docker exec inspect",
    ("POST", "/exec/{id}/resize"): "docker exec resize",
    ("GET", "/images/json"): "docker images",
    ("POST", "/images/create"): "docker pull",
    ("POST", "/images/prune"): "docker image prune",
    ("GET", "/images/search"): "docker search",
    ("POST", "/images/load"): "docker load",
    ("GET", "/images/get"): "docker save",
    ("GET", "/images/{name:path}/get"): "docker save",
    ("GET", "/images/{name:path}/json"): "docker image inspect",
    ("GET", "/images/{name:path}/history"): "docker history",
    ("POST", "/images/{name:path}/tag"): "docker tag",
    ("POST", "/images/{name:path}/push"): "docker push",
    ("DELETE", "/images/{name:path}"): "docker rmi",
    ("POST", "/build"): "docker build",
    ("POST", "/build/prune"): "docker builder prune",
    ("POST", "/commit"): "docker commit",
    ("GET", "/volumes"): "docker volume ls",
    ("POST", "/volumes/create"): "docker volume create",
    ("POST", "/volumes/prune"): "docker volume prune",
    ("GET", "/volumes/{name:path}"): "docker volume inspect",
    ("DELETE", "/volumes/{name:path}"): "docker volume rm",
}
"""The command of docker that makes each call, by method and path without the API's version."""

_TEMPLATES: Mapping[str, Sequence[str]] = {
    "v1": _HNS_CALL,
    "v2": (*(template for _, template in HCN), *_OTHERS_OF_V2),
    "docker": [template for _, template in DOCKER],
}


@lru_cache(maxsize=4096)
def operation_of(method: str, path: str) -> Operation:
    """Return what a call is called.

    path: below the host, decoded, as in /v2/networks/{guid}; without the query.
    """
    door, _, below = path.strip("/").partition("/")
    if door == "v2":
        return _of_v2(method, f"/{below}")
    if door == "v1":
        return _of_v1(method, f"/{below}")
    first, _, rest = below.partition("/")
    return _of_docker(method, f"/{rest if _DOCKER_VERSION.fullmatch(first) else below}")


def _of_v2(method: str, path: str) -> Operation:
    for template, object_id in _templates(path, "v2"):
        name = HCN.get((method, template), f"{method} /v2{template}")
        return Operation(name, _noun(path), object_id)
    return Operation(f"{method} /v2{path}", _noun(path))


def _of_v1(method: str, path: str) -> Operation:
    for template, object_id in _templates(path, "v1"):
        return Operation(f"HNSCall {method} {template}", _noun(path), object_id)
    return Operation(f"HNSCall {method} {path}", _noun(path))


def _of_docker(method: str, path: str) -> Operation:
    for template, object_id in _templates(path, "docker"):
        name = DOCKER.get((method, template))
        if name is not None:
            return Operation(name, _noun(path), object_id)
    return Operation(f"{method} /docker{path}", _noun(path))


def _noun(path: str) -> str:
    return path.strip("/").partition("/")[0]


def _templates(path: str, door: str) -> Iterator[tuple[str, str]]:
    """Yield the templates that a path is of, each with the id in the path."""
    for template, pattern in _patterns(door).get(_noun(path), ()):
        found = pattern.fullmatch(path.rstrip("/"))
        if found:
            yield template, next(iter(found.groups()), "")


@cache
def _patterns(door: str) -> Mapping[str, tuple[tuple[str, re.Pattern[str]], ...]]:
    """Return the templates of a door by their nouns, those without parameters first.

    They are compiled when the first call of the door is named: a service starts without.
    """
    by_noun: dict[str, list[tuple[str, re.Pattern[str]]]] = {}
    for template in sorted(
        set(_TEMPLATES[door]), key=lambda text: (text.count("{"), -text.count("/"))
    ):
        text = _PARAMETER.sub(
            lambda found: "(.+)" if found[2] else "([^/]+)", re.escape(template.rstrip("/"))
        )
        by_noun.setdefault(_noun(template), []).append((template, re.compile(text)))
    return {noun: tuple(patterns) for noun, patterns in by_noun.items()}
