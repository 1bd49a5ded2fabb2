"""Ports that are exposed and published. Source: docker.md section 5, dockerd 28.5.2 [O]."""

import json
from typing import Any

import pytest

from hnsemu.docker.domain.ports import (
    Port,
    Published,
    bindings_of,
    check_bindings,
    listed,
    nat_policies,
    read_host_ports,
    read_port,
    shown,
)
from hnsemu.docker.errors import DockerError


@pytest.mark.parametrize(
    ("text", "port"),
    [("80", Port(80, "tcp")), ("80/tcp", Port(80, "tcp")), ("53/UDP", Port(53, "udp"))],
)
def test_a_port_has_a_number_and_a_protocol(text: str, port: Port) -> None:
    assert read_port(text) == port


@pytest.mark.parametrize("text", ["x", "", "0", "65536", "80/icmp", "-1", "\uff18\uff10", "80-"])
def test_what_is_no_port_is_refused(text: str) -> None:
    with pytest.raises(DockerError) as refusal:
        read_port(text)
    assert refusal.value.message == f'invalid port specification: "{text}"'


NO_PORTS = [
    *("80-", "-80", "80-79", "0-", "-", "80-x", "x", "65536", "1-65536", "-1", "+80", " 80", "80 "),
    *("80\n", "\uff18\uff10", "\u0668\u0660", "8_0", "0x50", "80.0", "9" * 50),
]
"""What go-connections v0.5.0 takes for no port, run on each."""


@pytest.mark.parametrize(
    ("text", "ports"),
    [
        *(("", []), ("0", []), ("0-0", []), ("/", []), ("/tcp", [])),
        *(("8080", [8080]), ("8080-8080", [8080]), ("0008080", [8080]), ("65535", [65535])),
        *(("8080/", [8080]), ("8080/udp", [8080]), ("8080/x/y", [8080]), ("0" * 5000 + "80", [80])),
        *(("8000-8002", [8000, 8001, 8002]), ("8000-8002/tcp", [8000, 8001, 8002])),
        *(("80-81-84", [80, 81]), ("80-81-x", [80, 81]), ("0-2", [0, 1, 2])),
    ],
)
def test_host_ports_are_one_several_or_any(text: str, ports: list[int]) -> None:
    assert list(read_host_ports(text)) == ports
    check_bindings({"80/tcp": [target(text)]})


@pytest.mark.parametrize("text", NO_PORTS)
def test_bindings_to_what_is_no_port_are_refused(text: str) -> None:
    refused({"80/tcp": [target(text)]}, text)


@pytest.mark.parametrize("number", [*NO_PORTS, "80-82", "80-80", "0-0", "80-82-84"])
@pytest.mark.parametrize("protocol", ["", "/", "/tcp", "/icmp", "/tcp/udp"])
def test_bindings_of_what_is_no_port_are_refused(number: str, protocol: str) -> None:
    refused({number + protocol: []}, number)


@pytest.mark.parametrize("key", ["", "/", "/tcp", "0", "0/tcp", "80/", "80/icmp", "080", "80/x/y"])
def test_whether_a_port_can_be_published_shows_at_the_start(key: str) -> None:
    check_bindings({key: [target("")], "81": None})


def refused(bindings: dict[str, Any], shown_as: str) -> None:
    with pytest.raises(DockerError) as refusal:
        check_bindings(bindings)
    text = f"invalid port specification: {json.dumps(shown_as, ensure_ascii=False)}"
    assert (refusal.value.status, refusal.value.message) == (400, text)


def policies(
    exposed: list[str],
    bindings: dict[str, Any],
    driver: str = "nat",
    *,
    all_exposed: bool = False,
    taken: set[tuple[str, int]] | None = None,
) -> list[tuple[object, object, object]]:
    wanted = bindings_of(exposed, bindings, all_exposed=all_exposed)
    return [
        (policy["Protocol"], policy["InternalPort"], policy.get("ExternalPort"))
        for policy in nat_policies(wanted, driver, taken or set())
    ]


def target(port: str, address: str = "") -> dict[str, str]:
    return {"HostIp": address, "HostPort": port}


def test_a_binding_publishes_a_port() -> None:
    assert policies(["80/tcp"], {"80/tcp": [target("8080")]}) == [("tcp", 80, 8080)]


def test_hns_chooses_the_port_that_nobody_named() -> None:
    assert policies(["80/tcp"], {"80/tcp": [target("")]}) == [("tcp", 80, None)]


def test_the_bindings_of_one_port_come_last_first() -> None:
    bindings = {"80/tcp": [target("8081"), target("8082")]}
    assert policies(["80/tcp"], bindings) == [("tcp", 80, 8082), ("tcp", 80, 8081)]


def test_a_binding_of_a_port_that_is_not_exposed_is_ignored() -> None:
    assert policies(["443/tcp"], {"81/tcp": [target("8099")]}) == []


def test_a_binding_belongs_to_the_port_of_the_same_spelling() -> None:
    bindings = {"80": [target("8080")], "81/tcp": [target("8081")]}
    assert policies(["80", "81"], bindings) == [("tcp", 80, 8080)]


def test_all_exposed_ports_can_be_published_tcp_first() -> None:
    assert policies(["53/udp", "80/tcp"], {}, all_exposed=True) == [
        ("tcp", 80, None),
        ("udp", 53, None),
    ]


def test_an_exposed_range_is_the_port_0() -> None:
    assert policies(["80-82/tcp", "443"], {}, all_exposed=True) == [
        ("tcp", 0, None),
        ("tcp", 443, None),
    ]
    assert list(shown(["80-82/tcp", "443"], [])) == ["0/tcp", "443/tcp"]


@pytest.mark.parametrize("number", [*NO_PORTS, "80-82", "80-80", "0-0", "0"])
def test_whatever_else_is_exposed_is_the_port_0_too(number: str) -> None:
    assert list(shown([f"{number}/udp"], [])) == ["0/udp"]


@pytest.mark.parametrize(
    ("key", "port"),
    [
        *(
            ("80/", "80/tcp"),
            ("080/TCP", "80/tcp"),
            ("80/tcp/udp", "80/tcp"),
            ("80/ICMP", "80/icmp"),
        ),
        *(("80/x", "80/0"), ("/tcp", "0/0"), ("/", "0/0"), ("", "0/0")),
    ],
)
def test_an_exposed_port_is_shown_as_it_was_understood(key: str, port: str) -> None:
    ports = shown([key], [])
    assert ports == {port: None}
    number, _, protocol = port.partition("/")
    assert listed(ports) == [{"PrivatePort": int(number), "Type": protocol}]


@pytest.mark.parametrize("driver", ["l2bridge", "l2tunnel", "overlay"])
def test_docker_chooses_ports_itself_on_bridges(driver: str) -> None:
    taken = {("tcp", 60000), ("tcp", 18000)}
    assert policies(["80/tcp"], {"80/tcp": [target("")]}, driver, taken=taken) == [
        ("tcp", 80, 60001)
    ]
    range_of_ports = {"80/tcp": [target("18000-18010")]}
    assert policies(["80/tcp"], range_of_ports, driver, taken=taken) == [("tcp", 80, 18001)]


def test_docker_has_5001_ports_of_its_own_for_each_protocol() -> None:
    exposed = [f"{number}/tcp" for number in range(1, 5002)]
    given = policies([*exposed, "53/udp"], {}, "l2bridge", all_exposed=True)
    assert [port for _, _, port in given] == [*range(60000, 65001), 60000]
    with pytest.raises(DockerError, match="all ports are allocated"):
        policies([*exposed, "5002/tcp"], {}, "l2bridge", all_exposed=True)


def test_docker_never_gives_one_port_twice_to_a_container() -> None:
    bindings = {"80/tcp": [target("")], "81/tcp": [target("")]}
    assert policies(["80/tcp", "81/tcp"], bindings, "l2bridge") == [
        ("tcp", 80, 60000),
        ("tcp", 81, 60001),
    ]


@pytest.mark.parametrize(
    ("port", "binding", "driver", "text"),
    [
        (
            "80/tcp",
            target("8000-8010"),
            "nat",
            "Windows does not support more than one host port in NAT settings",
        ),
        (
            "80/tcp",
            target("8080", "127.0.0.1"),
            "nat",
            "Windows does not support host IP addresses in NAT settings",
        ),
        (
            "80/tcp",
            target("18080", "127.0.0.1"),
            "l2bridge",
            "Windows does not support host IP addresses in NAT settings",
        ),
        (
            "80/tcp",
            target("0-5"),
            "nat",
            "Windows does not support more than one host port in NAT settings",
        ),
        ("80/tcp", target("0-5"), "l2bridge", "invalid port range: 0-5"),
        ("80/sctp", target("8080"), "nat", "invalid protocol sctp"),
        ("80/sctp", target("8080-8081", "127.0.0.1"), "nat", "invalid protocol sctp"),
        ("80/icmp", target("8080"), "nat", "invalid protocol icmp"),
        ("80/x", target(""), "nat", "invalid protocol 0"),
        ("80/icmp", target(""), "l2bridge", "invalid transport protocol: icmp"),
        ("/tcp", target(""), "overlay", "invalid transport protocol: 0"),
        (
            "80/tcp",
            target("18000"),
            "l2bridge",
            "Bind for 0.0.0.0:18000 failed: port is already allocated",
        ),
    ],
)
def test_what_windows_cannot_publish_is_refused_at_the_start(
    port: str, binding: dict[str, str], driver: str, text: str
) -> None:
    with pytest.raises(DockerError) as refusal:
        policies([port], {port: [binding]}, driver, taken={("tcp", 18000)})
    assert (refusal.value.status, refusal.value.message) == (500, text)


@pytest.mark.parametrize("address", ["", "0.0.0.0", "::", "no address"])
def test_all_addresses_of_the_host_may_be_named(address: str) -> None:
    assert policies(["80/tcp"], {"80/tcp": [target("8080", address)]}) == [("tcp", 80, 8080)]


def test_inspect_shows_null_for_what_is_only_exposed() -> None:
    published = [Published(Port(80, "tcp"), 8080)]
    ports = shown(["443/tcp", "80/tcp"], published)
    assert ports == {"443/tcp": None, "80/tcp": [{"HostIp": "0.0.0.0", "HostPort": "8080"}]}
    assert listed(ports) == [
        {"PrivatePort": 443, "Type": "tcp"},
        {"IP": "0.0.0.0", "PrivatePort": 80, "PublicPort": 8080, "Type": "tcp"},
    ]


def test_all_ports_can_be_exposed_and_published() -> None:
    published = [Published(Port(number, "tcp"), number) for number in range(1, 65536)]
    assert len(shown([str(entry.port) for entry in published], published)) == 65535
