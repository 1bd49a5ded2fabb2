"""Policies that are taken as they are and break when the endpoint is plugged in.

Source: containerd#5729 [O].
"""

import json

import pytest

from hnsemu.domain.facts import Policy
from hnsemu.policies.plumbing import unplumbable


def policy(kind: str, **settings: object) -> Policy:
    """Return a policy as it is kept."""
    return Policy(kind, json.dumps(settings))


@pytest.mark.parametrize(
    "broken",
    [
        policy("SDNRoute", DestinationPrefix="nonsense"),
        policy("OutBoundNAT", Exceptions=["10.0.0.0/8", "nonsense"]),
        policy("OutBoundNAT", Destinations=["nonsense"]),
        policy("L4Proxy", ExceptionList=["nonsense"]),
    ],
    ids=lambda each: f"{each.type} {each.settings}",
)
def test_what_is_no_prefix_breaks(broken: Policy) -> None:
    assert unplumbable([policy("PortName", Name="x"), broken]) == "nonsense"


@pytest.mark.parametrize(
    "sound",
    [
        policy("SDNRoute", DestinationPrefix="10.96.0.0/12"),
        policy("SDNRoute", DestinationPrefix="169.254.169.254/24"),
        policy("OutBoundNAT", Exceptions=["10.0.0.0/8", "fd00::/8", "10.0.0.1"]),
        policy("OutBoundNAT"),
        policy("OutBoundNAT", Exceptions=None),
        policy("ACL", LocalAddresses="nonsense"),
    ],
    ids=lambda each: f"{each.type} {each.settings}",
)
def test_everything_else_holds(sound: Policy) -> None:
    assert unplumbable([sound]) == ""
