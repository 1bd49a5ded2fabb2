"""HCN 2 answers for networks: schema order, zeros dropped, settings to the letter."""

import json
from dataclasses import replace
from typing import Any

import orjson
import pytest

from hnsemu.domain.extensions import extension_ids
from hnsemu.domain.facts import Dns, Policy, Port, Route, VSwitch
from hnsemu.domain.network_types import Mode, SwitchKind
from hnsemu.domain.networks import IpSubnet, MacRange, Network, Subnet
from hnsemu.domain.releases import RELEASES
from hnsemu.schema.bodies import read
from hnsemu.schema.v2.networks import HostComputeNetwork
from hnsemu.schema.v2.render_networks import network_document

SWITCH = VSwitch(
    key=1,
    id="30081ea2-de0e-4771-82bf-3fdbe9aa31bb",
    name="vxlan0",
    kind=SwitchKind.EXTERNAL,
    family="overlay",
    layer_id="395b983f-dcc7-4e77-bf04-f01084cfc7dd",
    owner_id="9b219d6e-6847-43fc-8258-81db4b63c09c",
    parent_id="325555c6-d065-4a90-a92a-dd7a5eed5b9b",
)
WFP, VFP, CAPTURE = extension_ids(RELEASES["ws2022"])
NETWORK = Network(
    key=1,
    id="9b219d6e-6847-43fc-8258-81db4b63c09c",
    name="vxlan0",
    mode=Mode.OVERLAY,
    type_text="overlay",
    owner="flannel",
    flags=8,
    policies=(Policy("HostRoute", "{ }"),),
    subnets=(
        Subnet(
            key=1,
            id="a8d5a7ab-dd0d-4a01-8e37-10681d2a494a",
            prefix="10.244.1.0/24",
            gateway="10.244.1.1",
            routes=(Route("10.244.1.1", "0.0.0.0/0"),),
            policies=(Policy("VSID", '{"IsolationId":4096}'),),
            ip_subnets=(IpSubnet(1, "a1bfafb0-2e2e-428b-adc2-ca71ce8c5dfc", "10.244.1.0/24"),),
        ),
    ),
    mac_ranges=(MacRange("00-15-5D-69-30-00", "00-15-5D-69-3F-FF"),),
    dns=Dns(domain="contoso.example", server_list=("10.96.0.10",)),
    version=55834574851,
    schema_version=(2, 2),
    activity_id="84473089-edc9-436d-a1e1-3a7882850fd5",
    management_ip="10.127.130.35",
    dr_mac="00-15-5D-BB-6E-B1",
    created=133928875495496471,
    updated=133928875495496471,
    vswitch=SWITCH,
    rdid_port=Port(
        key=1,
        kind="RDID",
        port_id="81c0d794-c201-4707-9d12-f1af435c1916",
        nic_id="",
        interface_id="",
        allocator_id="2d72e7c0-9e9d-4a01-8057-66e7938d0ee0",
        friendly_name="",
        mac="00-15-5D-BB-6E-B1",
    ),
)


def answer(network: Network, release: str = "ws2022") -> Any:
    """Return the answer as a client reads it."""
    return orjson.loads(orjson.dumps(network_document(network, RELEASES[release])))


def policies(network: Network) -> dict[str, Any]:
    """Return the settings of the policies but those of the switch."""
    return {
        policy["Type"]: policy["Settings"]
        for policy in answer(network)["Policies"]
        if policy["Type"] != "VSwitchExtension"
    }


def extension_policies(network: Network) -> list[Any]:
    """Return the settings of the policies of the switch."""
    return [
        policy["Settings"]
        for policy in answer(network)["Policies"]
        if policy["Type"] == "VSwitchExtension"
    ]


def test_members_come_in_the_order_of_the_schema() -> None:
    assert list(answer(NETWORK)) == [
        "ID",
        "Owner",
        "Name",
        "Version",
        "Health",
        "SchemaVersion",
        "Type",
        "Policies",
        "MacPool",
        "Dns",
        "Ipams",
        "Flags",
    ]


def test_overlay_is_shown_whole() -> None:
    shown = answer(NETWORK)
    resources = shown["Health"]["Extra"].pop("Resources")
    assert resources["ID"] == NETWORK.activity_id.upper()
    assert shown == {
        "ID": "9b219d6e-6847-43fc-8258-81db4b63c09c",
        "Owner": "flannel",
        "Name": "vxlan0",
        "Version": 55834574851,
        "Health": {"Extra": {"LayeredOn": SWITCH.layer_id, "SwitchGuid": SWITCH.owner_id}},
        "SchemaVersion": {"Major": 2, "Minor": 2},
        "Type": "Overlay",
        "Policies": [
            {"Type": "HostRoute", "Settings": {}},
            {"Type": "ProviderAddress", "Settings": {"ProviderAddress": "10.127.130.35"}},
            {"Type": "DrMacAddress", "Settings": {"Address": "00-15-5D-BB-6E-B1"}},
            {"Type": "VSwitchExtension", "Settings": {"ExtensionID": WFP}},
            {"Type": "VSwitchExtension", "Settings": {"ExtensionID": VFP, "Enable": True}},
            {"Type": "VSwitchExtension", "Settings": {"ExtensionID": CAPTURE, "Enable": True}},
        ],
        "MacPool": {
            "Ranges": [
                {"StartMacAddress": "00-15-5D-69-30-00", "EndMacAddress": "00-15-5D-69-3F-FF"}
            ]
        },
        "Dns": {"Domain": "contoso.example", "ServerList": ["10.96.0.10"]},
        "Ipams": [
            {
                "Type": "Static",
                "Subnets": [
                    {
                        "ID": "a8d5a7ab-dd0d-4a01-8e37-10681d2a494a",
                        "IpAddressPrefix": "10.244.1.0/24",
                        "Policies": [{"Type": "VSID", "Settings": {"IsolationId": 4096}}],
                        "Routes": [{"NextHop": "10.244.1.1", "DestinationPrefix": "0.0.0.0/0"}],
                        "IpSubnets": [
                            {
                                "ID": "a1bfafb0-2e2e-428b-adc2-ca71ce8c5dfc",
                                "IpAddressPrefix": "10.244.1.0/24",
                                "Flags": 3,
                            }
                        ],
                    }
                ],
            }
        ],
        "Flags": 8,
    }


def test_settings_stand_to_the_letter() -> None:
    assert b'"Settings":{ }' in orjson.dumps(network_document(NETWORK, RELEASES["ws2022"]))


def test_nat_has_no_type_and_what_is_empty_is_left_out() -> None:
    bare = Network(1, NETWORK.id, "", Mode.NAT, "NAT", vswitch=SWITCH, mac_ranges=())
    assert answer(bare).keys() == {
        "ID",
        "Version",
        "Health",
        "SchemaVersion",
        "Policies",
        "MacPool",
    }


def test_extensions_of_the_switch_are_policies() -> None:
    # As on wsl-subnet-utility#2: ids in small letters, no Enable where an extension is off.
    ics = replace(NETWORK, mode=Mode.ICS)
    assert extension_policies(ics) == [
        {"ExtensionID": WFP},
        {"ExtensionID": VFP},
        {"ExtensionID": CAPTURE, "Enable": True},
    ]


def test_an_extension_policy_stays_as_sent_until_its_extension_is_switched() -> None:
    sent = Policy("VSwitchExtension", f'{{"ExtensionId":"x","Enable":false,"ExtensionID":"{WFP}"}}')
    network = replace(NETWORK, policies=(sent,))
    assert extension_policies(network)[0] == json.loads(sent.settings)
    switched = replace(network, vswitch=replace(SWITCH, extensions=((WFP, True),)))
    assert extension_policies(switched)[0] == {"ExtensionID": WFP, "Enable": True}


def test_policies_of_the_caller_stand_instead_of_those_of_hns() -> None:
    sent = (
        Policy("ProviderAddress", '{"ProviderAddress":"10.127.130.35/24"}'),
        Policy("DrMacAddress", '{"Address":"00-15-5d-bb-6e-b1"}'),
    )
    assert policies(replace(NETWORK, policies=sent)) == {
        "ProviderAddress": {"ProviderAddress": "10.127.130.35/24"},
        "DrMacAddress": {"Address": "00-15-5d-bb-6e-b1"},
    }


def test_provider_address_comes_with_the_management_ip() -> None:
    hidden = replace(NETWORK, created=0, management_ip_at=100).seen_at(99)
    assert "ProviderAddress" not in policies(hidden)
    assert "ProviderAddress" in policies(
        replace(NETWORK, created=0, management_ip_at=100).seen_at(100)
    )


@pytest.mark.parametrize(("release", "shown"), [("ws2019", False), ("ws2004", True)])
def test_pools_are_shown_from_2004_on(*, release: str, shown: bool) -> None:
    (ipam,) = answer(NETWORK, release)["Ipams"]
    assert ("IpSubnets" in ipam["Subnets"][0]) is shown


def test_answer_may_be_posted_back_as_a_create() -> None:
    document = HostComputeNetwork.model_validate(read(json.dumps(answer(NETWORK)).encode()))
    assert document.ipams is not None
    assert (document.type, document.name, document.flags) == ("Overlay", "vxlan0", 8)
