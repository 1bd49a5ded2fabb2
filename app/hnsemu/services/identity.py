"""What every object gets when it is created: an id, names, versions and times."""

from hnsemu.domain.identity import Identity, new_identity
from hnsemu.schema.v2.common import Base
from hnsemu.schema.v2.read_identity import identity_request
from hnsemu.storage.transaction import Transaction


def identity(tx: Transaction, document: Base) -> Identity:
    """Return the identity of a new object: what the document says, the rest chosen by HNS."""
    return new_identity(identity_request(document), tx.host.release, tx.now, tx.source)
