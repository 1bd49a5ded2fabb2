"""note what was told of the health of containers

Revision: 0027, after 0026.
"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go up."""
    op.add_column(
        "docker_containers",
        sa.Column("health", sa.String(16), server_default="none", nullable=False),
    )
    op.create_index(
        "ix_docker_containers_probed",
        "docker_containers",
        ["host_key"],
        sqlite_where=sa.text("health <> 'none'"),
        postgresql_where=sa.text("health <> 'none'"),
    )


def downgrade() -> None:
    """Go down."""
    op.drop_index("ix_docker_containers_probed", "docker_containers")
    with op.batch_alter_table("docker_containers", schema=None) as batch_op:
        batch_op.drop_column("health")
