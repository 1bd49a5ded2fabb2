"""Get-NetIPAddress and Get-NetRoute give the adapters of an imported host their addresses."""

import json

import pytest

from hnsemu.domain.hosts import AdapterDefinition
from hnsemu.dumps.importing import import_host
from hnsemu.dumps.reading import read_documents
from hnsemu.host import SeededSource
from hnsemu.services import hosts
from hnsemu.storage.database import Database
from hnsemu.storage.transaction import Hns

Json = dict[str, object]
OF_NO_ADAPTER = "no physical adapter of the host has it"


def address(text: str, length: int, alias: str = "Ethernet") -> Json:
    """Return an object of Get-NetIPAddress, as far as it counts."""
    return {"IPAddress": text, "InterfaceIndex": 4, "ifIndex": 4, "InterfaceAlias": alias,
            "AddressFamily": 23 if ":" in text else 2, "PrefixLength": length}  # fmt: skip


def route(prefix: str, hop: str, alias: str = "Ethernet") -> Json:
    """Return an object of Get-NetRoute, as far as it counts."""
    return {"DestinationPrefix": prefix, "NextHop": hop, "InterfaceAlias": alias, "ifIndex": 4}


NIC: Json = {"Name": "Ethernet", "ifIndex": 4, "InterfaceDescription": "Red Hat VirtIO",
             "MacAddress": "00-0C-29-11-22-33"}  # fmt: skip
NETWORK: Json = {"ID": "7cb9e1a5-0ba0-4b5b-9d4f-9b2b8a6d9a10", "Name": "pods", "Type": "L2Bridge",
                 "ManagementIP": "10.0.0.7", "NetworkAdapterName": "Ethernet",
                 "Subnets": [{"AddressPrefix": "10.244.1.0/24"}]}  # fmt: skip
BOTH = AdapterDefinition(
    "Ethernet", "00-0C-29-11-22-33", "10.0.0.7/20", "10.0.0.1", False, "fd00::7/64", "fe80::1"
)


def imported(
    database: Database, *documents: Json
) -> tuple[tuple[AdapterDefinition, ...], list[str]]:
    """Return the adapters of the host that the documents make, and why others were left."""
    hns = Hns(database, "real", SeededSource())
    done = import_host(hns, read_documents(json.dumps(documents)))
    shown = hosts.get_host(hns).adapters
    found = tuple(
        AdapterDefinition(
            adapter.name,
            adapter.mac,
            f"{adapter.address}/{adapter.prefix_length}" if adapter.address else "",
            adapter.gateway,
            adapter.wireless,
            f"{adapter.address6}/{adapter.prefix_length6}" if adapter.address6 else "",
            adapter.gateway6,
        )
        for adapter in shown
    )
    return found, [entry.reason for entry in done.left]


@pytest.mark.parametrize("alias", ["Ethernet", "vEthernet (Ethernet)", "vEthernet (Uplink)"])
def test_an_adapter_has_what_its_interface_shows(database: Database, alias: str) -> None:
    found, left = imported(
        database, NIC, NETWORK,
        address("fe80::20c:29ff:fe11:2233%4", 64, alias), address("fd00::7", 64, alias),
        address("fd00::8", 64, alias), address("10.0.0.7", 20, alias),
        address("172.16.0.1", 16, "vEthernet (nat)"),
        route("0.0.0.0/0", "10.0.0.1", alias), route("::/0", "fe80::1", alias),
        route("10.0.0.0/20", "0.0.0.0", alias),
    )  # fmt: skip
    assert found == (BOTH,)
    assert left == [OF_NO_ADAPTER] * 4


def test_documents_of_another_interface_change_nothing(database: Database) -> None:
    found, left = imported(
        database, NIC, NETWORK, address("fd00::7", 64, "Wi-Fi"), route("::/0", "nowhere")
    )
    assert found == (AdapterDefinition("Ethernet", "00-0C-29-11-22-33", "10.0.0.7/24"),)
    assert left == [OF_NO_ADAPTER] * 2


@pytest.mark.parametrize("length", [None, "x", 129, {}, -1])
def test_an_address_that_is_none_is_left(database: Database, length: object) -> None:
    found, left = imported(database, NIC, {**address("fd00::7", 64), "PrefixLength": length})
    assert [adapter.address6 for adapter in found] == [""]
    assert left == [OF_NO_ADAPTER]
