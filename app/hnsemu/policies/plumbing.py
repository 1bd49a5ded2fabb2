"""Policies that HNS accepts and that break only when the endpoint is plugged in.

Source: hns-behaviour.md section 6.3: containerd#5729, a policy whose prefix was no address, was
accepted at creation, and the endpoint was degraded at attach [O].
"""

import ipaddress
from collections.abc import Iterable, Iterator

from hnsemu.domain.facts import Policy
from hnsemu.policies.catalogue import ENDPOINT
from hnsemu.policies.settings import readable


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
    row = ENDPOINT[policy.type]
    if not row.prefixes:
        return
    settings = readable(row.settings, policy)
    for name in row.prefixes:
        value = getattr(settings, name, None) or ()
        yield from (value,) if isinstance(value, str) else value
