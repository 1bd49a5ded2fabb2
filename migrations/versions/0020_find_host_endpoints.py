"""find the endpoints of the host itself without looking at all of the host's

Revision: 0020, after 0019.
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go up."""
    op.create_index(
        "ix_vswitch_ports_of_host",
        "vswitch_ports",
        ["vswitch_key"],
        unique=False,
        sqlite_where=sa.text("compartment = 1"),
        postgresql_where=sa.text("compartment = 1"),
    )


def downgrade() -> None:
    """Go down."""
    op.drop_index("ix_vswitch_ports_of_host", "vswitch_ports")
