"""What the pages show in tests: hosts with pods, a blocked port, and names that mean harm."""

import httpx

SCHEMA = {"SchemaVersion": {"Major": 2, "Minor": 0}}
HOSTILE = [
    "<img src=x onerror=window.harmed=1>",
    "</script><script>window.harmed=1</script>",
    "a\u202eb\nc",
    "x" * 1000,
]
_NETWORK = {
    "Name": "pods",
    "Type": "L2Bridge",
    "Ipams": [{"Subnets": [{
        "IpAddressPrefix": "10.1.0.0/16",
        "Routes": [{"NextHop": "10.1.0.1", "DestinationPrefix": "0.0.0.0/0"}],
    }]}],
    **SCHEMA,
}  # fmt: skip
_BLOCK: dict[str, object] = {
    "Type": "ACL",
    "Settings": {"Action": "Block", "Direction": "In", "Protocols": "6", "LocalPorts": "80",
                 "Priority": 200, "RuleType": "Switch", "Id": "deny-web"},
}  # fmt: skip


def fill(http: httpx.Client, hosts: int = 20, *, harm: bool = True) -> None:
    """Make hosts `node-1`, …; the first has pods, a service, and names that mean `harm`."""
    for number in range(1, hosts + 1):
        host = f"/emulator/hosts/node-{number}"
        if http.get(host).status_code != httpx.codes.OK:
            http.put(host).raise_for_status()
    base = "/hosts/node-1/v2"
    network = http.post(f"{base}/networks", json=_NETWORK).raise_for_status().json()["ID"]
    endpoints = {
        name: _pod(http, base, network, name, [_BLOCK] if name == "web" else [])
        for name in ("client", "web", "db", *(HOSTILE if harm else ()))
    }
    http.post(
        f"{base}/loadbalancers",
        json={
            "HostComputeEndpoints": [endpoints["web"], endpoints["db"]],
            "FrontendVIPs": ["10.96.0.10"],
            "PortMappings": [{"Protocol": 6, "InternalPort": 8080, "ExternalPort": 80}],
            **SCHEMA,
        },
    ).raise_for_status()


def _pod(
    http: httpx.Client, base: str, network: str, name: str, policies: list[dict[str, object]]
) -> str:
    """Make an endpoint in a namespace of its own; return its id."""
    namespace = http.post(f"{base}/namespaces", json={"Type": "Guest", **SCHEMA}).json()["ID"]
    body = {"Name": name, "HostComputeNetwork": network, "Policies": policies, **SCHEMA}
    endpoint: str = http.post(f"{base}/endpoints", json=body).raise_for_status().json()["ID"]
    change = {
        "ResourceType": "Endpoint",
        "RequestType": "Add",
        "Settings": {"EndpointId": endpoint},
    }
    http.patch(f"{base}/namespaces/{namespace}", json=change).raise_for_status()
    return endpoint
