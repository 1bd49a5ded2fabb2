"""CNI win-bridge on an l2bridge network.

Source: clients.md section 4; the gateway endpoint at .2 from section 9 (host-gw).
"""

from demo.windows import Windows

HOST = {"release": "ws2019"}

_NAME = "5f0d3b9c9e0a4c7f8d2b6a1e4c3f7d9a0b1c2d3e4f5061728394a5b6c7d8e9f0_cbr0"


def play(windows: Windows) -> None:
    """Prepare the node as flannel host-gw does, then run ADD and DEL twice each."""
    network = windows.hns_call(
        "POST",
        "/networks/",
        {
            "Name": "cbr0",
            "Type": "L2Bridge",
            "Subnets": [{"AddressPrefix": "10.244.1.0/24", "GatewayAddress": "10.244.1.1"}],
        },
    )
    seen = windows.hns_call("GET", f"/networks/{network['ID']}")
    windows.expect(f"ManagementIP {seen['ManagementIP']}", holds=bool(seen["ManagementIP"]))
    bridge = windows.hns_call(
        "POST",
        "/endpoints/",
        {"Name": "cbr0_ep", "VirtualNetwork": network["ID"], "IPAddress": "10.244.1.2"},
    )
    windows.hns_call(
        "POST",
        f"/endpoints/{bridge['ID']}/attach",
        {"SystemType": "Host", "CompartmentId": 1},
    )
    namespace = windows.create("namespaces", {"SchemaVersion": {"Major": 2, "Minor": 0}})
    endpoint = _add(windows, namespace["ID"])
    again = _add(windows, namespace["ID"])
    windows.expect("the second ADD finds the same endpoint", holds=again["ID"] == endpoint["ID"])
    _delete(windows)
    _delete(windows)
    windows.delete("namespaces", namespace["ID"])
    windows.expect("nothing leaked", holds=len(windows.enumerate("endpoints")) == 1)


def _add(windows: Windows, namespace_id: str) -> dict[str, object]:
    network = windows.enumerate("networks", Name="cbr0")[0]
    windows.expect("Type is spelled L2Bridge", holds=network["Type"] == "L2Bridge")
    endpoints = windows.enumerate("endpoints", Name=_NAME)
    if endpoints:
        return endpoints[0]
    endpoint = windows.create(
        "endpoints",
        {
            "Name": _NAME,
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
                    "Type": "PortMapping",
                    "Settings": {
                        "InternalPort": 80,
                        "ExternalPort": 8080,
                        "Protocol": 6,
                        "VIP": "",
                    },
                },
            ],
            "IpConfigurations": [{"IpAddress": "10.244.1.5"}],
            "Dns": {
                "Search": ["default.svc.cluster.local"],
                "ServerList": ["10.96.0.10"],
            },
            "Routes": [{"NextHop": "10.244.1.2", "DestinationPrefix": "0.0.0.0/0"}],
            "Health": {"Extra": {}},
            "SchemaVersion": {"Major": 2, "Minor": 0},
        },
    )
    windows.modify(
        "namespaces",
        namespace_id,
        {
            "ResourceType": "Endpoint",
            "RequestType": "Add",
            "Settings": {"EndpointId": endpoint["ID"]},
        },
    )
    resources = windows.query("namespaces", namespace_id)["Resources"]
    windows.expect(
        "the id of the endpoint in upper case in the namespace",
        holds=resources[0]["Data"]["Id"] == endpoint["ID"].upper(),
    )
    return endpoint


def _delete(windows: Windows) -> None:
    endpoints = windows.enumerate("endpoints", Name=_NAME)
    namespace_id = endpoints[0].get("HostComputeNamespace", "") if endpoints else ""
    namespaces = windows.enumerate("namespaces", ID=namespace_id)
    for namespace in namespaces:
        windows.modify(
            "namespaces",
            namespace["ID"],
            {
                "ResourceType": "Endpoint",
                "RequestType": "Remove",
                "Settings": {"EndpointId": endpoints[0]["ID"]},
            },
        )
    for endpoint in endpoints:
        windows.delete("endpoints", endpoint["ID"])
