"""Containers on networks: what a client may ask for, and what dockerd asks HNS for.

Source: docker.md sections 0, 4 and 5 [C], recorded of dockerd 28.5.2 [O].
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from ipaddress import IPv4Network, ip_address, ip_network
from typing import Any

from hnsemu.docker.domain.containers import DockerContainer, DockerEndpoint, names_on
from hnsemu.docker.domain.networks import DockerNetwork
from hnsemu.docker.domain.ports import Port, Published
from hnsemu.docker.errors import BAD_REQUEST, FAILED, DockerError

_SHIM = "com.docker.network.windowsshim."
_OUTBOUND_NAT = f"{_SHIM}enable_outboundnat"
_EXCEPTIONS = f"{_SHIM}outboundnat_exceptions"
_NO_GATEWAY_DNS = f"{_SHIM}disable_gatewaydns"
_TYPED = frozenset(
    {
        f"{_SHIM}disable_dns",
        f"{_SHIM}disableicc",
        "com.docker.endpoint.windowsshim.qospolicies",
    }
)
"""Options of endpoints that are no texts in dockerd, so that no client can give them."""

_MAC = re.compile(
    r"(?:[0-9a-f]{2}:){5}[0-9a-f]{2}|(?:[0-9a-f]{2}-){5}[0-9a-f]{2}"
    r"|(?:[0-9a-f]{2}:){7}[0-9a-f]{2}|(?:[0-9a-f]{4}\.){2}[0-9a-f]{4}",
    re.IGNORECASE,
)
_TRUE = frozenset({"1", "t", "T", "TRUE", "true", "True"})
_ANY = "0.0.0.0/0"
_CLASS_B, _CLASS_C = 128, 192
_NOT_CONFIGURED = (
    "user specified IP address is supported only when connecting to networks with user configured "
    "subnets"
)


def new_connections(
    mode: str, mac_address: str, endpoints: Mapping[str, Mapping[str, Any]]
) -> dict[str, dict[str, Any]]:
    """Return the networks that a new container is to join, with what the client said of each.

    mode:        HostConfig.NetworkMode, settled.
    mac_address: the deprecated member of the container, which belongs to the network of the mode.
    """
    named = {
        ("nat" if name == "default" else name): dict(settings)
        for name, settings in endpoints.items()
    }
    if mac_address:
        own = named.setdefault(mode, {})
        own["MacAddress"] = own.get("MacAddress") or mac_address
    return named or {mode: {}}


def check_settings(name: str, settings: Mapping[str, Any], network: DockerNetwork | None) -> None:
    """Refuse settings of a connection that no endpoint can have.

    network: None where there is none of that name yet, so that only the texts are checked.
    Raises: DockerError 400.
    """
    mac_address = settings.get("MacAddress") or ""
    if mac_address and not _MAC.fullmatch(mac_address):
        raise _invalid(name, f"invalid MAC address {mac_address}")
    ipam = settings.get("IPAMConfig") or {}
    faults = [
        *_faults(ipam.get("IPv4Address") or "", 4, network),
        *_faults(ipam.get("IPv6Address") or "", 6, network),
    ]
    if faults:
        listed = faults if len(faults) == 1 else [f"* {fault}" for fault in faults]
        raise _invalid(name, "\n".join(["invalid endpoint settings:", *listed]))


def endpoint_policies(
    network: DockerNetwork, nat: Sequence[Mapping[str, object]]
) -> list[Mapping[str, object]]:
    """Return the policies of an endpoint: what is published, then the source NAT of its network."""
    if network.options.get(_OUTBOUND_NAT, "") not in _TRUE:
        return list(nat)
    outbound: dict[str, object] = {"Type": "OutBoundNAT"}
    if exceptions := network.options.get(_EXCEPTIONS):
        outbound["ExceptionList"] = exceptions.split(",")
    return [*nat, outbound]


def endpoint_document(
    network: DockerNetwork,
    container: DockerContainer,
    endpoint: DockerEndpoint,
    policies: Sequence[Mapping[str, object]],
) -> dict[str, object]:
    """Return the HNS 1 document of the endpoint, members in the order of dockerd.

    Raises: DockerError 500 for an option that dockerd cannot read.
    """
    if _TYPED & set(endpoint.settings.get("DriverOpts") or ()):
        raise DockerError(FAILED, "Invalid endpoint configuration")
    servers = [] if network.internal else container.host_config["Dns"] or []
    has_dns = network.driver == "nat" and network.options.get(_NO_GATEWAY_DNS, "") not in _TRUE
    document: dict[str, object] = {
        "VirtualNetwork": network.hns_id,
        "Policies": list(policies),
        "MacAddress": (endpoint.settings.get("MacAddress") or "").replace(":", "-"),
        "IPAddress": wanted_address(endpoint),
        "DNSServerList": ",".join(servers),
        "EnableInternalDNS": has_dns,
    }
    return {member: value for member, value in document.items() if value}


def wanted_address(endpoint: DockerEndpoint) -> str:
    """Return the address that the client wants, "" for any."""
    return str((endpoint.settings.get("IPAMConfig") or {}).get("IPv4Address") or "")


def prefix_length(address: str, endpoint: DockerEndpoint, network: DockerNetwork) -> int:
    """Return IPPrefixLen: that of the address' class, or of the pool if the client chose it."""
    if not address:
        return 0
    if not wanted_address(endpoint):
        first = int(address.partition(".")[0])
        return 8 if first < _CLASS_B else 16 if first < _CLASS_C else 24
    if network.ipam.is_automatic:
        return 0
    return next((pool.prefixlen for pool in _pools(network, 4) if ip_address(address) in pool), 0)


def published_ports(policies: Sequence[Mapping[str, Any]]) -> tuple[Published, ...]:
    """Return what HNS published, from the policies of its answer."""
    return tuple(
        Published(
            Port(int(policy["InternalPort"]), str(policy["Protocol"]).lower()),
            int(policy["ExternalPort"]),
        )
        for policy in policies
        if str(policy.get("Type", "")).upper() == "NAT"
    )


def named(container: DockerContainer, endpoint: DockerEndpoint) -> DockerEndpoint:
    """Return a connection with the names that the container has on it."""
    return replace(endpoint, dns_names=names_on(container, endpoint))


def unplugged(endpoint: DockerEndpoint) -> DockerEndpoint:
    """Return a connection as it is while the container does not run."""
    return DockerEndpoint(
        network=endpoint.network,
        settings=endpoint.settings,
        network_id=endpoint.network_id,
        dns_names=endpoint.dns_names,
        key=endpoint.key,
    )


def _faults(text: str, version: int, network: DockerNetwork | None) -> list[str]:
    if not text:
        return []
    try:
        address = ip_address(text)
    except ValueError:
        return [f"invalid IPv{version} address: {text}"]
    if address.version != version:
        return [f"invalid IPv{version} address: {text}"]
    if network is None or (network.ipam.is_automatic and version == 4):  # noqa: PLR2004 (0.0.0.0/0)
        return []
    pools = _pools(network, version)
    if any(address in pool for pool in pools):
        return []
    outside = f"no configured subnet or ip-range contain the IP address {text}"
    return [outside if pools else _NOT_CONFIGURED]


def _pools(network: DockerNetwork, version: int) -> list[Any]:
    pools = [ip_network(pool.subnet, strict=False) for pool in network.ipam.pools or ()]
    wide = [pool for pool in pools if pool.version == version]
    return wide or ([] if pools or version != 4 else [IPv4Network(_ANY)])  # noqa: PLR2004


def _invalid(name: str, text: str) -> DockerError:
    return DockerError(BAD_REQUEST, f"invalid config for network {name}: {text}")
