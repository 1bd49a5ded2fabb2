"""The tables of Docker's daemon, one daemon for each host. They go with their host.

Docker's ids are 64 hexadecimal digits, unique within a host; those of HNS are GUIDs. Documents that
are never queried are JSON text. Times are FILETIMEs, 0 for never.
"""

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
)

from hnsemu.storage.columns import (
    Guid,
    Key,
    boolean_column,
    integer_column,
    key_column,
    metadata,
    reference,
    text_column,
)

_Id = String(64)

# Indexes are over these rows (`partial_indexes.py`), and the planner knows each by these words.
ACTIVE = "endpoint_id <> ''"
"""Connections whose endpoint is there: their container runs."""
STARTED = "status <> 'created'"
"""Containers that have run."""
PROBED = "health <> 'none'"
"""Containers that run and have a health check."""


def _host_key() -> Column[int]:
    return Column("host_key", Key, ForeignKey("hosts.key", ondelete="CASCADE"), primary_key=True)


# A row for each host on which Docker has started.
docker_daemons = Table(
    "docker_daemons",
    metadata,
    _host_key(),
    Column("id", Guid, nullable=False),
    integer_column("started"),
    integer_column("last_event"),
    sqlite_with_rowid=False,
)

docker_networks = Table(
    "docker_networks",
    metadata,
    key_column(),
    reference("hosts", "host_key"),
    Column("id", _Id, nullable=False),
    text_column("name"),
    text_column("driver"),
    Column("hns_id", Guid, nullable=False, default=""),  # "" for none and config-only networks
    integer_column("created"),
    boolean_column("internal"),
    boolean_column("attachable"),
    boolean_column("config_only"),
    text_column("config_from"),
    text_column("ipam", "{}"),
    text_column("options", "{}"),
    text_column("labels", "{}"),
    UniqueConstraint("host_key", "id"),
    UniqueConstraint("host_key", "name"),
)

docker_images = Table(
    "docker_images",
    metadata,
    key_column(),
    reference("hosts", "host_key"),
    Column("id", String(71), nullable=False),  # sha256:<64 hexadecimal digits>
    integer_column("created"),
    integer_column("size"),
    text_column("config", "{}"),
    integer_column("last_tagged", added=True),
    UniqueConstraint("host_key", "id"),
)

docker_image_tags = Table(
    "docker_image_tags",
    metadata,
    _host_key(),
    Column("reference", String(512), primary_key=True),  # normalised: docker.io/library/web:latest
    reference("docker_images", "image_key", index=True),
    sqlite_with_rowid=False,
)

docker_containers = Table(
    "docker_containers",
    metadata,
    key_column(),
    reference("hosts", "host_key"),
    Column("id", _Id, nullable=False),
    text_column("name"),
    integer_column("created"),
    text_column("image"),  # as the client wrote it
    Column("image_id", String(71), nullable=False, default=""),
    text_column("config", "{}"),
    text_column("host_config", "{}"),
    Column("status", String(16), nullable=False, default="created"),
    integer_column("exit_code"),
    text_column("error"),
    integer_column("pid"),
    integer_column("started"),
    integer_column("finished"),
    integer_column("restarts"),
    boolean_column("stopped_by_hand"),  # unless-stopped asks for it
    text_column("ports", "{}"),  # NetworkSettings.Ports as published now
    text_column("inherited", "[]", added=True),  # what it mounts of the containers of VolumesFrom
    text_column("summary", added=True),  # as lists show it (docs/adr/0008); "" if not rendered yet
    Column(
        "health", String(16), nullable=False, default="none", server_default="none"
    ),  # as told last
    UniqueConstraint("host_key", "id"),
    UniqueConstraint("host_key", "name"),
)

# Networks are named, not referenced: a stopped container may be connected to one that is not there.
docker_endpoints = Table(
    "docker_endpoints",
    metadata,
    key_column(),
    reference("hosts", "host_key", index=True),
    reference("docker_containers", "container_key"),
    integer_column("position"),
    text_column("network"),  # its name, the key in NetworkSettings.Networks
    Column("network_id", _Id, nullable=False, default=""),
    text_column("settings", "{}"),  # what the user said
    # What there is while the container runs.
    Column("endpoint_id", _Id, nullable=False, default=""),
    Column("hns_id", Guid, nullable=False, default=""),
    text_column("mac_address"),
    text_column("ip_address"),
    integer_column("prefix_length"),
    text_column("gateway"),
    text_column("dns_names", "[]"),
    text_column("ports", "[]"),  # what is published on this network
    UniqueConstraint("container_key", "network"),
)

docker_execs = Table(
    "docker_execs",
    metadata,
    key_column(),
    reference("hosts", "host_key"),
    reference("docker_containers", "container_key", index=True),
    Column("id", _Id, nullable=False),
    text_column("config", "{}"),
    boolean_column("running"),
    Column("exit_code", BigInteger),  # NULL until it ended; Windows' codes have 32 bits
    integer_column("pid"),
    UniqueConstraint("host_key", "id"),
)

docker_logs = Table(
    "docker_logs",
    metadata,
    key_column(),
    reference("docker_containers", "container_key"),
    integer_column("time"),
    Column("stream", Integer, nullable=False),  # 1 stdout, 2 stderr
    text_column("line"),
    Index("ix_docker_logs_container_key_key", "container_key", "key"),
)

# What clients put into containers by docker cp; contents are Base64.
docker_files = Table(
    "docker_files",
    metadata,
    key_column(),
    reference("docker_containers", "container_key", index=True),
    text_column("path"),
    Column("kind", String(8), nullable=False),  # file, folder or link
    text_column("content"),
    integer_column("modified"),
    boolean_column("read_only"),
    text_column("target"),  # of a link
)

# A ring: the oldest go.
docker_events = Table(
    "docker_events",
    metadata,
    _host_key(),
    Column("number", BigInteger, primary_key=True),
    integer_column("time"),
    Column("type", String(16), nullable=False),
    text_column("action"),
    text_column("actor"),  # the id of the object
    text_column("attributes", "{}"),
    sqlite_with_rowid=False,
)

docker_volumes = Table(
    "docker_volumes",
    metadata,
    _host_key(),
    Column("name", String(255), primary_key=True),
    integer_column("created"),
    text_column("labels", "null"),
    text_column("options", "null"),
    sqlite_with_rowid=False,
)

# A host's place in a swarm, and what the swarm's managers keep, each a copy of its own.
docker_swarms = Table(
    "docker_swarms",
    metadata,
    _host_key(),
    Column("swarm_id", String(25), nullable=False, index=True),
    Column("node_id", String(25), nullable=False),
    text_column("address"),
    text_column("listen"),
    text_column("data_path"),
    text_column("remote"),
    text_column("record", "null"),  # null for a worker
    sqlite_with_rowid=False,
)
