"""keep summaries of containers

Revision: 0012, after 0011.

Containers of before are rendered for each list until they change.
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go up."""
    op.add_column(
        "docker_containers", sa.Column("summary", sa.Text(), server_default="", nullable=False)
    )


def downgrade() -> None:
    """Go down."""
    op.drop_column("docker_containers", "summary")
