"""Calico: network and ACLs by HNS 1, the pod by HCN 2.

Source: clients.md sections 10 and 11.
"""

from demo.windows import Windows

HOST = {"release": "ws2022"}


def play(windows: Windows) -> None:
    """Start the node, add a pod with default deny, and program the policy as Felix does."""
    windows.hns_call(
        "POST",
        "/networks",
        {
            "Type": "Overlay",
            "Name": "External",
            "Subnets": [
                {
                    "AddressPrefix": "192.168.255.0/30",
                    "GatewayAddress": "192.168.255.1",
                    "Policies": [{"Type": "VSID", "VSID": 9999}],
                }
            ],
        },
    )
    network = windows.hns_call(
        "POST",
        "/networks/",
        {
            "Name": "Calico",
            "Type": "Overlay",
            "Subnets": [
                {
                    "AddressPrefix": "10.244.1.64/26",
                    "GatewayAddress": "10.244.1.65",
                    "Policies": [{"Type": "VSID", "VSID": 4096}],
                }
            ],
        },
    )
    host_address = windows.hns_call("GET", f"/networks/{network['ID']}")["ManagementIP"]
    after = windows.modify(
        "networks",
        network["ID"],
        {
            "ResourceType": "Policy",
            "RequestType": "Add",
            "Settings": {"Policies": [{"Type": "HostRoute", "Settings": {}}]},
        },
    )
    provider = [p["Settings"] for p in after["Policies"] if p["Type"] == "ProviderAddress"]
    windows.expect(
        "ProviderAddress (HCN 2) equals ManagementIP (HNS 1)",
        holds=provider == [{"ProviderAddress": host_address}],
    )
    host_endpoint = windows.hns_call(
        "POST",
        "/endpoints/",
        {
            "Name": "Calico_ep",
            "VirtualNetwork": network["ID"],
            "Policies": [{"Type": "PA", "PA": host_address}],
            "MacAddress": "00-15-5D-01-02-03",
            "IPAddress": "10.244.1.66",
            "IsRemoteEndpoint": True,
        },
    )
    windows.expect(
        "VirtualNetwork is spelled exactly as the ID of the network",
        holds=host_endpoint["VirtualNetwork"] == network["ID"],
    )
    _felix(windows, _pod(windows, network["ID"], host_address))


def _pod(windows: Windows, network_id: str, host_address: str) -> str:
    pod = windows.create(
        "endpoints",
        {
            "Name": "5f0d3b9c9e0a_Calico",
            "HostComputeNetwork": network_id,
            "Policies": [
                {"Type": "OutBoundNAT", "Settings": {"Exceptions": ["10.96.0.0/12"]}},
                {
                    "Type": "SDNROUTE",
                    "Settings": {
                        "DestinationPrefix": "10.96.0.0/12",
                        "NeedEncap": True,
                    },
                },
                {
                    "Type": "ProviderAddress",
                    "Settings": {"ProviderAddress": host_address},
                },
            ],
            "IpConfigurations": [{"IpAddress": "10.244.1.69"}],
            "Routes": [{"NextHop": "10.244.1.65", "DestinationPrefix": "0.0.0.0/0"}],
            "SchemaVersion": {"Major": 2, "Minor": 0},
        },
    )
    denied = windows.modify(
        "endpoints",
        pod["ID"],
        {
            "ResourceType": "Policy",
            "RequestType": "Update",
            "Settings": {
                "Policies": [
                    {
                        "Type": "ACL",
                        "Settings": {
                            "Protocols": "256",
                            "Action": "Block",
                            "Direction": "In",
                            "RuleType": "Switch",
                            "Priority": 65500,
                        },
                    }
                ]
            },
        },
    )
    windows.expect(
        "an Update with one ACL keeps NAT and routes",
        holds=sorted(p["Type"] for p in denied["Policies"])
        == ["ACL", "OutBoundNAT", "ProviderAddress", "SDNRoute"],
    )
    namespace = windows.create("namespaces", {"SchemaVersion": {"Major": 2, "Minor": 0}})
    windows.modify(
        "namespaces",
        namespace["ID"],
        {
            "ResourceType": "Endpoint",
            "RequestType": "Add",
            "Settings": {"EndpointId": pod["ID"]},
        },
    )
    return str(pod["ID"])


def _felix(windows: Windows, pod_id: str) -> None:
    windows.hns_call("GET", "/globals/version")
    listed = windows.hns_call("GET", "/endpoints/")
    workloads = [e for e in listed if not e.get("IsRemoteEndpoint") and e["State"] in {2, 3}]
    windows.expect("one attached workload", holds=len(workloads) == 1)
    acls = [
        {
            "Type": "ACL",
            "Id": "policy-default.allow-web-0-0",
            "Protocol": 6,
            "Action": "Allow",
            "Direction": "In",
            "RemoteAddresses": "10.244.1.9/32,10.244.1.10/32",
            "LocalPorts": "80,443",
            "RuleType": "Switch",
            "Priority": 1000,
        },
        {
            "Type": "ACL",
            "Protocol": 256,
            "Action": "Block",
            "Direction": "In",
            "RuleType": "Switch",
            "Priority": 1001,
        },
    ]
    windows.hns_call("POST", f"/endpoints/{pod_id}", {"ID": pod_id, "Policies": acls})
    types = sorted(p["Type"] for p in windows.query("endpoints", pod_id)["Policies"])
    windows.expect(
        "the update of Felix replaced only the ACLs",
        holds=types == ["ACL", "ACL", "OutBoundNAT", "ProviderAddress", "SDNRoute"],
    )
