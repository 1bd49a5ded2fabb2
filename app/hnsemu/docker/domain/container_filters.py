"""Filters of GET /containers/json. Source: moby v28.5.2 daemon/list.go [C]."""

from hnsemu.docker.domain import ports
from hnsemu.docker.domain.containers import DockerContainer
from hnsemu.docker.domain.filters import Filters
from hnsemu.docker.domain.health import check_health_filter
from hnsemu.docker.domain.images import read_reference
from hnsemu.docker.domain.moments import read_moment
from hnsemu.docker.errors import BAD_REQUEST, FAILED, DockerError

_KNOWN = frozenset(
    {
        "ancestor", "before", "exited", "expose", "health", "id", "is-task", "isolation", "label",
        "name", "network", "publish", "since", "status", "volume",
    }
)  # fmt: skip
_STATUSES = ("created", "running", "paused", "restarting", "removing", "exited", "dead")


def check_filters(filters: Filters) -> None:
    """Refuse a filter that lists do not have, or a value that it cannot have.

    Raises: DockerError 400; 500 for what are no ports.
    """
    filters.check(_KNOWN)
    for status in filters.of("status"):
        if status not in _STATUSES:
            raise DockerError(
                BAD_REQUEST,
                f"invalid filter 'status={status}': invalid value for state ({status}): must be "
                f"one of {', '.join(_STATUSES)}",
            )
    for code in filters.of("exited"):
        if not code.lstrip("-").isdecimal():
            raise DockerError(BAD_REQUEST, f"invalid filter 'exited={code}'")
    check_health_filter(filters.of("health"))
    for name in ("publish", "expose"):
        for text in filters.of(name):
            _check_ports(name, text)


def is_wanted(container: DockerContainer, filters: Filters) -> bool:
    """Tell whether the filters let a container pass, those that name another one aside."""
    if not filters.values:
        return True
    return (
        filters.beginning("id", container.id)
        and _has_name(container, filters)
        and filters.exact("status", container.status)
        and _has_exit_code(container, filters)
        and filters.labels(container.labels)
        and filters.exact("isolation", str(container.host_config["Isolation"]))
        and _is_on_network(container, filters)
        and _is_of_image(container, filters)
        and _has_port(container, filters)
        and _has_volume(container, filters)
        and not filters.flag("is-task")
    )


def created_before(container: DockerContainer, filters: Filters, now: int) -> bool:
    """Tell whether a container is older than the filter until says, if it says anything.

    Raises: DockerError 400.
    """
    return all(container.created < read_moment(text, now) for text in filters.of("until"))


def _has_name(container: DockerContainer, filters: Filters) -> bool:
    wanted = [name.strip("^$") for name in filters.of("name")]
    exact = [name.startswith("^") or name.endswith("$") for name in filters.of("name")]
    shown = f"/{container.name}"
    return not wanted or any(
        name in {container.name, shown} if is_exact else name in shown
        for name, is_exact in zip(wanted, exact, strict=True)
    )


def _has_exit_code(container: DockerContainer, filters: Filters) -> bool:
    codes = filters.of("exited")
    return not codes or (
        str(container.exit_code) in codes and not container.is_running and container.finished > 0
    )


def _is_on_network(container: DockerContainer, filters: Filters) -> bool:
    wanted = filters.of("network")
    return not wanted or any(
        endpoint.network == name or (endpoint.network_id and endpoint.network_id.startswith(name))
        for endpoint in container.endpoints
        for name in wanted
    )


def _is_of_image(container: DockerContainer, filters: Filters) -> bool:
    wanted = filters.of("ancestor")
    if not wanted:
        return True
    image = read_reference(container.image).familiar if _is_name(container.image) else ""
    return any(
        container.image_id.removeprefix("sha256:").startswith(name.removeprefix("sha256:"))
        or (image and _is_name(name) and read_reference(name).familiar == image)
        for name in wanted
    )


def _has_volume(container: DockerContainer, filters: Filters) -> bool:
    wanted = filters.of("volume")
    return not wanted or any(
        name in {mount.name or mount.source, mount.target}
        for mount in container.mounts
        for name in wanted
    )


def _has_port(container: DockerContainer, filters: Filters) -> bool:
    """Tell whether a list shows a port that either filter names; it shows none of a stopped one."""
    published = [_ports(text) for text in filters.of("publish")]
    exposed = [_ports(text) for text in filters.of("expose")]
    if not published and not exposed:
        return True
    return any(
        _is_among(port.get("PublicPort", 0), port["Type"], published)
        or _is_among(port["PrivatePort"], port["Type"], exposed)
        for port in ports.listed(container.ports)
    )


def _is_among(number: object, protocol: object, wanted: list[tuple[str, range]]) -> bool:
    return any(protocol == named and number in numbers for named, numbers in wanted)


def _ports(text: str) -> tuple[str, range]:
    """Return the protocol and the ports of a filter: 80, 80/udp, 8000-8010/tcp.

    Raises: ValueError in Go's words. Source: go-connections v0.5.0 nat [C].
    """
    protocol, numbers = ports.split(text)
    if not numbers:
        raise ValueError("empty string specified for ports")
    return protocol, ports.read_range(numbers)


def _check_ports(name: str, text: str) -> None:
    if ":" in text:
        raise DockerError(FAILED, f"filter for '{name}' should not contain ':': {text}")
    try:
        _ports(text)
    except ValueError as error:
        raise DockerError(FAILED, f"error while looking up for {name} {text}: {error}") from error


def _is_name(text: str) -> bool:
    try:
        read_reference(text)
    except DockerError:
        return False
    return True
