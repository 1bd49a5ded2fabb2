"""The HNS 1 documents that the daemon sends, members in its order, those that are empty left out.

Source: docker.md section 4 [S], recorded of dockerd 28.5.2 [M].
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from hnsemu.domain.endpoints import Endpoint
from hnsemu.domain.releases import Release
from hnsemu.schema.v1.render_endpoints import endpoint_v1

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


@dataclass(frozen=True, slots=True)
class AnsweredEndpoint:
    """What dockerd reads of HNS' answer. mac_address: with colons, in lower case."""

    mac_address: str
    ip_address: str
    gateway: str
    policies: Sequence[dict[str, Any]]


def answered_endpoint(endpoint: Endpoint, release: Release) -> AnsweredEndpoint:
    """Return what dockerd reads of the answer to POST /endpoints/."""
    answer = orjson.loads(orjson.dumps(endpoint_v1(endpoint, release, "friendly")))
    return AnsweredEndpoint(
        str(answer.get("MacAddress", "")).replace("-", ":").lower(),
        answer.get("IPAddress", ""),
        answer.get("GatewayAddress", ""),
        answer.get("Policies") or (),
    )
