"""keep the files that clients put into containers

Revision: 0031, after 0030.
"""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Go up."""
    op.create_table(
        "docker_files",
        sa.Column("key", _KEY, autoincrement=True, nullable=False),
        sa.Column("container_key", _KEY, nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("modified", sa.BigInteger(), nullable=False),
        sa.Column("read_only", sa.Boolean(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["container_key"],
            ["docker_containers.key"],
            name="fk_docker_files_container_key",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("key", name="pk_docker_files"),
    )
    op.create_index("ix_docker_files_container_key", "docker_files", ["container_key"])


def downgrade() -> None:
    """Go down."""
    op.drop_table("docker_files")
