"""add snapshots

Revision: 0015, after 0014.
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Go up."""
    op.create_table(
        "snapshots",
        sa.Column("key", _KEY, autoincrement=True, nullable=False),
        sa.Column("host_key", _KEY, nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.Column("networks", sa.BigInteger(), nullable=False),
        sa.Column("endpoints", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["host_key"], ["hosts.key"], ondelete="CASCADE",
                                name=op.f("fk_snapshots_host_key")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_snapshots")),
        sa.UniqueConstraint("host_key", "name", name=op.f("uq_snapshots_host_key_name")),
    )  # fmt: skip


def downgrade() -> None:
    """Go down."""
    op.drop_table("snapshots")
