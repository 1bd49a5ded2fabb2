"""Policies that HNS accepts and that break only when the endpoint is plugged in.

Source: hns-behaviour.md section 6.3: containerd#5729, a policy whose prefix was no address, was
accepted at creation, and the endpoint was degraded at attach [O].
"""

import ipaddress
import json
from collections.abc import Iterable, Iterator

from hnsemu.domain.facts import Policy

# Members that must hold a prefix, by policy type.
_PREFIXES = {
    "SDNRoute": ("DestinationPrefix",),
    "OutBoundNAT": ("Exceptions", "Destinations"),
    "L4Proxy": ("ExceptionList", "Exceptions"),
}


def unplumbable(policies: Iterable[Policy]) -> str:
    """Return the first text that stands where a prefix must be and is none; "" when all are."""
    for policy in policies:
        for text in _prefixes(policy):
            try:
                ipaddress.ip_network(text, strict=False)
            except ValueError:
                return text
    return ""


def _prefixes(policy: Policy) -> Iterator[str]:
    if policy.type not in _PREFIXES:
        return
    settings = json.loads(policy.settings) or {}
    for name in _PREFIXES[policy.type]:
        value = settings.get(name) or ()
        yield from (str(each) for each in ([value] if isinstance(value, str) else value))
