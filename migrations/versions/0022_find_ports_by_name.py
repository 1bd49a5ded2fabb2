"""find a switch port by its names, and a page of a network's endpoints, however many there are

Revision: 0022, after 0021.
"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go up."""
    op.create_index(
        "ix_vswitch_ports_vswitch_key_port_id", "vswitch_ports", ["vswitch_key", "port_id"]
    )
    op.drop_index("ix_vswitch_ports_vswitch_key", "vswitch_ports")
    op.create_index(
        "ix_vswitch_ports_named",
        "vswitch_ports",
        ["vswitch_key"],
        sqlite_where=sa.text("friendly_name <> ''"),
        postgresql_where=sa.text("friendly_name <> ''"),
    )
    op.create_index("ix_endpoints_network_key_key", "endpoints", ["network_key", "key"])
    op.drop_index("ix_endpoints_network_key", "endpoints")


def downgrade() -> None:
    """Go down."""
    op.create_index("ix_endpoints_network_key", "endpoints", ["network_key"])
    op.drop_index("ix_endpoints_network_key_key", "endpoints")
    op.drop_index("ix_vswitch_ports_named", "vswitch_ports")
    op.create_index("ix_vswitch_ports_vswitch_key", "vswitch_ports", ["vswitch_key"])
    op.drop_index("ix_vswitch_ports_vswitch_key_port_id", "vswitch_ports")
