"""note lost calls

Revision: 0019, after 0018.
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go up. A call that still runs is of a process of before, which is gone."""
    op.add_column("calls", sa.Column("sure_until", sa.BigInteger(), nullable=True))
    op.execute("UPDATE calls SET sure_until = 0 WHERE running")


def downgrade() -> None:
    """Go down."""
    with op.batch_alter_table("calls", schema=None) as batch_op:
        batch_op.drop_column("sure_until")
