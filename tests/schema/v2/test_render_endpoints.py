"""Endpoints are answered in the order of the schema, empty members left out.

Source: hns-behaviour.md section 3.3 [O], [C].
"""

from dataclasses import replace
from typing import Any

import orjson
import pytest

from hnsemu.domain.endpoints import Endpoint, EndpointState, IpConfiguration
from hnsemu.domain.facts import Dns, Policy, Port, Route
from hnsemu.domain.network_types import Mode
from hnsemu.domain.releases import RELEASES
from hnsemu.schema.v2.render_endpoints import endpoint_document

PORT = Port(1, "Endpoint", "p0", "n0", "i0", "a0", "eth0", "00-15-5D-D0-34-C9", connected=False)
POD = Endpoint(
    key=1,
    id="fdd2853f-68cb-4451-8e09-f95b7a5ff944",
    name="Ethernet",
    network_key=1,
    network_id="40472233-959e-46ce-b5c4-334fe808616a",
    network_name="nat",
    network_mode=Mode.NAT,
    network_type_text="nat",
    parent_id="f5c402eb-75f5-474e-9259-96a6abbf4f51",
    version=55834574851,
    activity_id="07d566c1-9323-4bab-b0cb-f748d010b888",
    created=132941877457137836,
    mac_address="00-15-5D-D0-34-C9",
    ip_configurations=(
        IpConfiguration("172.24.147.17", 20, "3dcc69b3-0fa9-431f-800d-ddb4f3bc78a0"),
    ),
    port=PORT,
)
BARE = replace(POD, name="", mac_address="", ip_configurations=(), port=None)


def answer(endpoint: Endpoint, release: str = "ws2022") -> Any:
    """Return the answer as sent."""
    return orjson.loads(orjson.dumps(endpoint_document(endpoint, RELEASES[release])))


def test_members_come_in_the_order_of_the_schema() -> None:
    full = replace(
        POD,
        owner="docker",
        additional_params='{"SwitchId":"x"}',
        namespace_id="932331a3-b265-4fce-b4c8-079e70982379",
        policies=(Policy("ACL", "{}"),),
        dns=Dns("example"),
        routes=(Route("172.24.144.1", "0.0.0.0/0"),),
        flags=16,
    )
    assert list(answer(full)) == [
        "ID",
        "Owner",
        "Name",
        "Version",
        "AdditionalParams",
        "Health",
        "SchemaVersion",
        "HostComputeNetwork",
        "HostComputeNamespace",
        "Policies",
        "IpConfigurations",
        "Dns",
        "Routes",
        "MacAddress",
        "Flags",
    ]


def test_what_is_empty_or_zero_is_left_out() -> None:
    assert list(answer(BARE)) == [
        "ID",
        "Version",
        "Health",
        "SchemaVersion",
        "HostComputeNetwork",
    ]


def test_addresses_routes_and_resolvers_show_what_is_set() -> None:
    full = replace(
        POD,
        dns=Dns(search=("a", "b"), server_list=("1.1.1.1",)),
        routes=(Route("172.24.144.1", "0.0.0.0/0"), Route("", "::/0", 5)),
    )
    shown = answer(full)
    assert shown["IpConfigurations"] == [
        {
            "IpAddress": "172.24.147.17",
            "PrefixLength": 20,
            "IpSubnetId": "3dcc69b3-0fa9-431f-800d-ddb4f3bc78a0",
        }
    ]
    assert shown["Dns"] == {"Search": ["a", "b"], "ServerList": ["1.1.1.1"]}
    assert shown["Routes"] == [
        {"NextHop": "172.24.144.1", "DestinationPrefix": "0.0.0.0/0"},
        {"DestinationPrefix": "::/0", "Metric": 5},
    ]


def test_settings_are_the_text_that_came() -> None:
    text = '{ "Priority":100,\t"x" : 1.50 }'
    policy = replace(POD, policies=(Policy("ACL", text),))
    assert text.encode() in orjson.dumps(endpoint_document(policy, RELEASES["ws2022"]))


def test_ids_are_lower_case_and_those_of_resources_upper_case() -> None:
    shown = answer(POD)
    assert shown["ID"] == POD.id
    resources = shown["Health"]["Extra"]["Resources"]
    assert resources["ID"] == POD.activity_id.upper()
    assert resources["parentId"] == POD.parent_id.upper()


def test_what_has_no_member_of_its_own_is_under_extra() -> None:
    extra = answer(POD)["Health"]["Extra"]
    assert list(extra) == ["Resources"]
    shared = replace(POD, shared_containers=("c1", "c2"), virtual_machine="vm")
    extra = answer(shared)["Health"]["Extra"]
    assert (extra["SharedContainers"], extra["VirtualMachine"]) == (["c1", "c2"], "vm")


def test_a_port_shows_while_it_is_plugged_in() -> None:
    plugged = replace(
        POD,
        state=EndpointState.ATTACHED,
        port=replace(PORT, connected=True, compartment=1),
        started=132941877457137999,
    )
    assert "Allocators" not in answer(POD)["Health"]["Extra"]["Resources"]
    port, acls = answer(plugged)["Health"]["Extra"]["Resources"]["Allocators"]
    assert (port["Tag"], port["CompartmendId"], port["Connected"]) == ("Endpoint Port", 1, True)
    assert port["PreferredPortFriendlyName"] == POD.id.upper()
    assert [rule["Priority"] for rule in acls["Rules"]] == [65500, 65500]


@pytest.mark.parametrize(("release", "tags"), [("ws2022", 2), ("ws2025", 3)])
def test_isolation_shows_from_15_on(release: str, tags: int) -> None:
    isolated = replace(POD, state=EndpointState.ATTACHED, port=replace(PORT, isolation=1))
    allocators = answer(isolated, release)["Health"]["Extra"]["Resources"]["Allocators"]
    assert len(allocators) == tags
