"""What the daemon says of itself."""

from hnsemu.docker.domain.daemons import daemon_of
from hnsemu.docker.schema.system import info_document, version_document
from hnsemu.docker.storage import census, daemons
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
        daemon_of(release), release, daemon_id, tx.host.name, census.count(tx), tx.now
    )
