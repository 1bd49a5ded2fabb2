"""All tables. Facts are stored once; what can be computed is computed.

Ids are GUID text, lower-case with hyphens, unique within a host. Lists that are never queried are
JSON text. FILETIMEs and packed versions are 64-bit integers. Deleting a row takes its parts along.

A column that joins an existing table is marked `added`: databases hold rows of that table already,
and those need a value. `make migration` refuses a NOT NULL column without one.

Indexes over some of the rows of a table are in `partial_indexes.py`.

A table of a host that a state document does not have, as it is its tester's, says so in its `info`:
`is_state` is False. A reset leaves its rows.
"""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from hnsemu.storage import columns

metadata = columns.metadata
_Key, _Guid = columns.Key, columns.Guid
_key, _of = columns.key_column, columns.reference
_text = columns.text_column
_integer = columns.integer_column
_boolean = columns.boolean_column


def _shown_number() -> Column[int]:
    """Return the number that VFP shows of a row, where it is not the key: a state brought it."""
    return Column("number", BigInteger)


def _base() -> list[Column[Any]]:
    """Return what every HCN object carries."""
    return [
        _text("name"),
        _text("owner"),
        _integer("version"),
        _integer("schema_major", 2),
        _integer("schema_minor"),
        _text("additional_params", "{}"),
        Column("activity_id", _Guid, nullable=False, default=""),
        _integer("created"),
        _integer("updated"),
    ]


hosts = Table(
    "hosts",
    metadata,
    _key(),
    Column("name", String(63), nullable=False, unique=True),
    # Its place among the hosts, lowest free one first: default addresses follow from it.
    Column("number", Integer, nullable=False, unique=True),
    Column("release", String(32), nullable=False),
    # Versions that the definition gives the host in place of its release's, as JSON.
    _text("versions", "{}", added=True),
    _text("extensions", "[]", added=True),  # switch extensions that are not Windows' own
    _boolean("azure_vm"),
    _text("dns_servers", "[]"),
    _text("dns_suffix"),
    _integer("management_ip_delay"),  # 100 ns ticks until an external network shows its address
    _integer("next_compartment", 2),
    _integer("next_nat_mapping"),
    # Numbers of notifications count upwards and are never given twice, not even to a host that is
    # made again under this name.
    _integer("last_notification", added=True),
    _integer("created"),
    _integer("started"),  # when HNS last started
    _text("asked", "{}"),  # the definition it was made with, for reset
    # Grows with each change of the journal's settings or the faults; processes compare it with
    # what they believe.
    _integer("watched", added=True),
    sqlite_autoincrement=True,
)

adapters = Table(
    "adapters",
    metadata,
    _key(),
    _of("hosts", "host_key"),
    _integer("position"),
    Column("id", _Guid, nullable=False),
    _text("name"),
    _text("mac"),
    _text("address"),
    _integer("prefix_length"),
    _text("gateway"),
    _boolean("wireless"),
    _text("address6", added=True),  # of IPv6, as are the next two
    _integer("prefix_length6", added=True),
    _text("gateway6", added=True),
    # An adapter is bound to one external switch at the most; a SET team binds several.
    Column("vswitch_key", _Key, ForeignKey("vswitches.key", ondelete="SET NULL")),
    UniqueConstraint("host_key", "name"),
    Index("ix_adapters_address", "address"),  # the underlay finds hosts by it
    Index("ix_adapters_vswitch_key", "vswitch_key"),
)

vswitches = Table(
    "vswitches",
    metadata,
    _key(),
    _of("hosts", "host_key"),
    Column("id", _Guid, nullable=False),
    _text("name"),
    Column("kind", String(16), nullable=False),
    Column("family", String(16), nullable=False, default=""),
    Column("layer_id", _Guid, nullable=False),
    Column("owner_id", _Guid, nullable=False),
    Column("parent_id", _Guid, nullable=False),
    _boolean("by_hns", default=True),
    _text("extensions", "[]"),
    UniqueConstraint("host_key", "id"),
)

networks = Table(
    "networks",
    metadata,
    _key(),
    _of("hosts", "host_key"),
    Column("id", _Guid, nullable=False),
    *_base(),
    Column("mode", String(16), nullable=False),
    Column("type_text", String(32), nullable=False),
    _integer("flags"),
    Column("ipam_type", String(8), nullable=False, default="Static"),
    _text("dns", "{}"),
    _text("adapter_name"),
    Column("vswitch_key", _Key, ForeignKey("vswitches.key"), nullable=False, index=True),
    _text("management_ip"),
    _integer("management_ip_at"),  # FILETIME from which the address shows
    _text("dr_mac"),
    _integer("dns_compartment", added=True),
    _integer("isolation"),
    _boolean("from_hcn", added=True),
    _text("mac_ranges", "[]"),
    _integer("mac_cursor"),
    _integer("mac_seed"),
    _integer("current_endpoints"),
    _integer("max_endpoints"),
    _integer("total_endpoints"),
    UniqueConstraint("host_key", "id"),
    sqlite_autoincrement=True,
)

nat_instances = Table(
    "nat_instances",
    metadata,
    Column("network_key", _Key, ForeignKey("networks.key", ondelete="CASCADE"), primary_key=True),
    Column("engine", String(8), nullable=False),
    Column("allocator_id", _Guid, nullable=False),
    Column("interface_id", _Guid, nullable=False),
    _text("subnet_address"),
    _text("gateway"),
    _integer("prefix_length"),
)

subnets = Table(
    "subnets",
    metadata,
    _key(),
    _of("networks", "network_key", index=True),
    Column("id", _Guid, nullable=False),
    _text("prefix"),
    _text("gateway"),
    _text("routes", "[]"),
    _integer("flags"),
    UniqueConstraint("network_key", "id"),
)

ip_subnets = Table(
    "ip_subnets",
    metadata,
    _key(),
    _of("subnets", "subnet_key", index=True),
    Column("id", _Guid, nullable=False),
    _text("prefix"),
    _integer("flags", 3),
    _integer("cursor"),
    _integer("seed"),
    UniqueConstraint("subnet_key", "id"),
)

endpoints = Table(
    "endpoints",
    metadata,
    _key(),
    _of("hosts", "host_key"),
    Column("id", _Guid, nullable=False),
    *_base(),
    _of("networks", "network_key"),
    _integer("flags"),
    _integer("state", 1),
    _text("mac_address"),
    _text("ip_configurations", "[]"),
    _text("dns", "{}"),
    _text("routes", "[]"),
    _integer("encap_overhead"),
    _text("virtual_machine"),
    _text("shared_containers", "[]"),
    _integer("started"),
    # Which block of ports its source NAT has: one endpoint of the host each, none without.
    Column("nat_block", Integer),
    # The HCN 2 answer, rendered when the endpoint changes: queries are the hot path. A test
    # renders every endpoint again and compares.
    _text("document"),
    UniqueConstraint("host_key", "id"),
    Index("ix_endpoints_host_key_name", "host_key", "name"),
    Index("ix_endpoints_host_key_key", "host_key", "key"),  # a page costs what is on it
    Index("ix_endpoints_network_key_key", "network_key", "key"),
    sqlite_autoincrement=True,
)

vswitch_ports = Table(
    "vswitch_ports",
    metadata,
    _key(),
    _of("vswitches", "vswitch_key"),
    Column("network_key", _Key, ForeignKey("networks.key", ondelete="CASCADE")),
    Column("endpoint_key", _Key, ForeignKey("endpoints.key", ondelete="CASCADE"), unique=True),
    Column("kind", String(16), nullable=False),
    Column("port_id", _Guid, nullable=False),
    Column("nic_id", _Guid, nullable=False),
    Column("interface_id", _Guid, nullable=False),
    Column("allocator_id", _Guid, nullable=False),
    _text("friendly_name"),
    _text("mac"),
    _integer("isolation"),
    _integer("compartment"),
    _boolean("connected", default=True),
    _shown_number(),
    # A network's own ports, which no endpoint has, are found beside those of 100,000 endpoints.
    Index("ix_vswitch_ports_network_key", "network_key", "endpoint_key"),
    Index("ix_vswitch_ports_vswitch_key_port_id", "vswitch_key", "port_id"),
)

# Addresses are hexadecimal text of fixed width (8 digits for IPv4, 32 for IPv6): sortable and
# wide enough. A released row stays until its address is given out again, oldest release first.
# These two are written with every endpoint, so they have few trees: rows are reached by what they
# allocate, and who deletes an endpoint releases them first.
ip_allocations = Table(
    "ip_allocations",
    metadata,
    Column("network_key", _Key, ForeignKey("networks.key", ondelete="CASCADE"), primary_key=True),
    Column("remote", Boolean, primary_key=True),
    Column("address", String(32), primary_key=True),
    Column("ip_subnet_key", _Key),
    Column("endpoint_key", _Key),
    Column("released", BigInteger),  # FILETIME of the machine at the release; NULL while in use
    sqlite_with_rowid=False,
)

mac_allocations = Table(
    "mac_allocations",
    metadata,
    Column("network_key", _Key, ForeignKey("networks.key", ondelete="CASCADE"), primary_key=True),
    Column("mac", BigInteger, primary_key=True),
    Column("endpoint_key", _Key),
    Column("released", BigInteger),
    sqlite_with_rowid=False,
)

namespaces = Table(
    "namespaces",
    metadata,
    _key(),
    _of("hosts", "host_key"),
    Column("id", _Guid, nullable=False),
    *_base(),
    Column("type", String(16), nullable=False),
    _boolean("built_in"),
    _integer("compartment_id"),
    Column("compartment_guid", _Guid, nullable=False, default=""),
    Column("allocator_id", _Guid, nullable=False),
    UniqueConstraint("host_key", "id"),
)

namespace_resources = Table(
    "namespace_resources",
    metadata,
    _key(),
    _of("namespaces", "namespace_key", index=True),
    # Exactly one of the two: an endpoint is in one namespace at the most.
    Column("endpoint_key", _Key, ForeignKey("endpoints.key", ondelete="CASCADE"), unique=True),
    Column("container_id", Text),
    CheckConstraint("(endpoint_key IS NULL) <> (container_id IS NULL)", name="one_resource"),
)

policies = Table(
    "policies",
    metadata,
    _key(),
    # Exactly one owner.
    Column("network_key", _Key, ForeignKey("networks.key", ondelete="CASCADE"), index=True),
    Column("subnet_key", _Key, ForeignKey("subnets.key", ondelete="CASCADE"), index=True),
    Column("endpoint_key", _Key, ForeignKey("endpoints.key", ondelete="CASCADE"), index=True),
    _integer("position"),
    Column("type", String(32), nullable=False),
    _text("settings", "{}"),
    CheckConstraint(
        "(CASE WHEN network_key IS NULL THEN 0 ELSE 1 END"
        " + CASE WHEN subnet_key IS NULL THEN 0 ELSE 1 END"
        " + CASE WHEN endpoint_key IS NULL THEN 0 ELSE 1 END) = 1",
        name="one_owner",
    ),
)

policy_lists = Table(
    "policy_lists",
    metadata,
    _key(),
    _of("hosts", "host_key"),
    Column("id", _Guid, nullable=False),
    *_base(),
    Column("kind", String(16), nullable=False),
    _text("network"),
    _text("source_vip"),
    _text("frontend_vips", "[]"),
    _text("port_mappings", "[]"),
    _text("routes", "[]"),
    _text("policies", "[]"),
    _integer("flags"),
    _shown_number(),
    UniqueConstraint("host_key", "id"),
)

policy_list_references = Table(
    "policy_list_references",
    metadata,
    _of("policy_lists", "policy_list_key"),
    _integer("position"),
    _text("reference"),  # the id, spelled as sent
    Column("endpoint_key", _Key, ForeignKey("endpoints.key", ondelete="CASCADE"), index=True),
    UniqueConstraint("policy_list_key", "position"),
)

# What makes two load balancers equal: Windows answers 0x800700B7 for the second one.
load_balancer_frontends = Table(
    "load_balancer_frontends",
    metadata,
    Column("host_key", _Key, ForeignKey("hosts.key", ondelete="CASCADE"), primary_key=True),
    Column("vip", String(64), primary_key=True),  # "" or "::" for node-port style
    Column("protocol", Integer, primary_key=True),
    Column("external_port", Integer, primary_key=True),
    _of("policy_lists", "policy_list_key", index=True),
)

# What /accelnet of HNS 1 keeps: addresses spelled as sent.
accelnet_macs = Table(
    "accelnet_macs",
    metadata,
    Column("host_key", _Key, ForeignKey("hosts.key", ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, primary_key=True),
    _text("mac"),
)

# Published ports: WinNAT static mappings on NAT networks, VFP NAT rules elsewhere. The chosen
# external port is a fact (0 asks HNS to choose), and it is taken for the whole host.
nat_rules = Table(
    "nat_rules",
    metadata,
    _key(),
    _of("hosts", "host_key"),
    _of("endpoints", "endpoint_key", index=True),
    Column("engine", String(8), nullable=False),
    _integer("mapping_id"),
    Column("protocol", Integer, nullable=False),
    _boolean("ipv6"),
    Column("vip", String(64), nullable=False, default=""),
    Column("external_port", Integer, nullable=False),
    _text("internal_address"),
    Column("internal_port", Integer, nullable=False),
    UniqueConstraint("host_key", "protocol", "ipv6", "vip", "external_port"),
    Index("ix_nat_rules_mapping_id", "host_key", "engine", "mapping_id", "key"),  # for pages
)

guest_network_services = Table(
    "guest_network_services",
    metadata,
    _key(),
    _of("hosts", "host_key"),
    Column("id", _Guid, nullable=False),
    *_base(),
    Column("state", String(16), nullable=False),
    Column("virtual_machine_id", _Guid, nullable=False, default=""),
    _boolean("mirrors_host"),
    _text("rpc", "{}"),
    _integer("flags"),
    UniqueConstraint("host_key", "id"),
)

mirrored_interfaces = Table(
    "mirrored_interfaces",
    metadata,
    _key(),
    _of("guest_network_services", "service_key", index=True),
    _of("endpoints", "endpoint_key", index=True),
    Column("interface_guid", _Guid, nullable=False, default=""),
    Column("state", String(16), nullable=False),
    _integer("missed"),
    UniqueConstraint("service_key", "endpoint_key"),
)

# Which of them exclude each other depends on protocol, access and time; the host lock makes the
# look and the insert one.
port_reservations = Table(
    "port_reservations",
    metadata,
    _key(),
    _of("hosts", "host_key"),
    Column("id", _Guid, nullable=False),
    _of("guest_network_services", "service_key", index=True),
    Column("protocol", Integer, nullable=False),
    Column("access", Integer, nullable=False),
    Column("start_port", Integer, nullable=False),
    Column("end_port", Integer, nullable=False),
    _integer("lease"),  # seconds, 0 for ever
    _integer("expires"),  # FILETIME, 0 for never
    UniqueConstraint("host_key", "id"),
)

# Counters move only when a trace is asked to count.
endpoint_counters = Table(
    "endpoint_counters",
    metadata,
    Column("endpoint_key", _Key, ForeignKey("endpoints.key", ondelete="CASCADE"), primary_key=True),
    _integer("bytes_received"),
    _integer("bytes_sent"),
    _integer("packets_received"),
    _integer("packets_sent"),
    _integer("dropped_packets_incoming"),
    _integer("dropped_packets_outgoing"),
)

rule_counters = Table(
    "rule_counters",
    metadata,
    _key(),
    _of("hosts", "host_key"),
    Column("endpoint_key", _Key, ForeignKey("endpoints.key", ondelete="CASCADE"), index=True),
    Column("port_id", _Guid, nullable=False),
    _text("layer"),
    _text("group_id"),
    _text("rule"),
    _integer("matched"),
    _integer("dropped"),
    UniqueConstraint("host_key", "port_id", "layer", "group_id", "rule"),
)

# What HNS told, oldest first; old rows go (HNSEMU_NOTIFICATIONS_KEPT).
notifications = Table(
    "notifications",
    metadata,
    Column("host_key", _Key, ForeignKey("hosts.key", ondelete="CASCADE"), primary_key=True),
    Column("number", BigInteger, primary_key=True),
    Column("type", BigInteger, nullable=False),
    _text("subject"),  # on which handles it is heard; "" for those of the service
    _text("data", "{}"),
    sqlite_with_rowid=False,
)

# Named states, of the host's tester: a reset leaves them, they go with the host.
snapshots = Table(
    "snapshots",
    metadata,
    _key(),
    _of("hosts", "host_key"),
    Column("name", String(64), nullable=False),
    _integer("created"),
    _integer("networks"),
    _integer("endpoints"),
    _text("state", "{}"),  # a state document as JSON
    UniqueConstraint("host_key", "name"),
    info={"is_state": False},
)

# One row at the most: the highest number of a notification that a removed host had given.
notification_numbers = Table(
    "notification_numbers",
    metadata,
    _key(),
    _integer("used"),
)

# One row at the most: how far the hosts' time is from the machine's, or where it stands.
clock = Table(
    "clock",
    metadata,
    _key(),
    _integer("version"),  # grows with each change
    _integer("offset"),  # 100 ns ticks
    Column("frozen_at", BigInteger),  # FILETIME; NULL while it runs
)

# The journal of a host that ever had one; its key is the host's. A reset leaves its numbers.
journals = Table(
    "journals",
    metadata,
    Column("key", _Key, ForeignKey("hosts.key", ondelete="CASCADE"), primary_key=True),
    _boolean("enabled"),
    _integer("most_calls"),
    _integer("most_bytes"),
    _integer("most_body"),
    _integer("last_number"),
    # Up to here a process of SQLite may have given numbers to calls that it has not stored yet.
    _integer("reserved"),
    _integer("cleared"),  # calls up to this number were removed on demand
    _integer("lost"),  # calls up to this number were removed for want of room, or never stored
    _integer("bytes"),
    _integer("waited_until"),  # FILETIME until which somebody waits for calls
    sqlite_with_rowid=False,
    info={"is_state": False},  # it says what programs did, not what the host is
)

# One call of a program each, in the order of the answers; those that last are there from the head.
calls = Table(
    "calls",
    metadata,
    Column("journal_key", _Key, ForeignKey("journals.key", ondelete="CASCADE"), primary_key=True),
    Column("number", BigInteger, primary_key=True),
    _boolean("running"),
    # Seconds since 1970 until which its process is sure to be alive, by the clock of PostgreSQL; on
    # SQLite 0 when the process was killed. NULL where nothing can go wrong.
    Column("sure_until", BigInteger),
    _integer("started"),  # FILETIME
    _integer("microseconds"),
    _text("operation"),
    _text("method"),
    _text("path"),
    _integer("status"),
    Column("hresult", BigInteger),  # NULL where the door has none
    _text("request"),
    _integer("request_size"),
    _boolean("request_cut"),
    _text("answer"),
    _integer("answer_size"),
    _boolean("answer_cut"),
    _text("changes", "[]"),
    _text("client", "{}"),
    _text("fault"),
    _integer("bytes"),
    sqlite_with_rowid=False,
    info={"is_state": False},
)

# A rule by which calls of a host fail, and what it has seen.
faults = Table(
    "faults",
    metadata,
    _key(),
    _of("hosts", "host_key", index=True),
    _text("rule"),
    _integer("seen"),
    _integer("hits"),
    _boolean("armed"),
    _integer("expires"),  # FILETIME, 0 for never
    sqlite_autoincrement=True,
    info={"is_state": False},
)
