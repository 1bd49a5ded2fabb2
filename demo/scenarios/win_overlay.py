"""CNI win-overlay on the network of flannel.

Source: clients.md section 4.
"""

from demo.scenarios import flannel
from demo.windows import Windows

HOST = {"release": "ws2022"}


def play(windows: Windows) -> None:
    """Read the network through HNS 1, create the pod with HCN 2."""
    flannel.overlay_network(windows)
    networks = windows.hns_call("GET", "/networks/")
    network = next(network for network in networks if network["Name"] == "flannel.4096")
    windows.expect(
        f"prefix, gateway and ManagementIP {network['ManagementIP']} in HNS 1 form",
        holds=network["Subnets"][0]["AddressPrefix"] == "10.244.2.0/24"
        and network["Subnets"][0]["GatewayAddress"] == "10.244.2.1",
    )
    namespace = windows.create("namespaces", {"SchemaVersion": {"Major": 2, "Minor": 0}})
    mac = "0E-2A-0a-f4-02-05"
    endpoint = windows.create(
        "endpoints",
        {
            "Name": "5f0d3b9c9e0a_flannel.4096",
            "HostComputeNetwork": network["ID"],
            "Policies": [
                {
                    "Type": "OutBoundNAT",
                    "Settings": {"Exceptions": ["10.244.0.0/16", "10.96.0.0/12"]},
                },
                {
                    "Type": "SDNRoute",
                    "Settings": {
                        "DestinationPrefix": "10.96.0.0/12",
                        "NeedEncap": True,
                    },
                },
                {
                    "Type": "ProviderAddress",
                    "Settings": {"ProviderAddress": network["ManagementIP"]},
                },
            ],
            "IpConfigurations": [{"IpAddress": "10.244.2.5"}],
            "Dns": {"ServerList": ["10.96.0.10"], "Search": ["svc.cluster.local"]},
            "Routes": [{"NextHop": "10.244.2.1", "DestinationPrefix": "0.0.0.0/0"}],
            "MacAddress": mac,
            "SchemaVersion": {"Major": 2, "Minor": 0},
        },
    )
    windows.expect(f"MAC {mac} exactly as sent", holds=endpoint["MacAddress"] == mac)
    windows.modify(
        "namespaces",
        namespace["ID"],
        {
            "ResourceType": "Endpoint",
            "RequestType": "Add",
            "Settings": {"EndpointId": endpoint["ID"]},
        },
    )
    seen = windows.hns_call("GET", f"/endpoints/{endpoint['ID']}")
    windows.expect("HNS 1 shows it attached", holds=seen["State"] == 2)
