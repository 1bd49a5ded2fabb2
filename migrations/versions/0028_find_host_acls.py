"""find endpoints that may have Host ACLs

Revision: 0028, after 0027.
"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

_MAY_HAVE_THEM = sa.text(
    "(replace(lower(document), '\"ruletype\":\"switch\"', '') LIKE '%ruletype%'"
    " OR document LIKE '%\\u%' ESCAPE '!')"
)


def upgrade() -> None:
    """Go up."""
    op.create_index(
        "ix_endpoints_host_acls",
        "endpoints",
        ["network_key", "key"],
        sqlite_where=_MAY_HAVE_THEM,
        postgresql_where=_MAY_HAVE_THEM,
    )


def downgrade() -> None:
    """Go down."""
    op.drop_index("ix_endpoints_host_acls", "endpoints")
