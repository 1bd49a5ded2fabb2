"""The collected requests of real clients, and what must exist on a host before each is sent."""

import ipaddress
import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

REQUESTS = Path(__file__).resolve().parents[1] / "requests"

NETWORK = "1a2b3c4d-0001-4000-8000-00000000a001"
ENDPOINTS = tuple(f"1a2b3c4d-0002-4000-8000-00000000b00{n}" for n in (1, 2, 3))
NAMESPACE = "1a2b3c4d-0004-4000-8000-00000000d001"
BALANCER = "1a2b3c4d-0003-4000-8000-00000000c001"
POLICY_LIST = "1a2b3c4d-0003-4000-8000-00000000c002"

_V2 = {"Major": 2, "Minor": 0}
_NOUNS = {
    "Network": "networks",
    "Endpoint": "endpoints",
    "Namespace": "namespaces",
    "LoadBalancer": "loadbalancers",
    "SdnRoute": "sdnroutes",
}


@dataclass(frozen=True)
class Call:
    """One HTTP request."""

    method: str
    path: str
    content: str = ""
    params: dict[str, str] = field(default_factory=dict)


def load(name: str) -> dict[str, Any]:
    """Return the request file called `name`."""
    return dict(json.loads((REQUESTS / f"{name}.json").read_text()))


def names() -> list[str]:
    """Return the names of all request files."""
    return sorted(path.stem for path in REQUESTS.glob("*.json"))


def call_of(request: dict[str, Any]) -> Call:
    """Turn HNSCall and the HCN functions into the HTTP request that carries them."""
    content = request.get("body_text") or (
        json.dumps(request["body"]) if request.get("body") is not None else ""
    )
    call = request["call"]
    if "method" in call:
        path = call["path"]
        for literal, stands_for in request.get("refs", {}).items():
            path = path.replace("{" + stands_for + "}", literal)
        return Call(call["method"], f"/v1{path}", content)
    verb, noun = _function(call["function"])
    params = {}
    if verb in {"Enumerate", "Query"}:
        query = request.get("query")
        params = {"query": content or (query if isinstance(query, str) else json.dumps(query))}
        content = ""
    one = f"/v2/{noun}/{call.get('id', '')}"
    return {
        "Create": Call("POST", f"/v2/{noun}", content),
        "Modify": Call("PATCH", one, content),
        "Delete": Call("DELETE", one),
        "Query": Call("GET", one, params=params),
        "Enumerate": Call("GET", f"/v2/{noun}", params=params),
    }[verb]


def _function(name: str) -> tuple[str, str]:
    for verb in ("Create", "Modify", "Delete", "Query", "Enumerate"):
        if name.startswith(f"Hcn{verb}"):
            noun = name.removeprefix(f"Hcn{verb}").removesuffix("Properties")
            return verb, _NOUNS.get(noun) or _NOUNS[noun.removesuffix("s")]
    raise ValueError(name)


def before(name: str, request: dict[str, Any]) -> list[Call]:
    """Return the calls that make what the request refers to: its network, endpoints and so on."""
    wanted = set(request.get("refs", {}))
    text = json.dumps(request)
    network = _network(name, text)
    calls = []
    creates_network = request["call"].get("function") == "HcnCreateNetwork" or (
        request["call"].get("path", "").rstrip("/") == "/networks"
    )
    if not creates_network:
        calls.append(Call("POST", "/v2/networks", json.dumps(network)))
    calls += [
        Call("POST", "/v2/endpoints", json.dumps({"ID": endpoint, **_endpoint()}))
        for endpoint in ENDPOINTS
        if endpoint in wanted
    ]
    if NAMESPACE in wanted:
        namespace = {"ID": NAMESPACE, "SchemaVersion": _V2}
        calls.append(Call("POST", "/v2/namespaces", json.dumps(namespace)))
    calls += [
        Call("POST", "/v2/loadbalancers", json.dumps({"ID": balancer, **_balancer()}))
        for balancer in (BALANCER, POLICY_LIST)
        if balancer in wanted and "recreate" not in name
    ]
    if wanted & {BALANCER, POLICY_LIST} and ENDPOINTS[0] not in wanted:
        calls.insert(
            1,
            Call("POST", "/v2/endpoints", json.dumps({"ID": ENDPOINTS[0], **_endpoint()})),
        )
    return calls + _sets(name) + _undoable(name)


# Prefixes that clients take addresses from, with their gateways.
_PREFIXES = {
    "192.168.1.0/24": "192.168.1.1",
    "192.168.100.0/24": "192.168.100.1",
    "192.168.0.0/19": "192.168.0.1",
    "20.20.20.0/24": "20.20.20.1",
    "169.254.128.0/17": "169.254.128.2",
    "10.0.0.0/8": "10.0.0.1",
}


def _network(name: str, text: str) -> dict[str, Any]:
    """Return a network of the kind and prefix that the client works on."""
    overlay = (
        "overlay",
        "vxlan",
        "kube-proxy",
        "calico-cni",
        "hcsshim",
        "calico-felix",
        "ovn",
    )
    mode, prefix, gateway = "L2Bridge", "10.0.0.0/8", "10.0.0.1"
    if "nat" in name and "moby" in name:
        mode, prefix, gateway = "NAT", "172.28.16.0/20", "172.28.16.1"
    elif any(word in name for word in overlay) and "l2bridge" not in name and "ipv6" not in name:
        mode = "Overlay"
    wanted = re.findall(r'"(?:IpAddress|IPAddress)": "(\d+\.\d+\.\d+\.\d+)"', text)
    for other, other_gateway in _PREFIXES.items():
        if wanted and ipaddress.ip_address(wanted[0]) in ipaddress.ip_network(other):
            prefix, gateway = other, other_gateway
            break
    subnet: dict[str, Any] = {
        "IpAddressPrefix": prefix,
        "Routes": [{"NextHop": gateway, "DestinationPrefix": "0.0.0.0/0"}],
    }
    if mode == "Overlay":
        subnet["Policies"] = [{"Type": "VSID", "Settings": {"IsolationId": 4096}}]
    subnets = [subnet]
    if "dualstack" in name:
        subnets.append(
            {
                "IpAddressPrefix": "fd00:10:244:1::/64",
                "Routes": [{"NextHop": "fd00:10:244:1::1", "DestinationPrefix": "::/0"}],
            }
        )
    return {
        "ID": NETWORK,
        "Name": "taskbr02bac33ad761" if "aws-vpc-eni" in name else "prepared",
        "Type": mode,
        "Ipams": [{"Type": "Static", "Subnets": subnets}],
        "SchemaVersion": _V2,
    }


def _endpoint() -> dict[str, Any]:
    return {"HostComputeNetwork": NETWORK, "SchemaVersion": _V2}


def _balancer() -> dict[str, Any]:
    return {
        "HostComputeEndpoints": [ENDPOINTS[0]],
        "FrontendVIPs": ["10.96.7.7"],
        "PortMappings": [{"Protocol": 6, "InternalPort": 80, "ExternalPort": 80}],
        "SchemaVersion": _V2,
    }


def _undoable(name: str) -> list[Call]:
    """Return the call that a request undoes."""
    if name.endswith(("namespace-remove-endpoint",)):
        settings = {"EndpointId": ENDPOINTS[0]}
        request = {"ResourceType": "Endpoint", "RequestType": "Add", "Settings": settings}
        return [Call("PATCH", f"/v2/namespaces/{NAMESPACE}", json.dumps(request))]
    if name.endswith("endpoint-detach"):
        return [
            Call("POST", f"/v1/endpoints/{ENDPOINTS[0]}/attach", json.dumps(load(name)["body"]))
        ]
    if name.endswith("remotesubnetroute-remove"):
        request = {**load(name)["body"], "RequestType": "Add"}
        return [Call("PATCH", f"/v2/networks/{NETWORK}", json.dumps(request))]
    return []


def _sets(name: str) -> list[Call]:
    """Return the IP sets that a request of NPM names."""
    if not name.startswith("azure-npm--"):
        return []
    plain = [
        ("azure-npm-1129387421", "10.240.0.15"),
        ("azure-npm-2273141414", "10.240.0.15"),
    ]
    sets = [(set_id, "IPSET", values) for set_id, values in plain]
    if name.endswith("remove"):
        sets.append(("azure-npm-3922407721", "NESTEDIPSET", "azure-npm-2273141414"))
    if name.endswith("add-ipset"):
        return []
    return [
        Call(
            "PATCH",
            f"/v2/networks/{NETWORK}",
            json.dumps(
                {
                    "ResourceType": "Policy",
                    "RequestType": "Add",
                    "Settings": {
                        "Policies": [
                            {
                                "Type": "SetPolicy",
                                "Settings": {
                                    "Id": set_id,
                                    "Name": set_id,
                                    "PolicyType": kind,
                                    "Values": values,
                                },
                            }
                        ]
                    },
                }
            ),
        )
        for set_id, kind, values in sets
    ]
