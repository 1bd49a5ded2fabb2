"""kube-proxy on an overlay node with DSR, synchronised twice.

Source: clients.md section 3.
"""

from demo.scenarios import flannel
from demo.windows import Windows

# HNS 15.4, with which Windows Server 2025 began, only says that it modified a load balancer.
HOST = {"release": "ws2025", "hns_version": {"major": 15, "minor": 5}}

_CLUSTER_IP = "10.96.0.10"
_REMOTE = "10.244.3.17"


def play(windows: Windows) -> None:
    """Start, sync twice, scale the service, clean up."""
    flannel.overlay_network(windows)
    windows.hns_call("GET", "/globals/version")
    windows.hns_call("GET", "/policylists/")
    for balancer in windows.enumerate("loadbalancers"):
        windows.delete("loadbalancers", balancer["ID"])
    network = windows.enumerate("networks", Name="flannel.4096")[0]
    local = windows.create(
        "endpoints",
        {
            "Name": "pod_flannel.4096",
            "HostComputeNetwork": network["ID"],
            "IpConfigurations": [{"IpAddress": "10.244.2.5"}],
            "SchemaVersion": {"Major": 2, "Minor": 0},
        },
    )
    first = _sync(windows, network["ID"])
    second = _sync(windows, network["ID"])
    windows.expect("the first sync created three objects", holds=first == 3)
    windows.expect("the second sync wrote nothing", holds=second == 0)
    balancer = windows.enumerate("loadbalancers")[0]
    windows.expect_refusal(
        0x800700B7,
        "POST",
        "/v2/loadbalancers",
        _balancer(balancer["HostComputeEndpoints"]),
    )
    scaled = _balancer([*balancer["HostComputeEndpoints"], local["ID"]])
    after = windows.modify("loadbalancers", balancer["ID"], scaled)
    windows.expect(
        "same load balancer, two backends",
        holds=len(after["HostComputeEndpoints"]) == 2,
    )
    lists = windows.hns_call("GET", "/policylists/")
    windows.expect("HNS 1 shows it as an ELB", holds=lists[0]["Policies"][0]["Type"] == "ELB")
    windows.delete("loadbalancers", balancer["ID"])


def _sync(windows: Windows, network_id: str) -> int:
    """Sync one service with one remote backend; return how many objects were created."""
    created = 0
    known = {
        configuration["IpAddress"]: endpoint
        for endpoint in windows.enumerate("endpoints", VirtualNetwork=network_id)
        for configuration in endpoint.get("IpConfigurations", [])
    }
    balancers = windows.enumerate("loadbalancers")
    for address, provider in (
        (_CLUSTER_IP, "10.127.130.35"),
        (_REMOTE, "10.127.130.36"),
    ):
        if address not in known:
            known[address] = _remote(windows, network_id, address, provider)
            created += 1
    if not balancers:
        windows.create("loadbalancers", _balancer([known[_REMOTE]["ID"]]))
        created += 1
    return created


def _remote(windows: Windows, network_id: str, address: str, provider: str) -> dict[str, object]:
    return windows.create(
        "endpoints",
        {
            "HostComputeNetwork": network_id,
            "Policies": [{"Type": "ProviderAddress", "Settings": {"ProviderAddress": provider}}],
            "IpConfigurations": [{"IpAddress": address}],
            "MacAddress": "02-11-" + "-".join(f"{int(part):02x}" for part in address.split(".")),
            "Flags": 1,
            "SchemaVersion": {"Major": 2, "Minor": 0},
        },
    )


def _balancer(endpoints: list[object]) -> dict[str, object]:
    return {
        "HostComputeEndpoints": endpoints,
        "SourceVIP": "10.244.2.2",
        "FrontendVIPs": [_CLUSTER_IP],
        "PortMappings": [{"Protocol": 6, "InternalPort": 8080, "ExternalPort": 80}],
        "SchemaVersion": {"Major": 2, "Minor": 0},
        "Flags": 1,
    }
