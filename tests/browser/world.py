"""What the pages show in tests: hosts with pods, a blocked port, and names that mean harm."""

import httpx

SCHEMA = {"SchemaVersion": {"Major": 2, "Minor": 0}}
HOSTILE = [
    "<img src=x onerror=window.harmed=1>",
    "</script><script>window.harmed=1</script>",
    "a\u202eb\nc",
    "x" * 1000,
]
LONG = "n" * 63  # no name of a host is longer
_NETWORK = {
    "Name": "pods",
    "Type": "L2Bridge",
    "Ipams": [{"Subnets": [{
        "IpAddressPrefix": "10.1.0.0/16",
        "Routes": [{"NextHop": "10.1.0.1", "DestinationPrefix": "0.0.0.0/0"}],
    }]}],
    **SCHEMA,
}  # fmt: skip
_OVERLAY = {
    "Name": "vxlan",
    "Type": "Overlay",
    "Ipams": [{"Subnets": [{
        "IpAddressPrefix": "10.244.0.0/16",
        "Policies": [{"Type": "VSID", "Settings": {"IsolationId": 4096}}],
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


def spread(http: httpx.Client, hosts: int = 20, *, named_long: bool = True) -> None:
    """Make an overlay over the hosts that `fill` made, and whatever else pages show of one."""
    for number in range(1, hosts + 1):
        base = f"/hosts/node-{number}/v2"
        network = http.post(f"{base}/networks", json=_OVERLAY).raise_for_status().json()["ID"]
        subnet, other = f"10.244.{number}", f"10.244.{number % hosts + 1}"
        _pod(
            http,
            base,
            network,
            f"pod-{number}",
            [],
            IpConfigurations=[{"IpAddress": f"{subnet}.2"}],
        )
        remote = {
            "Name": f"remote-{number}",
            "HostComputeNetwork": network,
            "Flags": 1,
            "IpConfigurations": [{"IpAddress": f"{other}.2"}],
            **SCHEMA,
        }
        http.post(f"{base}/endpoints", json=remote).raise_for_status()
    web = next(shown["ID"] for shown in http.get("/hosts/node-1/v2/endpoints").json()
               if shown["Name"] == "web")  # fmt: skip
    route = {"Routes": [{"DestinationPrefix": "10.9.0.0/16", "NextHop": "10.1.0.2"}],
             "HostComputeEndpoints": [web], **SCHEMA}  # fmt: skip
    http.post("/hosts/node-1/v2/sdnroutes", json=route).raise_for_status()
    fault = {"action": "add", "preset": "access-denied", "times": "1"}
    http.post("/hosts/node-3/ui/faults", data=fault)  # which is armed, and meets no call
    if named_long:
        http.put(f"/emulator/hosts/{LONG}").raise_for_status()
    docker = "/hosts/node-1/docker"
    http.post(f"{docker}/images/create?fromImage=iis").raise_for_status()
    shop = {"Image": "iis", "HostConfig": {"PortBindings": {"80/tcp": [{"HostPort": "8080"}]}}}
    http.post(f"{docker}/containers/create?name=shop", json=shop).raise_for_status()
    http.post(f"{docker}/containers/shop/start").raise_for_status()


def _pod(
    http: httpx.Client,
    base: str,
    network: str,
    name: str,
    policies: list[dict[str, object]],
    **members: object,
) -> str:
    """Make an endpoint in a namespace of its own; return its id."""
    namespace = http.post(f"{base}/namespaces", json={"Type": "Guest", **SCHEMA}).json()["ID"]
    body = {"Name": name, "HostComputeNetwork": network, "Policies": policies, **members, **SCHEMA}
    endpoint: str = http.post(f"{base}/endpoints", json=body).raise_for_status().json()["ID"]
    change = {
        "ResourceType": "Endpoint",
        "RequestType": "Add",
        "Settings": {"EndpointId": endpoint},
    }
    http.patch(f"{base}/namespaces/{namespace}", json=change).raise_for_status()
    return endpoint
