"""Listings of layers, groups and rules: what parsers of vfpctrl's output rely on."""

import re
from collections.abc import Sequence
from dataclasses import replace
from ipaddress import ip_address

import pytest

from hnsemu.domain.matching import AddressMatch, Conditions, address_set, to_addresses
from hnsemu.domain.packet import TCP, UDP, Direction
from hnsemu.domain.vfp.counters import RuleCounter
from hnsemu.domain.vfp.encap import decap_rule
from hnsemu.domain.vfp.model import (
    Balance,
    Data,
    Dip,
    EncapTo,
    Group,
    Layer,
    LocalTo,
    NatPool,
    NatTo,
    PaRoute,
    PortKind,
    RedirectTo,
    RewriteMac,
    RouteTo,
    Rule,
    RuleType,
    Turn,
)
from hnsemu.domain.vfp.text.rules import (
    condition_lines,
    data_lines,
    flags_text,
    groups_of,
    layer_flags_text,
    layers_of,
    list_groups,
    list_layers,
    list_rules,
)
from hnsemu.errors import HnsError, Hr
from tests.domain.vfp.text.node import ports

CONTAINER, HOST, ROUTER = (
    ports()[kind] for kind in (PortKind.CONTAINER, PortKind.HOST, PortKind.DR)
)


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


def test_layers_are_listed_with_flags_and_priority() -> None:
    found = records(list_layers(CONTAINER), "LAYER", 0)
    assert [(record["id"], record["Flags"], record["Priority"]) for record in found][:3] == [
        ("LB_DSR", "0x1 Default Allow", "7"),
        ("ACL_ENDPOINT_LAYER", "0x0", "15"),
        ("VNET_ENCAP_LAYER", "0x4 Clear TNI", "40"),
    ]


def test_groups_say_how_they_match() -> None:
    found = records(list_groups(CONTAINER, "VNET_ENCAP_LAYER"), "GROUP", 2)
    assert [record["id"] for record in found] == [
        "VNET_GROUP_ENCAP_IPV4_OUT",
        "VNET_GROUP_ENCAP_IPV6_OUT",
    ]
    text = list_groups(CONTAINER)
    assert "      Match type : Longest prefix match on Destination IP\r\n" in text
    assert "      Match type : Priority-based match\r\n" in text


def test_a_listing_begins_and_ends_as_parsers_expect() -> None:
    lines = list_rules(CONTAINER).split("\r\n")
    assert lines[0] == " ITEM LIST"
    assert set(lines[1]) == {"="}
    assert lines[-2:] == ["Command list-rule succeeded!", ""]


def test_an_acl_is_listed_as_on_a_real_host() -> None:
    text = list_rules(CONTAINER, "ACL_ENDPOINT_LAYER", "ACL_ENDPOINT_GROUP_IPV4_IN")
    (rule,) = records(text, "RULE", 4)
    assert re.fullmatch(r"[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}", rule["id"])
    assert rule["Friendly name"] == "policy-deny"
    assert (rule["Priority"], rule["Type"]) == ("900", "block")
    assert rule["Flags"] == "8195 terminating stateful"
    assert "            Source IP : 10.244.2.0/24" in text.split("\r\n")
    assert "        Flow TTL: 240" in text.split("\r\n")


def test_system_rules_are_those_of_the_dumps() -> None:
    decap = next(
        record for record in records(list_rules(ROUTER), "RULE", 4) if record["Type"] == "decap"
    )
    assert (decap["id"], decap["Priority"], decap["Flags"]) == ("", "45534", "769 terminating")
    (route, _) = records(list_rules(CONTAINER, "VNET_PA_ROUTE_LAYER"), "RULE", 4)
    assert (route["id"], route["Priority"], route["Type"]) == ("PA_ROUTE", "45535", "paroute")


@pytest.mark.parametrize(
    ("port", "layer", "pattern"),
    [
        (CONTAINER, "LB_DSR", r"LB_DSR_\w*_[\d.]+_10\.96\.0\.10_80_8080_6"),
        (CONTAINER, "SLB_NAT_LAYER", r"NAT_\w*_10\.96\.0\.10_80_6"),
        (CONTAINER, "SLB_NAT_LAYER", r"ALLOW_NAT_\w*_10\.96\.0\.10_80_6"),
        (CONTAINER, "SLB_NAT_LAYER", r"SNAT_TCP_OUTBOUNDNAT_\w*_10\.0\.0\.4"),
        (HOST, "SLB_LB_LAYER", r"NAT_\w*_10\.96\.0\.10_80_80_6"),
        (HOST, "SLB_HAIRPIN_LAYER", r"HairPin_\w*_10\.96\.0\.10_80_80_6"),
    ],
)
def test_health_scripts_find_the_rules_of_services(port: object, layer: str, pattern: str) -> None:
    text = list_rules(port, layer)  # type: ignore[arg-type]
    ids = [record["id"] for record in records(text, "RULE", 4)]
    assert [name for name in ids if re.fullmatch(pattern, name)], ids


def test_counters_stand_below_their_rules() -> None:
    (layer,) = layers_of(CONTAINER, "ACL_ENDPOINT_LAYER")
    (group,) = groups_of(layer, "ACL_ENDPOINT_GROUP_IPV4_IN")
    (rule,) = group.rules(None)
    counted = {(CONTAINER.id, layer.id, group.id, rule.id): RuleCounter(7, 3)}
    text = list_rules(CONTAINER, layer.id, "", counted)
    assert "        Matched packets : 7\r\n        Dropped packets : 3\r\n" in text
    assert text.endswith("Command get-rule-counter succeeded!\r\n")
    assert "Matched packets : 0" in list_rules(CONTAINER, layer.id, "", {})


def test_what_is_not_there_is_refused_by_naming_what_is() -> None:
    with pytest.raises(HnsError, match="LB_DSR") as no_layer:
        list_rules(CONTAINER, "NO_LAYER")
    assert no_layer.value.hr is Hr.HCN_E_LAYER_NOT_FOUND
    with pytest.raises(HnsError, match="LB_DSR_IPv4_OUT") as no_group:
        list_rules(CONTAINER, "LB_DSR", "NO_GROUP")
    assert no_group.value.hr is Hr.E_ELEMENT_NOT_FOUND
    with pytest.raises(HnsError, match="none"):
        list_groups(replace(CONTAINER, layers=()), "LB_DSR")


@pytest.mark.parametrize(
    ("conditions", "lines"),
    [
        (Conditions(), ["<none>"]),
        (Conditions(frozenset({UDP, TCP})), ["Protocols : 6, 17"]),
        (
            Conditions(source=AddressMatch(address_set(("10.0.0.5",)), ("web",))),
            ["Source IP : 10.0.0.5, web"],
        ),
        (
            Conditions(
                destination=to_addresses("10.0.0.6"),
                source_ports=((1, 1023),),
                destination_ports=((80, 80), (443, 450)),
            ),
            [
                "Destination IP : 10.0.0.6",
                "Source ports : 1-1023",
                "Destination ports : 80, 443-450",
            ],
        ),
    ],
)
def test_conditions_are_one_a_line(conditions: Conditions, lines: list[str]) -> None:
    assert condition_lines(conditions) == lines


A, B = ip_address("10.0.0.4"), ip_address("10.0.0.9")


@pytest.mark.parametrize(
    ("data", "lines"),
    [
        (None, []),
        (NatTo(A, 80), ["Rule Data:", "Dest_Nat : 10.0.0.4 : 80"]),
        (RedirectTo(A, 15001), ["Rule Data:", "Dest_Nat : 10.0.0.4 : 15001"]),
        (NatPool("pool", A, None), ["Rule Data:", "NAT Pool : pool", "Source_Nat : 10.0.0.4"]),
        (
            Balance((Dip(A, 80, "a", is_local=True), Dip(B, 0, "b", is_local=False))),
            ["Rule Data:", "DIP Range:", "    { 10.0.0.4 : 80 }", "    { 10.0.0.9 : 0 }"],
        ),
        (
            Balance((Dip(A, 80, "a", is_local=True),), source_vip=B),
            ["Rule Data:", "Source_Nat : 10.0.0.9", "DIP Range:", "    { 10.0.0.4 : 80 }"],
        ),
        (
            EncapTo(B, A, 4096, "02-11"),
            ["Encap Source IP : 10.0.0.4",
             "Encap Destination(s) : { IP address=10.0.0.9, MAC address=02-11, Tenant ID=4096 }"],
        ),
        (LocalTo("02-11", "web"), ["Modify : Destination MAC 02-11"]),
        (RouteTo(A), ["Modify : Next hop 10.0.0.4"]),
        (RouteTo(), ["Modify : Next hop default"]),
        (RewriteMac("02-12"), ["Modify : Source MAC 02-12"]),
        (Turn(), ["Transposition : hairpin to switch"]),
        (Turn("web", "02-11"),
         ["Transposition : hairpin to port", "Modify : Destination MAC 02-11"]),
    ],
)  # fmt: skip
def test_data_is_listed_by_its_kind(data: Data, lines: Sequence[str]) -> None:
    assert list(data_lines(Rule("", "", 1, 1, RuleType.ALLOW, data=data))) == lines


def test_decap_and_provider_routes_have_lines_of_their_own() -> None:
    assert list(data_lines(decap_rule())) == ["Preserve MAC", "Push TNI as VSID"]
    route = Rule("", "", 1, 1, RuleType.PAROUTE, data=PaRoute(12))
    assert list(data_lines(route))[-1] == "Using interface constraint with interface index: 12"
    plain = replace(route, data=PaRoute())
    assert list(data_lines(plain))[-1] == "Cache pruning timeout: 30 seconds"


def test_flags_are_a_number_and_the_words_that_are_known() -> None:
    assert [flags_text(flags) for flags in (0, 3, 256)] == ["0", "3 terminating stateful", "256"]
    assert layer_flags_text(9) == "0x9 Default Allow, Update flows on address change"


def test_a_rule_without_a_friendly_name_has_no_line_for_it() -> None:
    rule = Rule("id", "", 100, 1, RuleType.ALLOW)
    group = Group("G", Direction.IN, 4, 1, lambda _packet: (rule,))
    port = replace(CONTAINER, layers=(Layer("L", 1, 0, (group,)),))
    (record,) = records(list_rules(port), "RULE", 4)
    assert record["id"] == "id"
    assert "Friendly name" not in record
