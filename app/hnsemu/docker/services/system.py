"""What the daemon says of itself."""

from collections import Counter

from hnsemu.docker.domain.daemons import daemon_of
from hnsemu.docker.domain.volumes import volumes_of
from hnsemu.docker.schema.container_views import summary_document as container_summary
from hnsemu.docker.schema.images import summary_document as image_summary
from hnsemu.docker.schema.swarms import swarm_status
from hnsemu.docker.schema.system import info_document, usage_document, version_document
from hnsemu.docker.schema.volumes import volume_document
from hnsemu.docker.services.containers.health import health_of
from hnsemu.docker.services.containers.views import with_images
from hnsemu.docker.services.swarm_records import swarm_summary
from hnsemu.docker.storage import census, containers, daemons, images, swarms, volumes
from hnsemu.storage.transaction import Transaction, reads


@reads
def version(tx: Transaction) -> dict[str, object]:
    """Return the reply of /version."""
    release = tx.host.release
    return version_document(daemon_of(release), release)


@reads
def info(tx: Transaction) -> dict[str, object]:
    """Return the reply of /info."""
    release = tx.host.release
    standing = daemons.standing(tx)
    daemon_id = standing.daemon_id if standing else ""
    return info_document(
        daemon_of(release),
        release,
        daemon_id,
        tx.host.name,
        census.count(tx),
        tx.now,
        swarm_summary(tx),
    )


@reads
def swarm_of(tx: Transaction) -> str:
    """Return what /_ping says of the swarm that the host is in."""
    place = swarms.place_of(tx)
    return swarm_status(place, manages=place is not None and swarms.manages(tx))


@reads
def disk_usage(tx: Transaction, kinds: frozenset[str]) -> dict[str, object]:
    """Return the reply of /system/df: what there is, none of which takes room.

    kinds: container, image, volume, build-cache.
    """
    all_containers = containers.all_of(tx)
    used = Counter(container.image_id for container in all_containers)
    mounted = Counter(name for container in all_containers for name in volumes_of(container.mounts))
    return usage_document(
        kinds,
        [
            image_summary(image) | {"Containers": used[image.id], "SharedSize": 0}
            for image in images.all_of(tx)
        ],
        with_images(
            tx,
            (
                container_summary(container, tx.now, health_of(tx, container))
                for container in all_containers
            ),
        ),
        [
            volume_document(volume) | {"UsageData": {"RefCount": mounted[volume.name], "Size": 0}}
            for volume in volumes.all_of(tx)
        ],
    )
