"""list endpoints in order

Revision: 0003, after 0002.
"""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go up."""
    op.create_index("ix_endpoints_host_key_key", "endpoints", ["host_key", "key"])


def downgrade() -> None:
    """Go down."""
    op.drop_index("ix_endpoints_host_key_key", table_name="endpoints")
