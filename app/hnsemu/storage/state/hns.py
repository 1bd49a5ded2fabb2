"""The nouns of HNS in a state document, one for each table of a host."""

from hnsemu.domain.endpoints import EndpointState
from hnsemu.domain.guestnetworkservices import ServiceState
from hnsemu.domain.hosts import read_definition
from hnsemu.domain.namespaces import NamespaceType
from hnsemu.domain.network_types import Mode, SwitchKind
from hnsemu.domain.notifications import HcnNotification
from hnsemu.domain.policylists import PolicyListKind
from hnsemu.domain.portreservations import PortAccess, PortProtocol
from hnsemu.domain.releases import RELEASES
from hnsemu.domain.state import shapes
from hnsemu.domain.state.shapes import (
    GUID,
    GUID_OR_NONE,
    TIME,
    Boolean,
    Choice,
    Columns,
    HexAddress,
    Integer,
    Json,
    JsonText,
    List,
    NumberedMac,
    Record,
    Shape,
    Stored,
    Text,
)
from hnsemu.storage import tables
from hnsemu.storage.nouns import Member, Noun, Reference

_TEXT, _NUMBER, _BOOLEAN = Text(), Integer(), Boolean()
_SHOWN_NUMBER = Integer(1, 2**53 - 1, "What VFP shows of it.")
_VERSION: Shape = List(Integer(0, 65_535), length=2)
_WORD = Text(longest=65_536)  # as in the definition of a host
_PROTOCOL = Integer(0, 256)
_NAMES = List(Text())
_EXTENSIONS = List(
    Record({"id": GUID, "name": _WORD, "enabled": _BOOLEAN}, required=("id", "name"))
)
_DEFINITION = Record(
    {
        "release": Choice(list(RELEASES)),
        "variant": _WORD,
        "hns_version": _VERSION,
        "build": _NUMBER,
        "schema_version": _VERSION,
        "adapters": List(
            Record(
                {
                    **dict.fromkeys(
                        ("name", "mac", "address", "gateway", "address6", "gateway6"), _WORD
                    ),
                    "wireless": _BOOLEAN,
                },
                required=("name",),
            )
        ),
        "external_switches": List(
            Record({"name": _WORD, "adapters": List(_WORD)}, required=("name", "adapters"))
        ),
        "extensions": _EXTENSIONS,
        "azure_vm": _BOOLEAN,
        "management_ip_delay": _NUMBER,
        "dns_servers": List(_WORD),
        "dns_suffix": _WORD,
        "docker": _BOOLEAN,
        "docker_bridge": _WORD,
        "docker_fixed_cidr": _WORD,
        "journal": _BOOLEAN,
    }
)
_DNS = Record({"domain": _TEXT, "search": _NAMES, "server_list": _NAMES, "options": _NAMES})
_ROUTE: dict[str, Shape] = {"next_hop": _TEXT, "destination_prefix": _TEXT, "metric": _NUMBER}


def _texts(*columns: str) -> list[Member]:
    return [Member(column, _TEXT) for column in columns]


def _numbers(*columns: str) -> list[Member]:
    return [Member(column, _NUMBER) for column in columns]


_BASE = [
    Member("id", GUID),
    *_texts("name", "owner"),
    *_numbers("version", "schema_major", "schema_minor"),
    Member("additional_params", JsonText((dict, list, str, int, float, bool, type(None)))),
    Member("activity_id", GUID_OR_NONE),
    Member("created", TIME),
    Member("updated", TIME),
]

HOST = Noun(
    "host",
    tables.hosts,
    [
        Member("release", Choice(list(RELEASES))),
        Member(
            "versions",
            Stored(Record({"hns": _VERSION, "schema": _VERSION, "build": _NUMBER})),
        ),
        Member("extensions", Stored(_EXTENSIONS)),
        Member("azure_vm", _BOOLEAN),
        Member("dns_servers", Stored(_NAMES)),
        *_texts("dns_suffix"),
        *_numbers("management_ip_delay", "next_compartment", "next_nat_mapping"),
        Member(
            "number",
            Integer(0, 2**31 - 1, "Its place among the hosts, if that is free."),
            is_optional=True,
        ),
        Member("created", TIME),
        Member("started", TIME),
        Member("asked", Stored(_DEFINITION, read_definition), "definition"),
    ],
    derived=("name", "last_notification", "watched"),
    is_single=True,
)


def _policies(owner: str) -> Noun:
    return Noun(
        "policies",
        tables.policies,
        [Member("type", _TEXT), Member("settings", JsonText())],
        parent=f"{owner}_key",
        position="position",
    )


_ALLOCATION = [Member("released", TIME)]
_ADDRESS = [
    Member("address", HexAddress()),
    Member("remote", _BOOLEAN, default=False),
    *_ALLOCATION,
]
_ENDPOINT = Reference("endpoint", "endpoint_key", "endpoints")
_OLD_ENDPOINT = Reference("endpoint", "endpoint_key", "endpoints", is_loose=True)

_SUBNETS = Noun(
    "subnets",
    tables.subnets,
    [
        Member("id", GUID),
        Member("prefix", shapes.PREFIX),
        Member("gateway", shapes.ADDRESS_OR_NONE),
        Member("routes", Stored(List(Record(_ROUTE)))),
        *_numbers("flags"),
    ],
    parent="network_key",
    parts=[
        _policies("subnet"),
        Noun(
            "ip_subnets",
            tables.ip_subnets,
            [
                Member("id", GUID),
                Member("prefix", shapes.PREFIX),
                *_numbers("flags", "cursor", "seed"),
            ],
            parent="subnet_key",
            parts=[
                Noun(
                    "addresses",
                    tables.ip_allocations,
                    _ADDRESS,
                    [_OLD_ENDPOINT],
                    parent="ip_subnet_key",
                    ancestors=(("network_key", "networks"),),
                )
            ],
        ),
    ],
)

_NETWORKS = Noun(
    "networks",
    tables.networks,
    [
        *_BASE,
        Member("mode", Choice([str(mode) for mode in Mode])),
        Member("type_text", _TEXT),
        *_numbers("flags"),
        Member("ipam_type", _TEXT),
        Member("dns", Stored(_DNS)),
        *_texts("adapter_name"),
        Member("management_ip", shapes.ADDRESS_OR_NONE),
        Member("management_ip_at", TIME),
        *_texts("dr_mac"),
        *_numbers("dns_compartment", "isolation"),
        Member("from_hcn", _BOOLEAN),
        Member("mac_ranges", Stored(List(Columns({"start": (_TEXT, ""), "end": (_TEXT, "")})))),
        *_numbers("mac_cursor", "mac_seed"),
        *_numbers("current_endpoints", "max_endpoints", "total_endpoints"),
    ],
    [Reference("switch", "vswitch_key", "vswitches")],
    [
        _policies("network"),
        _SUBNETS,
        Noun(
            "nat",
            tables.nat_instances,
            [
                Member("engine", Choice(["WinNAT", "ICS"])),
                Member("allocator_id", GUID),
                Member("interface_id", GUID),
                *_texts("subnet_address", "gateway"),
                Member("prefix_length", Integer(0, 128)),
            ],
            parent="network_key",
            is_single=True,
        ),
        Noun(
            "addresses",
            tables.ip_allocations,
            _ADDRESS,
            [_OLD_ENDPOINT],
            parent="network_key",
            without="ip_subnet_key",
            without_table="ip_subnets",
        ),
        Noun(
            "macs",
            tables.mac_allocations,
            [Member("mac", NumberedMac()), *_ALLOCATION],
            [_OLD_ENDPOINT],
            parent="network_key",
        ),
    ],
)

_ENDPOINTS = Noun(
    "endpoints",
    tables.endpoints,
    [
        *_BASE,
        *_numbers("flags"),
        Member("state", Choice([int(state) for state in EndpointState])),
        *_texts("mac_address"),
        Member(
            "ip_configurations",
            Stored(
                List(
                    Columns(
                        {
                            "ip_address": (shapes.ADDRESS, ""),
                            "prefix_length": (Integer(0, 128), 0),
                            "ip_subnet_id": (GUID_OR_NONE, ""),
                        }
                    )
                )
            ),
        ),
        Member("dns", Stored(_DNS)),
        Member(
            "routes",
            Stored(
                List(
                    Columns(
                        {
                            name: (shape, 0 if shape is _NUMBER else "")
                            for name, shape in _ROUTE.items()
                        }
                    )
                )
            ),
        ),
        *_numbers("encap_overhead"),
        *_texts("virtual_machine"),
        Member("shared_containers", Stored(_NAMES)),
        Member("started", TIME),
        Member("nat_block", Integer(0, 2**31 - 1)),
    ],
    [Reference("network", "network_key", "networks")],
    [
        _policies("endpoint"),
        Noun(
            "counters",
            tables.endpoint_counters,
            _numbers(
                "bytes_received",
                "bytes_sent",
                "packets_received",
                "packets_sent",
                "dropped_packets_incoming",
                "dropped_packets_outgoing",
            ),
            parent="endpoint_key",
            is_single=True,
        ),
    ],
    derived=("document",),
)

_PORT_MAPPING = {
    name: (Integer(0, 2**32 - 1), 0)
    for name in ("protocol", "internal_port", "external_port", "distribution_type", "flags")
}
_SDN_ROUTE: dict[str, tuple[Shape, Json]] = {
    "destination_prefix": (_TEXT, ""),
    "next_hop": (_TEXT, ""),
    "need_encap": (_BOOLEAN, False),
    "automatic_endpoint_monitor": (_BOOLEAN, False),
}

_POLICY_LISTS = Noun(
    "policy_lists",
    tables.policy_lists,
    [
        *_BASE,
        Member("kind", Choice([str(kind) for kind in PolicyListKind])),
        *_texts("network", "source_vip"),
        Member("frontend_vips", Stored(_NAMES)),
        Member("port_mappings", Stored(List(Columns(_PORT_MAPPING)))),
        Member("routes", Stored(List(Columns(_SDN_ROUTE)))),
        Member("policies", Stored(List(JsonText()))),
        *_numbers("flags"),
        Member("number", _SHOWN_NUMBER, or_key=True),
    ],
    parts=[
        Noun(
            "references",
            tables.policy_list_references,
            _texts("reference"),
            [_ENDPOINT],
            parent="policy_list_key",
            position="position",
        ),
        Noun(
            "frontends",
            tables.load_balancer_frontends,
            [
                Member("vip", _TEXT),
                Member("protocol", Integer(0, 2**31 - 1)),
                Member("external_port", Integer(0, 2**31 - 1)),
            ],
            parent="policy_list_key",
        ),
    ],
)

_SERVICES = Noun(
    "guest_network_services",
    tables.guest_network_services,
    [
        *_BASE,
        Member("state", Choice([str(state) for state in ServiceState])),
        Member("virtual_machine_id", GUID_OR_NONE),
        Member("mirrors_host", _BOOLEAN),
        Member("rpc", JsonText()),
        *_numbers("flags"),
    ],
    parts=[
        Noun(
            "interfaces",
            tables.mirrored_interfaces,
            [
                Member("interface_guid", GUID_OR_NONE),
                *_texts("state"),
                *_numbers("missed"),
            ],
            [_ENDPOINT],
            parent="service_key",
        ),
    ],
)

NOUNS = (
    HOST,
    Noun(
        "switches",
        tables.vswitches,
        [
            Member("id", GUID),
            *_texts("name"),
            Member("kind", Choice([str(kind) for kind in SwitchKind])),
            *_texts("family"),
            Member("layer_id", GUID),
            Member("owner_id", GUID),
            Member("parent_id", GUID),
            Member("by_hns", _BOOLEAN),
            Member(
                "extensions",
                Stored(List(Columns({"id": (GUID, ""), "enabled": (_BOOLEAN, False)}))),
            ),
        ],
        parts=[
            Noun(
                "ports",
                tables.vswitch_ports,
                [
                    Member("kind", _TEXT),
                    Member("port_id", GUID),
                    Member("nic_id", GUID),
                    Member("interface_id", GUID),
                    Member("allocator_id", GUID),
                    *_texts("friendly_name", "mac"),
                    *_numbers("isolation", "compartment"),
                    Member("connected", _BOOLEAN),
                    Member("number", _SHOWN_NUMBER, or_key=True),
                ],
                [Reference("network", "network_key", "networks"), _ENDPOINT],
                parent="vswitch_key",
            )
        ],
    ),
    Noun(
        "adapters",
        tables.adapters,
        [
            Member("id", GUID),
            Member("name", _WORD),
            Member("mac", _WORD),
            Member("address", shapes.ADDRESS_OR_NONE),
            Member("prefix_length", Integer(0, 32)),
            Member("gateway", shapes.ADDRESS_OR_NONE),
            Member("wireless", _BOOLEAN),
            Member("address6", shapes.ADDRESS_OR_NONE),
            Member("prefix_length6", Integer(0, 128)),
            Member("gateway6", shapes.ADDRESS_OR_NONE),
        ],
        [Reference("switch", "vswitch_key", "vswitches")],
        position="position",
    ),
    _NETWORKS,
    _ENDPOINTS,
    Noun(
        "namespaces",
        tables.namespaces,
        [
            *_BASE,
            Member("type", Choice([str(kind) for kind in NamespaceType])),
            Member("built_in", _BOOLEAN),
            *_numbers("compartment_id"),
            Member("compartment_guid", GUID_OR_NONE),
            Member("allocator_id", GUID),
        ],
        parts=[
            Noun(
                "resources",
                tables.namespace_resources,
                [Member("container_id", _TEXT, "container")],
                [_ENDPOINT],
                parent="namespace_key",
            )
        ],
    ),
    _POLICY_LISTS,
    Noun("accelnet_macs", tables.accelnet_macs, _texts("mac"), position="position"),
    Noun(
        "nat_rules",
        tables.nat_rules,
        [
            Member("engine", _TEXT),
            *_numbers("mapping_id"),
            Member("protocol", _PROTOCOL),
            Member("ipv6", _BOOLEAN),
            Member("vip", _TEXT),
            Member("external_port", shapes.PORT),
            Member("internal_address", shapes.ADDRESS_OR_NONE),
            Member("internal_port", shapes.PORT),
        ],
        [_ENDPOINT],
    ),
    _SERVICES,
    Noun(
        "port_reservations",
        tables.port_reservations,
        [
            Member("id", GUID),
            Member("protocol", Choice(sorted(map(int, PortProtocol.__members__.values())))),
            Member("access", Choice([int(access) for access in PortAccess])),
            Member("start_port", shapes.PORT),
            Member("end_port", shapes.PORT),
            *_numbers("lease", "expires"),
        ],
        [Reference("guest_network_service", "service_key", "guest_network_services")],
    ),
    Noun(
        "rule_counters",
        tables.rule_counters,
        [
            Member("port_id", GUID),
            *_texts("layer", "group_id", "rule"),
            *_numbers("matched", "dropped"),
        ],
        [_ENDPOINT],
    ),
    Noun(
        "notifications",
        tables.notifications,
        [
            Member("type", Choice([int(kind) for kind in HcnNotification])),
            *_texts("subject"),
            Member("data", JsonText()),
        ],
        counter=(tables.hosts, "last_notification"),
        is_heard=True,
    ),
)
"""In the order in which rows can be written: what a row names comes before it."""
