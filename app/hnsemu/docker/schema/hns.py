"""The HNS 1 documents that the daemon sends, members in its order, those that are empty left out.

Source: docker.md section 4 [S], recorded of dockerd 28.5.2 [M].
"""

from collections.abc import Sequence

ANY_SUBNET = "0.0.0.0/0"


def network_document(
    name: str,
    driver: str,
    subnets: Sequence[tuple[str, str]],
    *,
    adapter: str = "",
    policies: Sequence[dict[str, object]] = (),
    mac_pools: Sequence[dict[str, str]] = (),
    dns_suffix: str = "",
    dns_servers: str = "",
) -> dict[str, object]:
    """Return the document of POST /networks/.

    subnets: prefix and gateway of each, "" for no gateway.
    """
    document: dict[str, object] = {
        "Name": name,
        "Type": driver,
        "NetworkAdapterName": adapter,
        "Policies": list(policies),
        "MacPools": list(mac_pools),
        "Subnets": [
            {"AddressPrefix": prefix} | ({"GatewayAddress": gateway} if gateway else {})
            for prefix, gateway in subnets
        ],
        "DNSSuffix": dns_suffix,
        "DNSServerList": dns_servers,
    }
    return {member: value for member, value in document.items() if value}
