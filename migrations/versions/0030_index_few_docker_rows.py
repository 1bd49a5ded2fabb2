"""keep containers and connections of Docker that never ran out of the indexes that look for others

Revision: 0030, after 0029.
"""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

_STARTED, _ACTIVE = sa.text("status <> 'created'"), sa.text("endpoint_id <> ''")


def upgrade() -> None:
    """Go up."""
    op.drop_index("ix_docker_networks_host_key_hns_id", "docker_networks")
    op.drop_index("ix_docker_containers_host_key_status", "docker_containers")
    for columns in ("host_key_hns_id", "host_key_network_id", "container_key"):
        op.drop_index(f"ix_docker_endpoints_{columns}", "docker_endpoints")
    op.create_index(
        "ix_docker_containers_started",
        "docker_containers",
        ["host_key", "status"],
        sqlite_where=_STARTED,
        postgresql_where=_STARTED,
    )
    op.create_index("ix_docker_endpoints_host_key", "docker_endpoints", ["host_key"])
    op.create_index(
        "ix_docker_endpoints_active",
        "docker_endpoints",
        ["network_id", "host_key"],
        sqlite_where=_ACTIVE,
        postgresql_where=_ACTIVE,
    )


def downgrade() -> None:
    """Go down."""
    op.drop_index("ix_docker_endpoints_active", "docker_endpoints")
    op.drop_index("ix_docker_endpoints_host_key", "docker_endpoints")
    op.drop_index("ix_docker_containers_started", "docker_containers")
    for columns in (["host_key", "hns_id"], ["host_key", "network_id"], ["container_key"]):
        name = f"ix_docker_endpoints_{'_'.join(columns)}"
        op.create_index(name, "docker_endpoints", columns)
    op.create_index(
        "ix_docker_containers_host_key_status", "docker_containers", ["host_key", "status"]
    )
    op.create_index("ix_docker_networks_host_key_hns_id", "docker_networks", ["host_key", "hns_id"])
