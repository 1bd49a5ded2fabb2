"""count the endpoints of networks again

Revision: 0023, after 0022.

A state document that did not say how many endpoints a network has left it at none. Lists and
metrics rely on the number.
"""

from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

_COUNT = """
UPDATE networks SET current_endpoints =
(SELECT COUNT(*) FROM endpoints WHERE endpoints.network_key = networks."key")
"""


def upgrade() -> None:
    """Go up."""
    op.get_bind().exec_driver_sql(_COUNT)


def downgrade() -> None:
    """Go down: a right number is what every version reads."""
