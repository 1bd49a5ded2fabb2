"""keep numbers of vfp

Revision: 0013, after 0012.
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go up: what is there shows its keys."""
    op.add_column("policy_lists", sa.Column("number", sa.BigInteger(), nullable=True))
    op.add_column("vswitch_ports", sa.Column("number", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    """Go down."""
    op.drop_column("vswitch_ports", "number")
    op.drop_column("policy_lists", "number")
