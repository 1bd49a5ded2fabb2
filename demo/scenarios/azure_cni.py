"""Azure CNI and NPM on AKS: l2bridge, IP sets, policies.

Source: clients.md sections 6 and 8.
"""

from demo.windows import Document, Windows

HOST = {"release": "ws2025", "azure_vm": True}


def play(windows: Windows) -> None:
    """Add a pod, then let NPM boot and apply a network policy."""
    windows.expect("no network yet", holds=not windows.enumerate("networks", Name="azure"))
    network = windows.create(
        "networks",
        {
            "Name": "azure",
            "Type": "L2Bridge",
            "Policies": [
                {
                    "Type": "NetAdapterName",
                    "Settings": {"NetworkAdapterName": "Ethernet"},
                }
            ],
            "Ipams": [
                {
                    "Type": "Static",
                    "Subnets": [
                        {
                            "IpAddressPrefix": "10.240.0.0/12",
                            "Routes": [
                                {
                                    "NextHop": "10.240.0.1",
                                    "DestinationPrefix": "0.0.0.0/0",
                                }
                            ],
                        }
                    ],
                }
            ],
            "Flags": 8,
            "SchemaVersion": {"Major": 2, "Minor": 0},
        },
    )
    namespace = windows.create("namespaces", {"SchemaVersion": {"Major": 2, "Minor": 0}})
    endpoint = windows.create(
        "endpoints",
        {
            "Name": "5f0d3b9c-eth0",
            "HostComputeNetwork": network["ID"],
            "Policies": [{"Type": "OutBoundNAT", "Settings": {"Exceptions": ["10.240.0.0/12"]}}],
            "IpConfigurations": [{"IpAddress": "10.240.0.15", "PrefixLength": 12}],
            "Dns": {"Search": [""], "ServerList": ["10.0.0.10"]},
            "SchemaVersion": {"Major": 2, "Minor": 0},
        },
    )
    windows.modify(
        "namespaces",
        namespace["ID"],
        {
            "ResourceType": "Endpoint",
            "RequestType": "Add",
            "Settings": {"EndpointId": endpoint["ID"]},
        },
    )
    _npm(windows, network["ID"])


def _npm(windows: Windows, network_id: str) -> None:
    windows.enumerate("endpoints", State=3)
    attached = windows.enumerate("endpoints", State=2)
    windows.expect("one pod in state 2, Attached", holds=len(attached) == 1)
    _sets(
        windows,
        network_id,
        "Add",
        [("azure-npm-1", "IPSET", "10.240.0.15,10.240.0.16")],
    )
    _sets(windows, network_id, "Add", [("azure-npm-2", "NESTEDIPSET", "azure-npm-1")])
    acl = {
        "Id": "azure-acl-prod-allow-web",
        "Protocols": "6",
        "Action": "Allow",
        "Direction": "In",
        "LocalAddresses": "azure-npm-1",
        "LocalPorts": "80,443",
        "RuleType": "Switch",
        "Priority": 222,
    }
    probe = {
        "Id": "azure-acl-node-probe",
        "Action": "Allow",
        "Direction": "In",
        "RemoteAddresses": "10.127.130.35",
        "Priority": 201,
    }
    both = [{"Type": "ACL", "Settings": acl}, {"Type": "ACL", "Settings": probe}]
    _acls(windows, attached[0]["ID"], "Add", both)
    windows.expect_refusal(
        0x803B002C,
        "PATCH",
        f"/v2/networks/{network_id}",
        _set_request("Remove", [("azure-npm-1", "IPSET", "10.240.0.15,10.240.0.16")]),
    )
    policies = windows.query("endpoints", attached[0]["ID"])["Policies"]
    rest = [policy for policy in policies if policy["Settings"].get("Id") != acl["Id"]]
    after = _acls(windows, attached[0]["ID"], "Update", rest)
    windows.expect(
        "one ACL is gone, the others are still there",
        holds=sorted(policy["Type"] for policy in after["Policies"]) == ["ACL", "OutBoundNAT"],
    )


def _acls(windows: Windows, endpoint_id: str, request: str, policies: list[Document]) -> Document:
    return windows.modify(
        "endpoints",
        endpoint_id,
        {
            "ResourceType": "Policy",
            "RequestType": request,
            "Settings": {"Policies": policies},
        },
    )


def _sets(
    windows: Windows, network_id: str, request: str, sets: list[tuple[str, str, str]]
) -> None:
    windows.modify("networks", network_id, _set_request(request, sets))


def _set_request(request: str, sets: list[tuple[str, str, str]]) -> Document:
    return {
        "ResourceType": "Policy",
        "RequestType": request,
        "Settings": {
            "Policies": [
                {
                    "Type": "SetPolicy",
                    "Settings": {
                        "Id": name,
                        "Name": name,
                        "PolicyType": kind,
                        "Values": values,
                    },
                }
                for name, kind, values in sets
            ]
        },
    }
