"""What programs print. The layout is inferred [I]."""

from hnsemu.docker.domain import console
from hnsemu.docker.domain.console import Nic

NIC = Nic(
    "vEthernet (Ethernet)",
    "172.16.0.5",
    16,
    "172.16.0.1",
    "00-15-5D-00-00-05",
    ("1.1.1.1", "8.8.8.8"),
)


def test_ipconfig_shows_each_adapter() -> None:
    assert console.ipconfig([NIC], "web", details=False) == [
        "",
        "Windows IP Configuration",
        "",
        "",
        "Ethernet adapter vEthernet (Ethernet):",
        "",
        "   Connection-specific DNS Suffix  . :",
        "   IPv4 Address. . . . . . . . . . . : 172.16.0.5",
        "   Subnet Mask . . . . . . . . . . . : 255.255.0.0",
        "   Default Gateway . . . . . . . . . : 172.16.0.1",
    ]


def test_ipconfig_all_shows_names_macs_and_servers() -> None:
    lines = console.ipconfig([NIC], "web", details=True)
    assert "   Host Name . . . . . . . . . . . . : web" in lines
    assert "   Physical Address. . . . . . . . . : 00-15-5D-00-00-05" in lines
    assert lines[-2:] == [
        "   DNS Servers . . . . . . . . . . . : 1.1.1.1",
        "                                       8.8.8.8",
    ]


def test_an_adapter_waits_for_dhcp_without_an_address() -> None:
    waiting = Nic("vEthernet (Ethernet)", "", 0, "", "00-15-5D-00-00-05")
    assert console.ipconfig([waiting], "web", details=True)[-5:] == [
        "   Connection-specific DNS Suffix  . :",
        "   Description . . . . . . . . . . . : Hyper-V Virtual Ethernet Adapter",
        "   Physical Address. . . . . . . . . : 00-15-5D-00-00-05",
        "   DHCP Enabled. . . . . . . . . . . : Yes",
        "   Autoconfiguration Enabled . . . . : Yes",
    ]
    assert [line for line in console.routes([waiting]) if line.startswith(" ")] == []


def test_a_container_without_a_network_has_no_adapter() -> None:
    assert console.ipconfig([], "web", details=False) == ["", "Windows IP Configuration", ""]


def test_route_print_shows_the_gateway_first() -> None:
    lines = console.routes([NIC])
    shown = [line.split() for line in lines if line.startswith(" ")]
    assert shown == [
        ["0.0.0.0", "0.0.0.0", "172.16.0.1", "172.16.0.5", "271"],
        ["172.16.0.0", "255.255.0.0", "On-link", "172.16.0.5", "271"],
        ["172.16.0.5", "255.255.255.255", "On-link", "172.16.0.5", "271"],
    ]


def test_ping_counts_what_was_lost() -> None:
    lines = console.ping("db", "172.16.0.9", count=2, replies=0)
    assert lines[1:4] == [
        "Pinging db [172.16.0.9] with 32 bytes of data:",
        "Request timed out.",
        "Request timed out.",
    ]
    assert lines[-1] == "    Packets: Sent = 2, Received = 0, Lost = 2 (100% loss),"


def test_ping_of_an_address_names_it_once() -> None:
    lines = console.ping("172.16.0.9", "172.16.0.9", count=1, replies=1)
    assert lines[1:3] == [
        "Pinging 172.16.0.9 with 32 bytes of data:",
        "Reply from 172.16.0.9: bytes=32 time<1ms TTL=128",
    ]


def test_nslookup_shows_every_address() -> None:
    assert console.nslookup("172.16.0.1", "db", ["172.16.0.9", "10.0.0.9"]) == [
        "Server:  UnKnown",
        "Address:  172.16.0.1",
        "",
        "Name:    db",
        "Addresses:  172.16.0.9",
        "          10.0.0.9",
        "",
    ]


def test_nslookup_of_an_unknown_name_says_so() -> None:
    assert console.nslookup("172.16.0.1", "no", [])[-1] == (
        "*** UnKnown can't find no: Non-existent domain"
    )


def test_a_tested_connection_says_whether_it_succeeded() -> None:
    lines = console.net_connection("db", "172.16.0.9", NIC, 1433, succeeded=False)
    assert lines == [
        "",
        "ComputerName     : db",
        "RemoteAddress    : 172.16.0.9",
        "RemotePort       : 1433",
        "InterfaceAlias   : vEthernet (Ethernet)",
        "SourceAddress    : 172.16.0.5",
        "TcpTestSucceeded : False",
        "",
    ]
