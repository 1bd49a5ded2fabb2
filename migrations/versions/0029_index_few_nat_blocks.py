"""keep only endpoints with a block of ports in the index of blocks

Revision: 0029, after 0028.
"""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

_INDEX, _COLUMNS = "ix_endpoints_host_key_nat_block", ["host_key", "nat_block"]
_HAS_ONE = sa.text("nat_block IS NOT NULL")


def upgrade() -> None:
    """Go up."""
    op.drop_index(_INDEX, "endpoints")
    op.create_index(
        _INDEX,
        "endpoints",
        _COLUMNS,
        unique=True,
        sqlite_where=_HAS_ONE,
        postgresql_where=_HAS_ONE,
    )


def downgrade() -> None:
    """Go down."""
    op.drop_index(_INDEX, "endpoints")
    op.create_index(_INDEX, "endpoints", _COLUMNS, unique=True)
