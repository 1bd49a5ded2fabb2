"""What a container used."""

from dataclasses import dataclass

from hnsemu.docker.domain.containers import DockerContainer
from hnsemu.domain.stats import EndpointStats


@dataclass(frozen=True, slots=True)
class Measurement:
    """The counters of a container's endpoints at a moment, a FILETIME."""

    container: DockerContainer
    time: int
    endpoints: tuple[EndpointStats, ...]
