"""add versions and switch extensions of hosts, DNS compartments of networks

Revision: 0010, after 0009.
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

# The oldest Overlay network of a host has compartment 3, the next one 4.
_NUMBERED = """
UPDATE networks SET dns_compartment = numbered.number
FROM (
    SELECT "key" AS numbered_key,
        ROW_NUMBER() OVER (PARTITION BY host_key ORDER BY "key") + 2 AS number
    FROM networks WHERE mode = 'Overlay'
) AS numbered
WHERE networks."key" = numbered.numbered_key
"""


def upgrade() -> None:
    """Go up."""
    op.add_column("hosts", sa.Column("versions", sa.Text(), server_default="{}", nullable=False))
    op.add_column("hosts", sa.Column("extensions", sa.Text(), server_default="[]", nullable=False))
    op.add_column(
        "networks",
        sa.Column("dns_compartment", sa.BigInteger(), server_default="0", nullable=False),
    )
    op.execute(_NUMBERED)


def downgrade() -> None:
    """Go down."""
    op.drop_column("networks", "dns_compartment")
    op.drop_column("hosts", "extensions")
    op.drop_column("hosts", "versions")
