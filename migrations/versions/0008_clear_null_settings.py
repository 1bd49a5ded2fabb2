"""clear null settings

Revision: 0008, after 0007.

Settings that a client sent as null were kept, and shown, as null. The document says object.
"""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

# The answers of endpoints are stored as text. What ends a text inside them is escaped there, so
# that only a policy itself has these members.
_ANSWERS = """
UPDATE endpoints SET document = REPLACE(document, '","Settings":null}', '","Settings":{}}')
WHERE "key" IN (SELECT endpoint_key FROM policies WHERE settings = 'null')
"""
_POLICIES = "UPDATE policies SET settings = '{}' WHERE settings = 'null'"


def upgrade() -> None:
    """Go up."""
    op.get_bind().exec_driver_sql(_ANSWERS)
    op.get_bind().exec_driver_sql(_POLICIES)


def downgrade() -> None:
    """Go down: empty settings are what every version reads."""
