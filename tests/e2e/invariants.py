"""What always holds of a host, whatever clients did to it: what it shows agrees with itself."""

import json
import re
from collections.abc import Iterable
from typing import Any

import httpx

from tests.e2e.random_client import NOUNS

_DETAILED = "?query=" + json.dumps({"SchemaVersion": {"Major": 2, "Minor": 0}, "Flags": 1})
_NONE = "00000000-0000-0000-0000-000000000000"  # HNS 9.x shows it
_VIEWS = ["adapters", "vswitches", "ippools", "compartments", "nat", "firewall", "vfp/ports"]
SHOWN = [
    *(f"/v2/{noun}" for noun in [*NOUNS, "policylists"]),
    *(f"/v2/{noun}{_DETAILED}" for noun in ["networks", "endpoints"]),
    *(f"/v1/{noun}" for noun in ["networks", "endpoints", "namespaces", "policylists"]),
    *(f"/host/{view}" for view in _VIEWS),
]

_CHOSEN = re.compile(
    r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"  # GUIDs
    r"|00-15-5d(?:-[0-9a-f]{2}){3}"  # MAC addresses
    r"|\b13\d{16}\b"  # FILETIMEs
    r"|\bcontainer nic [0-9a-f]{8}\b"
    r"|\b172\.\d+\.\d+\.\d+\b",  # the prefix of the Default Switch
    re.IGNORECASE,
)
_HISTORY = {"LastUpdateTime", "MaxConcurrentEndpoints", "TotalEndpoints", "Released", "Cursor"}
"""Members that tell what has happened, not what is there.

Times and counters of a network go on when its endpoints are gone, as on Windows, and an address
that was released is not given again at once.
"""

_GROWING = {"LastUpdateTime", "MaxConcurrentEndpoints", "TotalEndpoints"}
"""Those of them that never go back; allocators take released addresses again."""

_OF_CHANCE = {"InterfaceIndex"}
"""Members that follow from what chance has chosen: other adapters after a reboot."""


def shown(client: httpx.Client, host: str) -> dict[str, Any]:
    """Return everything that a host shows of itself."""
    answers = {path: client.get(f"/hosts/{host}{path}") for path in SHOWN}
    assert {path for path, answer in answers.items() if not answer.is_success} == set()
    return {path: answer.json() for path, answer in answers.items()}


def standing(world: dict[str, Any]) -> str:
    """Return what is on a host, without what tells of the past."""
    return json.dumps(_without(_HISTORY, world), indent=1)


def history(world: dict[str, Any]) -> list[tuple[str, int]]:
    """Return what counts and times tell of the past, with where they stand."""
    return list(_grown(world, ""))


def _grown(document: Any, at: str) -> Iterable[tuple[str, int]]:
    if isinstance(document, dict):
        for name, value in document.items():
            inner = f"{at}/{name}"
            if name in _GROWING:
                yield inner, value
            else:
                yield from _grown(value, inner)
    elif isinstance(document, list):
        for number, value in enumerate(document):
            yield from _grown(value, f"{at}/{number}")


def form(world: dict[str, Any]) -> str:
    """Return what is on a host with numbers in the place of what chance and time have chosen.

    The same thing has the same number wherever it is shown.
    """
    numbers: dict[str, str] = {}

    def number(found: re.Match[str]) -> str:
        return numbers.setdefault(found[0].lower(), f"#{len(numbers)}")

    return _CHOSEN.sub(number, json.dumps(_without(_HISTORY | _OF_CHANCE, world), indent=1))


def _without(names: set[str], document: Any) -> Any:
    """Return a document without the members of these names."""
    if isinstance(document, dict):
        return {
            name: _without(names, value) for name, value in document.items() if name not in names
        }
    if isinstance(document, list):
        return [_without(names, value) for value in document]
    return document


def check(client: httpx.Client, host: str) -> None:
    """Compare what a host shows with itself."""
    world = shown(client, host)
    _check_places(world)
    _check_members(world)
    _check_ports(world)
    _check_dialects(world)
    _check_counts(world)


def _twice(values: Iterable[Any]) -> list[Any]:
    """Return what occurs again."""
    seen: set[Any] = set()
    return [value for value in values if value in seen or seen.add(value)]  # type: ignore[func-returns-value]


def _only(values: list[Any], others: list[Any]) -> list[Any]:
    """Return what is in one list and not in the other."""
    return [value for value in values if value not in others]


def _ids(objects: Iterable[dict[str, Any]]) -> set[str]:
    return {found["ID"].lower() for found in objects}


def _check_places(world: dict[str, Any]) -> None:
    """Each endpoint is on a network, and has an address and a MAC of its own there."""
    endpoints, pools = world["/v2/endpoints"], world["/host/ippools"]
    networks = _ids(world["/v2/networks"])
    assert {found["HostComputeNetwork"].lower() for found in endpoints} <= networks
    assert _twice((found["HostComputeNetwork"], found["MacAddress"]) for found in endpoints) == []
    addresses = [
        (found["HostComputeNetwork"], configuration["IpAddress"])
        for found in endpoints
        for configuration in found.get("IpConfigurations", ())
    ]
    assert _twice(addresses) == []
    remote = {found["ID"] for found in endpoints if found.get("Flags", 0) & 1}
    local = [
        (found["HostComputeNetwork"], configuration["IpAddress"])
        for found in endpoints
        if found["ID"] not in remote
        for configuration in found.get("IpConfigurations", ())
    ]
    allocated = sum(pool["Allocated"] for pool in pools)
    assert len(local) <= allocated <= len(addresses)


def _check_members(world: dict[str, Any]) -> None:
    """Namespaces, load balancers and routes hold what exists, and endpoints say the same."""
    endpoints = _ids(world["/v2/endpoints"])
    held = {
        (resource["Data"]["Id"].lower(), namespace["ID"].lower())
        for namespace in world["/v2/namespaces"]
        for resource in namespace.get("Resources", ())
        if resource["Type"] == "Endpoint"
    }
    said = {
        (found["ID"].lower(), found["HostComputeNamespace"].lower())
        for found in world["/v2/endpoints"]
        if found.get("HostComputeNamespace", _NONE) != _NONE
    }
    assert (held - said, said - held) == (set(), set())
    for noun in ["loadbalancers", "sdnroutes"]:
        for found in world[f"/v2/{noun}"]:
            assert {name.lower() for name in found.get("HostComputeEndpoints", ())} <= endpoints
    compartments = [found["CompartmentId"] for found in world["/host/compartments"]]
    assert _twice(compartments) == []
    opened = {found["NamespaceId"] for found in world["/v2/namespaces"] if "NamespaceId" in found}
    assert opened == set(compartments)


def _check_ports(world: dict[str, Any]) -> None:
    """No port is published or reserved twice; what is published follows from the policies."""
    mappings = world["/host/nat"]["StaticMappings"]
    assert _twice((found["Protocol"], found["ExternalPort"]) for found in mappings) == []
    assert _twice(found["StaticMappingID"] for found in mappings) == []
    published = sorted((found["Endpoint"].lower(), found["ExternalPort"]) for found in mappings)
    wanted = sorted(
        (endpoint["ID"].lower(), policy["Settings"]["ExternalPort"])
        for endpoint in world["/v2/endpoints"]
        for policy in endpoint.get("Policies", ())
        if policy["Type"] == "PortMapping"
        and endpoint["HostComputeNetwork"].lower() in _nat_networks(world)
    )
    assert (_only(published, wanted), _only(wanted, published)) == ([], [])
    reservations = world["/v2/portreservations"]
    services = _ids(world["/v2/guestnetworkservices"])
    assert {found["GuestNetworkService"].lower() for found in reservations} <= services
    claimed = [
        (protocol, port)
        for found in reservations
        if found["Access"] == "Exclusive"
        for protocol in (["TCP", "UDP"] if found["Protocol"] == "Both" else [found["Protocol"]])
        for port in range(found["StartingPort"], found["EndingPort"] + 1)
    ]
    assert _twice(claimed) == []
    assert set(claimed).isdisjoint(
        (found["Protocol"].upper(), found["ExternalPort"]) for found in mappings
    )


def _nat_networks(world: dict[str, Any]) -> set[str]:
    """Return the NAT networks; HCN 2 leaves their Type out, HNS 1 shows it as it was sent."""
    return _ids(
        found for found in world["/v1/networks"]["Output"] if found["Type"].upper() == "NAT"
    )


def _check_dialects(world: dict[str, Any]) -> None:
    """Both APIs show the same objects."""
    for noun in ["networks", "endpoints", "namespaces", "policylists"]:
        flat = world[f"/v1/{noun}"]["Output"]
        assert _ids(flat) == _ids(world[f"/v2/{noun}"]), noun
    lists = _ids(world["/v2/loadbalancers"]) | _ids(world["/v2/sdnroutes"])
    assert lists == _ids(world["/v2/policylists"])


def _check_counts(world: dict[str, Any]) -> None:
    """A network counts the endpoints that are there, at once and ever."""
    local = [
        found["HostComputeNetwork"].lower()
        for found in world["/v2/endpoints"]
        if not found.get("Flags", 0) & 1
    ]
    for network in world["/v1/networks"]["Output"]:
        current = network["CurrentEndpointCount"]
        assert current == local.count(network["ID"].lower()), network["Name"]
        assert current <= network["MaxConcurrentEndpoints"] <= network["TotalEndpoints"]
