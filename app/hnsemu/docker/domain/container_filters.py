"""Filters of GET /containers/json. Source: moby v28.5.2 daemon/list.go [C]."""

from hnsemu.docker.domain.containers import DockerContainer
from hnsemu.docker.domain.filters import Filters
from hnsemu.docker.domain.health import check_health_filter
from hnsemu.docker.domain.images import read_reference
from hnsemu.docker.domain.moments import read_moment
from hnsemu.docker.errors import BAD_REQUEST, DockerError

_KNOWN = frozenset(
    {
        "ancestor", "before", "exited", "expose", "health", "id", "is-task", "isolation", "label",
        "name", "network", "publish", "since", "status", "volume",
    }
)  # fmt: skip
_STATUSES = ("created", "running", "paused", "restarting", "removing", "exited", "dead")


def check_filters(filters: Filters) -> None:
    """Refuse a filter that lists do not have, or a value that it cannot have.

    Raises: DockerError 400.
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
    exposed = {str(port) for port in container.exposed}
    published = {str(entry.host_port) for entry in container.published}
    published |= {f"{entry.host_port}/{entry.port.protocol}" for entry in container.published}
    return _any_of(filters.of("expose"), exposed, "/tcp") and _any_of(
        filters.of("publish"), published, ""
    )


def _any_of(wanted: tuple[str, ...], ports: set[str], protocol: str) -> bool:
    return not wanted or any((text if "/" in text else text + protocol) in ports for text in wanted)


def _is_name(text: str) -> bool:
    try:
        read_reference(text)
    except DockerError:
        return False
    return True
