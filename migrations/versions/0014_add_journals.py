"""add journals of hosts and the calls in them

Revision: 0014, after 0013.
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go up."""
    op.create_table(
        "journals",
        sa.Column("key", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("most_calls", sa.BigInteger(), nullable=False),
        sa.Column("most_bytes", sa.BigInteger(), nullable=False),
        sa.Column("most_body", sa.BigInteger(), nullable=False),
        sa.Column("last_number", sa.BigInteger(), nullable=False),
        sa.Column("reserved", sa.BigInteger(), nullable=False),
        sa.Column("cleared", sa.BigInteger(), nullable=False),
        sa.Column("lost", sa.BigInteger(), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("waited_until", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["key"], ["hosts.key"], name=op.f("fk_journals_key"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_journals")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "calls",
        sa.Column(
            "journal_key", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("running", sa.Boolean(), nullable=False),
        sa.Column("started", sa.BigInteger(), nullable=False),
        sa.Column("microseconds", sa.BigInteger(), nullable=False),
        sa.Column("operation", sa.Text(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("status", sa.BigInteger(), nullable=False),
        sa.Column("hresult", sa.BigInteger(), nullable=True),
        sa.Column("request", sa.Text(), nullable=False),
        sa.Column("request_size", sa.BigInteger(), nullable=False),
        sa.Column("request_cut", sa.Boolean(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answer_size", sa.BigInteger(), nullable=False),
        sa.Column("answer_cut", sa.Boolean(), nullable=False),
        sa.Column("changes", sa.Text(), nullable=False),
        sa.Column("client", sa.Text(), nullable=False),
        sa.Column("fault", sa.Text(), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["journal_key"], ["journals.key"], name=op.f("fk_calls_journal_key"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("journal_key", "number", name=op.f("pk_calls")),
        sqlite_with_rowid=False,
    )
    op.add_column(
        "hosts", sa.Column("watched", sa.BigInteger(), server_default="0", nullable=False)
    )


def downgrade() -> None:
    """Go down."""
    op.drop_column("hosts", "watched")
    op.drop_table("calls")
    op.drop_table("journals")
