"""A dump says the same after it was anonymised, of somebody else."""

import ipaddress
import json

from hypothesis import given
from hypothesis import strategies as st

from hnsemu.dumps.anonymity import anonymised

KEY = b"a key"
DUMP = {
    "ID": "9B219D6E-6847-43FC-8258-81DB4B63C09C",
    "Name": "corp-net",
    "Type": "overlay",
    "ManagementIP": "10.1.36.50",
    "DNSSuffix": "corp.example.com",
    "MacPools": [{"StartMacAddress": "00-15-5D-69-30-00", "EndMacAddress": "00-15-5D-69-3F-FF"}],
    "Subnets": [{"AddressPrefix": "10.1.32.0/20", "GatewayAddress": "10.1.32.1"}],
    "Version": 38654705666,
    "Route": "0.0.0.0/0",
}
ENDPOINT = {
    "VirtualNetwork": "9b219d6e-6847-43fc-8258-81db4b63c09c",
    "VirtualNetworkName": "corp-net",
    "IPAddress": "10.1.40.7",
    "MacAddress": "00-15-5D-69-31-02",
    "AdditionalParams": json.dumps({"host": "10.1.36.50"}),
    "Text": "corp-net",
}


def test_nothing_of_the_host_is_left_and_everything_still_fits() -> None:
    (values,) = anonymised([json.dumps([DUMP, ENDPOINT])], KEY)
    network, endpoint = values[0]
    text = json.dumps(values).lower()
    for secret in ("corp", "9b219d6e", "10.1.36.50", "10.1.40.7", "5d-69"):
        assert secret not in text
    assert network["ID"].lower() == endpoint["VirtualNetwork"]
    assert network["Name"] == endpoint["VirtualNetworkName"] == endpoint["Text"] == "name-1"
    prefix = ipaddress.ip_network(network["Subnets"][0]["AddressPrefix"])
    assert prefix.prefixlen == 20
    for address in (network["ManagementIP"], endpoint["IPAddress"],
                    network["Subnets"][0]["GatewayAddress"]):  # fmt: skip
        assert ipaddress.ip_address(address) in prefix
    assert network["ManagementIP"] in endpoint["AdditionalParams"]
    (pool,) = network["MacPools"]
    assert pool["StartMacAddress"] < endpoint["MacAddress"] < pool["EndMacAddress"]
    assert pool["StartMacAddress"].endswith("0-00")
    assert (network["Type"], network["Version"], network["Route"]) == (
        "overlay", 38654705666, "0.0.0.0/0")  # fmt: skip


def test_a_vnic_is_still_named_after_its_adapter() -> None:
    names = ["corp LAN", "vEthernet (corp LAN)", "vEthernet (Ethernet)", "vEthernet (corp (2))"]
    (values,) = anonymised([json.dumps([{"InterfaceAlias": name} for name in names])], KEY)
    assert [adapter["InterfaceAlias"] for adapter in values[0]] == [
        "name-1",
        "vEthernet (name-1)",
        "vEthernet (Ethernet)",
        "vEthernet (name-4)",
    ]


def test_equal_keys_replace_alike_and_others_do_not() -> None:
    text = json.dumps(DUMP)
    assert anonymised([text], KEY) == anonymised([text], KEY)
    assert anonymised([text], KEY) != anonymised([text], b"another")


addresses = st.ip_addresses(v=4).filter(lambda address: address.is_private or address.is_global)


@given(st.lists(addresses, min_size=2, max_size=2), st.integers(8, 24))
def test_addresses_share_a_prefix_as_before(pair: list[ipaddress.IPv4Address], length: int) -> None:
    (values,) = anonymised([json.dumps([str(address) for address in pair])], KEY)
    first, second = (ipaddress.ip_address(text) for text in values[0])

    def share(a: object, b: object) -> bool:
        return ipaddress.ip_network(f"{a}/{length}", strict=False) == (
            ipaddress.ip_network(f"{b}/{length}", strict=False)
        )

    moved = [str(address) != text for address, text in zip(pair, values[0], strict=True)]
    assert share(first, second) == share(*pair) or not all(moved)
