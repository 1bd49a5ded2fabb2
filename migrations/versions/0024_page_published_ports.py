"""read a page of published ports, however many there are

Revision: 0024, after 0023.
"""

from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go up."""
    op.create_index(
        "ix_nat_rules_mapping_id", "nat_rules", ["host_key", "engine", "mapping_id", "key"]
    )


def downgrade() -> None:
    """Go down."""
    op.drop_index("ix_nat_rules_mapping_id", "nat_rules")
