"""keep the swarms that hosts are in

Revision: 0026, after 0025.
"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Go up."""
    op.create_table(
        "docker_swarms",
        sa.Column("host_key", _KEY, nullable=False),
        sa.Column("swarm_id", sa.String(25), nullable=False),
        sa.Column("node_id", sa.String(25), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("listen", sa.Text(), nullable=False),
        sa.Column("data_path", sa.Text(), nullable=False),
        sa.Column("remote", sa.Text(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["host_key"],
            ["hosts.key"],
            name="fk_docker_swarms_host_key_hosts",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("host_key", name="pk_docker_swarms"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_docker_swarms_swarm_id", "docker_swarms", ["swarm_id"])


def downgrade() -> None:
    """Go down."""
    op.drop_table("docker_swarms")
