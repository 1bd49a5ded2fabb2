"""moby: a nat network and a container with published ports.

Source: clients.md section 12. Container attach is an HCS call on Windows; here it is the v1
attach that PowerShell uses.
"""

from demo.windows import Windows

HOST = {"release": "ws2022"}


def play(windows: Windows) -> None:
    """List networks, create one, run and remove a container."""
    networks = windows.hns_call("GET", "/networks/")
    windows.expect("the nat network of a fresh host", holds="nat" in [n["Name"] for n in networks])
    network = windows.hns_call(
        "POST",
        "/networks/",
        {
            "Name": "mynat",
            "Type": "nat",
            "Subnets": [{"AddressPrefix": "172.28.16.0/20", "GatewayAddress": "172.28.16.1"}],
        },
    )
    endpoint = windows.hns_call(
        "POST",
        "/endpoints/",
        {
            "VirtualNetwork": network["ID"],
            "Policies": [
                {
                    "Type": "NAT",
                    "Protocol": "tcp",
                    "InternalPort": 80,
                    "ExternalPort": 8080,
                    "ExternalPortReserved": True,
                },
                {"Type": "NAT", "Protocol": "udp", "InternalPort": 53},
                {"Type": "QOS", "MaximumOutgoingBandwidthInBytes": 1048576},
            ],
            "MacAddress": "02-42-ac-1c-10-05",
            "DNSServerList": "8.8.8.8",
            "EnableInternalDNS": True,
        },
    )
    published = {
        p["InternalPort"]: p["ExternalPort"] for p in endpoint["Policies"] if p["Type"] == "NAT"
    }
    windows.expect(f"port 80 published on {published[80]}", holds=published[80] == 8080)
    windows.expect(f"port 53 published on {published[53]}, chosen by HNS", holds=published[53] > 0)
    windows.expect_refusal(
        0x803B0013,
        "POST",
        f"/v2/networks/{network['ID']}/endpoints",
        {
            "Policies": [
                {
                    "Type": "PortMapping",
                    "Settings": {
                        "Protocol": 6,
                        "InternalPort": 81,
                        "ExternalPort": 8080,
                    },
                }
            ],
            "SchemaVersion": {"Major": 2, "Minor": 0},
        },
    )
    container = {"SystemType": "Container", "ContainerId": "5f0d3b9c9e0a"}
    windows.hns_call("POST", f"/endpoints/{endpoint['ID']}/attach", container)
    attached = windows.hns_call("GET", f"/endpoints/{endpoint['ID']}")
    windows.expect("state 2, Attached", holds=attached["State"] == 2)
    windows.hns_call("GET", f"/endpointstats/{endpoint['ID']}")
    windows.hns_call("POST", f"/endpoints/{endpoint['ID']}/detach", container)
    windows.hns_call("DELETE", f"/endpoints/{endpoint['ID']}")
    again = windows.hns_call(
        "POST",
        "/endpoints/",
        {
            "VirtualNetwork": network["ID"],
            "Policies": [
                {
                    "Type": "NAT",
                    "Protocol": "tcp",
                    "InternalPort": 80,
                    "ExternalPort": 8080,
                }
            ],
        },
    )
    windows.expect("port 8080 free again after the delete", holds=again["ID"] != endpoint["ID"])
