"""What a container used: the counters of its endpoints; nothing runs that used anything else."""

from hnsemu.docker.domain.measurements import Measurement
from hnsemu.docker.services.containers.queries import found
from hnsemu.docker.services.events import ContainerPlace, has_ended
from hnsemu.services.endpoints.queries import stats_of
from hnsemu.storage.transaction import Transaction, reads


@reads
def measure(tx: Transaction, reference: str) -> Measurement:
    """Return the counters of a container's endpoints now; one that does not run has none.

    Raises: DockerError 404.
    """
    return _measured(tx, reference)


@reads
def measure_again(tx: Transaction, place: ContainerPlace) -> Measurement | None:
    """Return the counters of a container that a reader follows, None when its daemon has ended.

    Raises: DockerError 404 for a container that was removed.
    """
    return None if has_ended(tx, place.place) else _measured(tx, place.container_id)


def _measured(tx: Transaction, reference: str) -> Measurement:
    container = found(tx, reference)
    counted = tuple(
        stats_of(tx, endpoint.hns_id) for endpoint in container.endpoints if endpoint.hns_id
    )
    return Measurement(container, tx.now, counted)
