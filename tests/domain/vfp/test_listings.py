"""The text of vfpctrl: what its parsers rely on, on the ports of an overlay as dumps show them."""

import re

import pytest

from hnsemu.domain.vfp.model import PortKind, VfpPort
from hnsemu.domain.vfp.text.commands import COMMANDS, print_port, print_ports
from hnsemu.errors import HnsError
from hnsemu.services.dataplane import vfp as data_plane
from hnsemu.storage.database import Database
from tests.scenarios.lab import Lab, acl, peered_overlays, policy

# Source: dataplane.md section 4.1 [O]: layer, priority, flags, in the order of the listing.
CONTAINER = [
    ("LB_DSR", 7, 0x1),
    ("ACL_ENDPOINT_LAYER", 15, 0x0),
    ("VNET_ENCAP_LAYER", 40, 0x4),
    ("SLB_NAT_LAYER", 50, 0x9),
    ("SLB_DECAP_LAYER_STATEFUL", 100, 0x9),
    ("VNET_PA_ROUTE_LAYER", 2000, 0x1),
]
HOST = [
    ("LB", 300, 0x1),
    ("ENCAP", 500, 0x1),
    ("DECAP_IN", 600, 0x1),
    ("SLB_LB_LAYER", 700, 0x1),
    ("VNET_PA_ROUTE_LAYER", 2000, 0x1),
    ("SLB_HAIRPIN_LAYER", 101, 0x3),
]
ROUTER = [
    ("VNET_ENCAP_LAYER", 40, 0x4),
    ("VNET_PA_ROUTE_LAYER", 2000, 0x1),
    ("REMOTESUBNETROUTE_HAIRPIN_LAYER", 35, 0x3),
]


@pytest.fixture(params=["ws2022", "ws2025"])
def ports(request: pytest.FixtureRequest, database: Database) -> dict[PortKind, VfpPort]:
    """Return one port of each kind on an overlay node with a service and an ACL."""
    lab = Lab(database, request.param)
    overlay, _ = peered_overlays(lab)
    block = acl("Block", "In", 900, RemoteAddresses="10.244.2.0/24", Id="policy-deny")
    nat = policy("OutBoundNAT", Exceptions=["10.244.0.0/16"])
    web = lab.pod("node-1", overlay, "web", "10.244.1.5", nat, block)
    lab.balancer("node-1", [web], "10.96.0.10", 80, 8080)
    node = lab.host("node-1")
    found = data_plane.show_vfp_ports(node)
    return {
        port.kind: data_plane.show_vfp_port(node, port.id)[0]
        for port in found
        if port.switch_name.startswith("Overlay")
    }


def records(text: str, label: str, indent: int) -> list[dict[str, str]]:
    """Read the records that begin with a label, as line-by-line parsers do."""
    found: list[dict[str, str]] = []
    for line in text.split("\r\n"):
        head = re.match(rf"^ {{{indent}}}{label} : ?(.*)$", line)
        if head:
            found.append({"id": head[1]})
            continue
        member = re.match(rf"^ {{{indent + 4}}}([\w ()]+?) ?: ?(.*)$", line)
        if member and found:
            found[-1].setdefault(member[1], member[2])
    return found


@pytest.mark.parametrize(
    ("kind", "layers"),
    [(PortKind.CONTAINER, CONTAINER), (PortKind.HOST, HOST), (PortKind.DR, ROUTER),
     (PortKind.EXTERNAL, [])],
)  # fmt: skip
def test_the_layers_of_a_port_are_those_of_the_dumps(
    kind: PortKind, layers: list[tuple[str, int, int]], ports: dict[PortKind, VfpPort]
) -> None:
    found = records(print_port(ports[kind], "list-layer", "", "", {}), "LAYER", 0)
    assert [
        (each["id"], int(each["Priority"]), int(each["Flags"].split()[0], 16)) for each in found
    ] == layers


def test_a_listing_begins_and_ends_as_parsers_expect(ports: dict[PortKind, VfpPort]) -> None:
    lines = print_port(ports[PortKind.CONTAINER], "list-rule", "", "", {}).split("\r\n")
    assert lines[0] == " ITEM LIST"
    assert set(lines[1]) == {"="}
    assert lines[-2:] == ["Command list-rule succeeded!", ""]


def test_an_acl_is_listed_as_on_a_real_host(ports: dict[PortKind, VfpPort]) -> None:
    text = print_port(ports[PortKind.CONTAINER], "list-rule", "ACL_ENDPOINT_LAYER",
                      "ACL_ENDPOINT_GROUP_IPV4_IN", {})  # fmt: skip
    (rule,) = records(text, "RULE", 4)
    assert re.fullmatch(r"[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}", rule["id"])
    assert rule["Friendly name"] == "policy-deny"
    assert (rule["Priority"], rule["Type"]) == ("900", "block")
    assert rule["Flags"] == "8195 terminating stateful"
    assert "            Source IP : 10.244.2.0/24" in text.split("\r\n")
    assert "        Flow TTL: 240" in text.split("\r\n")


def test_system_rules_are_those_of_the_dumps(ports: dict[PortKind, VfpPort]) -> None:
    (decap,) = [
        each
        for each in records(print_port(ports[PortKind.DR], "list-rule", "", "", {}), "RULE", 4)
        if each["Type"] == "decap"
    ][:1]
    assert (decap["id"], decap["Priority"], decap["Flags"]) == ("", "45534", "769 terminating")
    routes = print_port(ports[PortKind.CONTAINER], "list-rule", "VNET_PA_ROUTE_LAYER", "", {})
    (route, _) = records(routes, "RULE", 4)
    assert (route["id"], route["Priority"], route["Type"]) == ("PA_ROUTE", "45535", "paroute")


@pytest.mark.parametrize(
    ("kind", "layer", "pattern"),
    [
        (PortKind.CONTAINER, "LB_DSR", r"LB_DSR_\w*_[\d.]+_10\.96\.0\.10_80_8080_6"),
        (PortKind.CONTAINER, "SLB_NAT_LAYER", r"NAT_\w*_10\.96\.0\.10_80_6"),
        (PortKind.CONTAINER, "SLB_NAT_LAYER", r"ALLOW_NAT_\w*_10\.96\.0\.10_80_6"),
        (PortKind.CONTAINER, "SLB_NAT_LAYER", r"SNAT_TCP_OUTBOUNDNAT_\w*_10\.127\.130\.35"),
        (PortKind.HOST, "SLB_LB_LAYER", r"NAT_\w*_10\.96\.0\.10_80_80_6"),
        (PortKind.HOST, "SLB_HAIRPIN_LAYER", r"HairPin_\w*_10\.96\.0\.10_80_80_6"),
    ],
)
def test_health_scripts_find_the_rules_of_services(
    kind: PortKind, layer: str, pattern: str, ports: dict[PortKind, VfpPort]
) -> None:
    ids = [each["id"] for each in
           records(print_port(ports[kind], "list-rule", layer, "", {}), "RULE", 4)]  # fmt: skip
    assert [each for each in ids if re.fullmatch(pattern, each)], ids


def test_ports_are_named_by_release(ports: dict[PortKind, VfpPort]) -> None:
    names = {kind: port.friendly_name for kind, port in ports.items()}
    assert names[PortKind.EXTERNAL] == "ExternalPort"
    assert re.match(r"DrPort |Container NIC [0-9a-f]{8}$", names[PortKind.DR])
    assert re.match(r"Host Vnic |Container NIC [0-9a-f]{8}$", names[PortKind.HOST])


def test_records_of_ports_are_parted_by_blank_lines(ports: dict[PortKind, VfpPort]) -> None:
    text = print_ports(list(ports.values()))
    body = text.partition("===========\r\n\r\n")[2]
    each = [part for part in body.split("\r\n\r\n") if part.startswith("Port name")]
    assert len(each) == len(ports)
    assert all("MAC address           : " in part for part in each)


def test_every_command_ends_with_success(ports: dict[PortKind, VfpPort]) -> None:
    for command in COMMANDS:
        text = print_port(ports[PortKind.CONTAINER], command, "", "", {})
        assert text.endswith(f"Command {command} succeeded!\r\n")


@pytest.mark.parametrize(
    ("command", "layer", "group"),
    [("list-nothing", "", ""), ("list-rule", "NO_LAYER", ""), ("list-rule", "LB_DSR", "NO_GROUP")],
)
def test_what_is_not_there_is_refused(
    command: str, layer: str, group: str, ports: dict[PortKind, VfpPort]
) -> None:
    with pytest.raises(HnsError):
        print_port(ports[PortKind.CONTAINER], command, layer, group, {})
