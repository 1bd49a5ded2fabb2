"""note the mounts that containers take of others, and when images were tagged

Revision: 0021, after 0020.
"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go up."""
    op.add_column(
        "docker_containers", sa.Column("inherited", sa.Text(), server_default="[]", nullable=False)
    )
    op.add_column(
        "docker_images",
        sa.Column("last_tagged", sa.BigInteger(), server_default="0", nullable=False),
    )


def downgrade() -> None:
    """Go down."""
    with op.batch_alter_table("docker_images", schema=None) as batch_op:
        batch_op.drop_column("last_tagged")
    with op.batch_alter_table("docker_containers", schema=None) as batch_op:
        batch_op.drop_column("inherited")
