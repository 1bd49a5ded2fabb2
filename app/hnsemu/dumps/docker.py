"""What `docker network inspect` says of a network, in the words of HNS 1.

Source: the labels com.docker.network.windowsshim.* of dockerd on Windows [O].
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from hnsemu.domain.digits import number_in

_LONGEST_PREFIX = 128
_HNS_ID = "com.docker.network.windowsshim.hnsid"


_OBJECT, _LIST, _TEXT = (dict, "an object"), (list, "a list"), (str, "a text")
_KINDS: tuple[tuple[str, tuple[type, str]], ...] = (
    ("Name", _TEXT),
    ("Driver", _TEXT),
    ("Options", _OBJECT),
    ("IPAM", _OBJECT),
    ("IPAM.Config", _LIST),
    ("IPAM.Config.*", _OBJECT),
    ("IPAM.Config.*.Subnet", _TEXT),
    ("IPAM.Config.*.Gateway", _TEXT),
    ("Containers", _OBJECT),
    ("Containers.*", _OBJECT),
    ("Containers.*.IPv4Address", _TEXT),
    ("Containers.*.MacAddress", _TEXT),
)
"""What docker prints, the outer members first; any of them may be null."""


def what_is_wrong(members: Mapping[str, Any]) -> str:
    """Return which member docker never prints so, and what it must be; "" for none."""
    for path, (kind, name) in _KINDS:
        for value in _values(members, path.split(".")):
            if value is not None and not isinstance(value, kind):
                return f"{path}: must be {name}, as docker network inspect prints it"
    return ""


def _values(value: Any, path: Sequence[str]) -> Iterator[Any]:  # noqa: ANN401 (any JSON value)
    """Yield the values at a path, in which `*` stands for every item of a list or object."""
    if not path or value is None:
        yield value
        return
    name, *others = path
    if name != "*":
        inner = [value.get(name)]
    else:
        inner = list(value.values() if isinstance(value, Mapping) else value)
    for item in inner:
        yield from _values(item, others)


def network_of(members: Mapping[str, Any]) -> dict[str, Any]:
    """Return the network that HNS has; its id is Docker's label."""
    config = (members.get("IPAM") or {}).get("Config") or ()
    subnets = [
        {"AddressPrefix": pool.get("Subnet"), "GatewayAddress": pool.get("Gateway", "")}
        for pool in config
        if isinstance(pool, Mapping)
    ]
    return {
        "ID": (members.get("Options") or {}).get(_HNS_ID, ""),
        "Name": members.get("Name"),
        "Type": members.get("Driver"),
        "Subnets": subnets,
    }


def endpoints_of(members: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield an endpoint for each container on the network."""
    network = network_of(members)
    containers = members.get("Containers")
    for container in (containers or {}).values():
        address, _, length = str(container.get("IPv4Address") or "").partition("/")
        yield {
            "VirtualNetwork": network["ID"],
            "VirtualNetworkName": network["Name"],
            "Name": container.get("Name"),
            "MacAddress": str(container.get("MacAddress") or "").replace(":", "-").upper(),
            "IPAddress": address,
            "PrefixLength": number_in(length, _LONGEST_PREFIX) or 0,
        }


def comparable(members: Mapping[str, Any]) -> dict[str, Any]:
    """Return what Docker says of HNS: name, type, subnets, addresses and MACs; nothing of its own.

    Containers have Docker's names, and a length of their own behind the address.
    """
    network = network_of(members)
    containers = {
        container_id: {
            "IPv4Address": endpoint["IPAddress"],
            "MacAddress": endpoint["MacAddress"],
        }
        for container_id, endpoint in zip(
            members.get("Containers") or (), endpoints_of(members), strict=True
        )
    }
    return {
        "Name": network["Name"],
        "Driver": str(network["Type"]).lower(),
        "IPAM": {"Config": _pools(network["Subnets"])},
        "Containers": containers,
    }


def shown_as(
    told: Mapping[str, Any], network: Mapping[str, Any], endpoints: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """Return a network and its endpoints, of HNS 1, as Docker would say what it told of its own."""
    known = {endpoint["IPAddress"]: endpoint for endpoint in endpoints if "IPAddress" in endpoint}
    return {
        "Name": network.get("Name"),
        "Driver": str(network.get("Type")).lower(),
        "IPAM": {"Config": _pools(network.get("Subnets", ()))},
        "Containers": {
            container_id: {
                "IPv4Address": container["IPv4Address"],
                "MacAddress": known[container["IPv4Address"]].get("MacAddress"),
            }
            for container_id, container in told["Containers"].items()
            if container["IPv4Address"] in known
        },
    }


def _pools(subnets: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return subnets in Docker's words; a network without one has 0.0.0.0/0 there."""
    return [
        {"Subnet": subnet["AddressPrefix"]}
        | ({"Gateway": subnet["GatewayAddress"]} if subnet.get("GatewayAddress") else {})
        for subnet in subnets
        if subnet.get("AddressPrefix") not in {None, "0.0.0.0/0"}
    ]
