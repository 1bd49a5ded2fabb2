"""give adapters addresses of IPv6

Revision: 0025, after 0024.
"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

_HAS_IPV6 = sa.text("address6 <> ''")


def upgrade() -> None:
    """Go up."""
    op.add_column("adapters", sa.Column("address6", sa.Text(), nullable=False, server_default=""))
    op.add_column(
        "adapters", sa.Column("prefix_length6", sa.BigInteger(), nullable=False, server_default="0")
    )
    op.add_column("adapters", sa.Column("gateway6", sa.Text(), nullable=False, server_default=""))
    op.create_index(
        "ix_adapters_address6",
        "adapters",
        ["address6"],
        sqlite_where=_HAS_IPV6,
        postgresql_where=_HAS_IPV6,
    )


def downgrade() -> None:
    """Go down: an older version knows IPv4 only."""
    op.drop_index("ix_adapters_address6", "adapters")
    for column in ("gateway6", "prefix_length6", "address6"):
        op.drop_column("adapters", column)
