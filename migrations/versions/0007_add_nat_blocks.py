"""add nat blocks

Revision: 0007, after 0006.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

# What the service gives to endpoints whose source NAT has no block yet: the oldest first.
_NUMBERED = """
UPDATE endpoints SET nat_block = numbered.number
FROM (
    SELECT endpoints."key" AS numbered_key,
        ROW_NUMBER() OVER (PARTITION BY endpoints.host_key ORDER BY endpoints."key") - 1 AS number
    FROM endpoints JOIN networks ON networks."key" = endpoints.network_key
    WHERE networks.mode IN ('Overlay', 'L2Bridge', 'L2Tunnel')
        AND endpoints.flags % 2 = 0
        AND EXISTS (
            SELECT 1 FROM policies
            WHERE policies.endpoint_key = endpoints."key" AND policies.type = 'OutBoundNAT'
        )
) AS numbered
WHERE endpoints."key" = numbered.numbered_key AND numbered.number < 256
"""


def upgrade() -> None:
    """Go up."""
    op.add_column("endpoints", sa.Column("nat_block", sa.Integer(), nullable=True))
    op.create_index(
        "ix_endpoints_host_key_nat_block", "endpoints", ["host_key", "nat_block"], unique=True
    )
    op.execute(_NUMBERED)


def downgrade() -> None:
    """Go down."""
    op.drop_index("ix_endpoints_host_key_nat_block", "endpoints")
    op.drop_column("endpoints", "nat_block")
