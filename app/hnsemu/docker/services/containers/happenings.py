"""What events say of a container."""

from hnsemu.docker.domain.containers import DockerContainer, DockerEndpoint
from hnsemu.docker.domain.events import CONTAINER, NETWORK, Event
from hnsemu.docker.domain.networks import DockerNetwork


def attributes_of(container: DockerContainer, **more: str) -> dict[str, str]:
    """Return the attributes of an event: labels, image and name, and `more`."""
    return {**container.labels, "image": container.image, "name": container.name, **more}


def happened(container: DockerContainer, action: str, **more: str) -> Event:
    """Return the event that something happened to a container."""
    return Event(CONTAINER, action, container.id, attributes_of(container, **more))


def joined(container: DockerContainer, network: DockerNetwork, action: str) -> Event:
    """Return the event that a container was connected to a network, or disconnected."""
    attributes = {"container": container.id, "name": network.name, "type": network.driver}
    return Event(NETWORK, action, network.id, attributes)


def left(container: DockerContainer, endpoint: DockerEndpoint, driver: str) -> Event:
    """Return the event that a container left a network, which may be gone itself."""
    attributes = {"container": container.id, "name": endpoint.network, "type": driver}
    return Event(NETWORK, "disconnect", endpoint.network_id, attributes)
