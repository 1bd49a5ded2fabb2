"""A test asks what a program really sent, and finds a bug that its state does not show."""

from collections.abc import Callable

from hnsemu.testing import Api, Host, host

_SCHEMA = {"Major": 2, "Minor": 0}
_POD = {"Name": "pod", "IpConfigurations": [{"IpAddress": "10.244.1.5"}], "SchemaVersion": _SCHEMA}
_NETWORK = {
    "Name": "pods",
    "Type": "L2Bridge",
    "SchemaVersion": _SCHEMA,
    "Ipams": [{"Subnets": [{"IpAddressPrefix": "10.244.1.0/24"}]}],
}
_SYNCS = 3


def play(url: str, show: Callable[[str, str], None]) -> None:
    """Verify that three syncs of one service create its load balancer once."""
    for name, sync in (("as it was written", hasty_sync), ("after the fix", careful_sync)):
        with host(url=url, label="verified") as hns:
            pod = _prepare(hns)
            for _ in range(_SYNCS):
                sync(hns.v2, pod)
            kept = [balancer["Name"] for balancer in hns.v2.get("/loadbalancers")]
            show(f"{_SYNCS} syncs, {name}", f"load balancers afterwards: {', '.join(kept)}")
            assert kept == ["shop"]
            outcome = _verified(hns)
            show("verify HcnCreateLoadBalancer, count 1", outcome)
            assert ("seen: 3" in outcome) == (sync is hasty_sync)


def hasty_sync(v2: Api, pod: str) -> None:
    """Replace the load balancer each time: connections break, and the end looks right."""
    for balancer in v2.get("/loadbalancers"):
        v2.delete(f"/loadbalancers/{balancer['ID']}")
    v2.post("/loadbalancers", _service(pod))


def careful_sync(v2: Api, pod: str) -> None:
    """Create the load balancer unless it is there."""
    if "shop" not in [balancer["Name"] for balancer in v2.get("/loadbalancers")]:
        v2.post("/loadbalancers", _service(pod))


def _prepare(hns: Host) -> str:
    """Give the host a pod; return its id. These calls are the test's own."""
    network = hns.v2.post("/networks", _NETWORK)["ID"]
    pod = hns.v2.post(f"/networks/{network}/endpoints", _POD)["ID"]
    hns.requests.clear()
    return str(pod)


def _verified(hns: Host) -> str:
    try:
        hns.verify("HcnCreateLoadBalancer", count=1)
    except AssertionError as error:
        return str(error)
    return "yes"


def _service(pod: str) -> dict[str, object]:
    return {
        "Name": "shop",
        "HostComputeEndpoints": [pod],
        "FrontendVIPs": ["10.96.0.10"],
        "PortMappings": [{"Protocol": 6, "ExternalPort": 80, "InternalPort": 8080}],
        "SchemaVersion": _SCHEMA,
    }
