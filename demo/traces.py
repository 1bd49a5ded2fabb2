"""Three packets, with traces that explain themselves."""

from collections.abc import Callable
from typing import Any

import httpx

Document = dict[str, Any]
_SCHEMA = {"Major": 2, "Minor": 0}


def play(http: httpx.Client, show: Callable[[str, str], None]) -> None:
    """Set up three hosts and trace three packets.

    show: called with (title, text of the trace) for each packet.
    """
    _nat_host(http)
    _overlay_hosts(http)
    for title, host, sender, packet in (
        ("A container to the Internet: WinNAT gives it the host's address",
         "traced-nat", "browser", {"Destination": "93.184.216.34", "DestinationPort": 443}),
        ("A pod to a service: the backend is on another node, behind VXLAN (DSR)",
         "traced-1", "client", {"Destination": "10.96.0.10", "DestinationPort": 80}),
        ("A pod to a database: an ACL of the database stops it",
         "traced-1", "client", {"Destination": "10.244.1.9", "DestinationPort": 5432}),
    ):  # fmt: skip
        request = {"From": {"Endpoint": sender}, "Packet": packet, "Reply": True}
        answer = http.post(f"/hosts/{host}/host/trace?format=text", json=request)
        answer.raise_for_status()
        show(title, answer.text)


def _nat_host(http: httpx.Client) -> None:
    network = _network(http, "traced-nat", "NAT", "172.30.0.0/20", "172.30.0.1")
    _pod(http, "traced-nat", network, "browser", "172.30.0.5")


def _overlay_hosts(http: httpx.Client) -> None:
    """Set up two overlay nodes, and on the first a service with its backend on the second."""
    nodes = {}
    for number in (1, 2):
        name = f"traced-{number}"
        network = _network(http, name, "Overlay", f"10.244.{number}.0/24", f"10.244.{number}.1")
        document = http.get(f"/hosts/{name}/v1/networks/{network}").json()["Output"]
        nodes[number] = (name, network, document["ManagementIP"], document["DrMacAddress"])
    for one, other in ((1, 2), (2, 1)):
        name, network, _, _ = nodes[one]
        _, _, provider, mac = nodes[other]
        route = {
            "DestinationPrefix": f"10.244.{other}.0/24",
            "IsolationId": 4096,
            "ProviderAddress": provider,
            "DistributedRouterMacAddress": mac,
        }
        change = {"Policies": [{"Type": "RemoteSubnetRoute", "Settings": route}]}
        _modify(http, f"/hosts/{name}/v2/networks/{network}", "Policy", change)
    first, network = nodes[1][0], nodes[1][1]
    _pod(http, first, network, "client", "10.244.1.5")
    block = {"Action": "Block", "Direction": "In", "Priority": 100, "RuleType": "Switch",
             "Protocols": "6", "LocalPorts": "5432", "Id": "no-database"}  # fmt: skip
    allow = {"Action": "Allow", "Direction": "In", "Priority": 200, "RuleType": "Switch"}
    _pod(http, first, network, "database", "10.244.1.9",
         {"Type": "ACL", "Settings": block}, {"Type": "ACL", "Settings": allow})  # fmt: skip
    _pod(http, nodes[2][0], nodes[2][1], "web", "10.244.2.7")
    remote = _post(
        http,
        f"/hosts/{first}/v2/networks/{network}/endpoints",
        {
            "Name": "web elsewhere",
            "Flags": 1,
            "MacAddress": "02-11-0a-f4-02-07",
            "IpConfigurations": [{"IpAddress": "10.244.2.7"}],
            "Policies": [{"Type": "ProviderAddress", "Settings": {"ProviderAddress": nodes[2][2]}}],
            "SchemaVersion": _SCHEMA,
        },
    )
    _post(
        http,
        f"/hosts/{first}/v2/loadbalancers",
        {
            "Name": "shop",
            "HostComputeEndpoints": [remote],
            "FrontendVIPs": ["10.96.0.10"],
            "PortMappings": [{"Protocol": 6, "ExternalPort": 80, "InternalPort": 8080, "Flags": 1}],
            "Flags": 1,
            "SchemaVersion": _SCHEMA,
        },
    )


def _network(http: httpx.Client, host: str, kind: str, prefix: str, gateway: str) -> str:
    http.put(f"/emulator/hosts/{host}").raise_for_status()
    subnet: Document = {
        "IpAddressPrefix": prefix,
        "Routes": [{"NextHop": gateway, "DestinationPrefix": "0.0.0.0/0"}],
    }
    if kind == "Overlay":
        subnet["Policies"] = [{"Type": "VSID", "Settings": {"IsolationId": 4096}}]
    request = {
        "Name": "pods",
        "Type": kind,
        "Ipams": [{"Type": "Static", "Subnets": [subnet]}],
        "SchemaVersion": _SCHEMA,
    }
    return _post(http, f"/hosts/{host}/v2/networks", request)


def _pod(
    http: httpx.Client, host: str, network: str, name: str, address: str, *policies: Document
) -> None:
    request = {
        "Name": name,
        "IpConfigurations": [{"IpAddress": address}],
        "Policies": list(policies),
        "SchemaVersion": _SCHEMA,
    }
    endpoint = _post(http, f"/hosts/{host}/v2/networks/{network}/endpoints", request)
    namespace = _post(http, f"/hosts/{host}/v2/namespaces", {"SchemaVersion": _SCHEMA})
    _modify(http, f"/hosts/{host}/v2/namespaces/{namespace}", "Endpoint", {"EndpointId": endpoint})


def _post(http: httpx.Client, path: str, document: Document) -> str:
    answer = http.post(path, json=document)
    answer.raise_for_status()
    return str(answer.json()["ID"])


def _modify(http: httpx.Client, path: str, kind: str, settings: Document) -> None:
    request = {"ResourceType": kind, "RequestType": "Add", "Settings": settings}
    http.patch(path, json=request).raise_for_status()
