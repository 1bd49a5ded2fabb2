"""find an address and the adapters of a switch without looking at all of them

Revision: 0017, after 0016.
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go up."""
    op.create_index(
        "ix_ip_allocations_address",
        "ip_allocations",
        ["address", "remote"],
        unique=False,
        sqlite_where=sa.text("released IS NULL"),
        postgresql_where=sa.text("released IS NULL"),
    )
    op.create_index("ix_adapters_vswitch_key", "adapters", ["vswitch_key"], unique=False)
