"""keep who made networks

Revision: 0011, after 0010.

Answers of endpoints without namespace have one of zeros from HNS 9 to 12.
"""

import json

import msgspec
import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

# What hosts of these releases say of an endpoint, unless they are told another HNS version.
_ZEROS = {"ws2019-rtm", "ws2019", "ws1903", "ws2004"}
_ANSWERS = """
SELECT endpoints."key", endpoints.document, hosts.release, hosts.versions
FROM endpoints JOIN hosts ON hosts."key" = endpoints.host_key
"""
_ZERO = '"00000000-0000-0000-0000-000000000000"'


def upgrade() -> None:
    """Go up."""
    op.add_column(
        "networks", sa.Column("from_hcn", sa.Boolean(), server_default="0", nullable=False)
    )
    bind = op.get_bind()
    changed = [
        {"key": key, "document": _with_namespace(document)}
        for key, document, release, versions in bind.exec_driver_sql(_ANSWERS).all()
        if document and _shows_zeros(release, json.loads(versions).get("hns"))
    ]
    if changed:
        update = sa.text('UPDATE endpoints SET document = :document WHERE "key" = :key')
        bind.execute(update, changed)


def downgrade() -> None:
    """Go down: older versions show a namespace of zeros until the endpoint changes."""
    op.drop_column("networks", "from_hcn")


def _shows_zeros(release: str, hns: list[int] | None) -> bool:
    return release in _ZEROS if hns is None else [9, 0] <= hns < [13, 0]


def _with_namespace(document: str) -> str:
    """Return the answer with a namespace behind the network; every other byte stays."""
    members = msgspec.json.decode(document, type=dict[str, msgspec.Raw])
    if "HostComputeNamespace" in members:
        return document
    texts = []
    for name, value in members.items():
        texts.append(f"{json.dumps(name)}:{bytes(value).decode()}")
        if name == "HostComputeNetwork":
            texts.append(f'"HostComputeNamespace":{_ZERO}')
    return "{" + ",".join(texts) + "}"
