"""flannel: a VXLAN network and routes to its peers.

Source: clients.md section 9.
"""

from demo.windows import Document, Windows

HOST = {
    "release": "ws2022",
    "adapters": [{"name": "Ethernet", "address": "10.127.130.35/24", "gateway": "10.127.130.1"}],
}

_PEERS = {
    "10.244.3.0/24": ("10.127.130.36", "00:15:5d:aa:bb:03"),
    "10.244.4.0/24": ("10.127.130.37", "00:15:5d:aa:bb:04"),
}


def play(windows: Windows) -> None:
    """Create the overlay network, read its provider address, then add and remove peers."""
    windows.hns_call("GET", "/globals/version")
    windows.expect(
        "no network with this name yet",
        holds=not windows.enumerate("networks", Name="flannel.4096"),
    )
    network = overlay_network(windows)
    policies = {policy["Type"]: policy["Settings"] for policy in network["Policies"]}
    windows.expect(
        f"provider address {policies['ProviderAddress']['ProviderAddress']}",
        holds=policies["ProviderAddress"]["ProviderAddress"] == "10.127.130.35",
    )
    windows.expect(
        f"DR MAC {policies['DrMacAddress']['Address']}",
        holds=len(policies["DrMacAddress"]["Address"].split("-")) == 6,
    )
    for prefix, (provider, mac) in _PEERS.items():
        settings = {
            "DestinationPrefix": prefix,
            "IsolationId": 4096,
            "ProviderAddress": provider,
            "DistributedRouterMacAddress": mac,
        }
        after = _policy(windows, network["ID"], "Add", "RemoteSubnetRoute", settings)
        windows.expect(
            f"route to {prefix} exactly as sent",
            holds=settings in [p.get("Settings") for p in after["Policies"]],
        )
    gone = {
        "ProviderAddress": "10.127.130.37",
        "DistributedRouterMacAddress": "00:15:5d:aa:bb:04",
        "IsolationId": 4096,
        "DestinationPrefix": "10.244.4.0/24",
    }
    after = _policy(windows, network["ID"], "Remove", "RemoteSubnetRoute", gone)
    routes = [p for p in after["Policies"] if p["Type"] == "RemoteSubnetRoute"]
    windows.expect("one route is left: Remove compares values, not bytes", holds=len(routes) == 1)


def overlay_network(windows: Windows) -> Document:
    """Create the overlay network of flannel with a host route; return it."""
    network = windows.create(
        "networks",
        {
            "Name": "flannel.4096",
            "Type": "Overlay",
            "Policies": [
                {
                    "Type": "NetAdapterName",
                    "Settings": {"NetworkAdapterName": "Ethernet"},
                }
            ],
            "MacPool": {},
            "Dns": {},
            "Ipams": [
                {
                    "Type": "Static",
                    "Subnets": [
                        {
                            "IpAddressPrefix": "10.244.2.0/24",
                            "Policies": [{"Type": "VSID", "Settings": {"IsolationId": 4096}}],
                            "Routes": [
                                {
                                    "NextHop": "10.244.2.1",
                                    "DestinationPrefix": "0.0.0.0/0",
                                }
                            ],
                        }
                    ],
                }
            ],
            "Flags": 8,
            "Health": {"Extra": {}},
            "SchemaVersion": {"Major": 2, "Minor": 0},
        },
    )
    windows.expect("Type is spelled Overlay", holds=network["Type"] == "Overlay")
    return _policy(windows, network["ID"], "Add", "HostRoute", {})


def _policy(
    windows: Windows,
    network_id: object,
    request: str,
    kind: str,
    settings: dict[str, object],
) -> Document:
    return windows.modify(
        "networks",
        str(network_id),
        {
            "ResourceType": "Policy",
            "RequestType": request,
            "Settings": {"Policies": [{"Type": kind, "Settings": settings}]},
        },
    )
