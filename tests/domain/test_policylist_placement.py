"""Where a policy list stands: its endpoints, its network, and who has its frontends."""

from dataclasses import replace

import pytest

from hnsemu.domain.loadbalancers import Frontend
from hnsemu.domain.policylist_placement import Neighbours, PlacedPolicyList, halved, place
from hnsemu.domain.policylists import PolicyList, PolicyListKind, PortMapping
from hnsemu.domain.releases import RELEASES
from hnsemu.errors import HnsError, Hr

POD = "1c5e1b6f-6c5a-4f0e-9d3c-0b7c8f0a0001"
OTHER = "1c5e1b6f-6c5a-4f0e-9d3c-0b7c8f0a0002"
NETWORK = "1c5e1b6f-6c5a-4f0e-9d3c-0b7c8f0a0003"
BALANCER = PolicyList(
    0,
    "id",
    PolicyListKind.LOAD_BALANCER,
    references=(POD.upper(), OTHER),
    frontend_vips=("10.96.0.1",),
    port_mappings=(PortMapping(6, 80, 80),),
)
FOUND = Neighbours(RELEASES["ws2025"], endpoints={POD: (1, "n1"), OTHER: (2, "n2")})


def test_references_become_keys_and_the_first_tells_the_network() -> None:
    assert place(BALANCER, FOUND) == PlacedPolicyList(
        replace(BALANCER, network="n1"), (1, 2), (Frontend("10.96.0.1", 6, 80),)
    )


def test_one_that_is_left_without_port_mappings_answers_on_nothing() -> None:
    left = halved(place(BALANCER, FOUND))
    assert (left.policy_list.port_mappings, left.frontends) == ((), ())
    assert left.endpoint_keys == (1, 2)
    assert left.policy_list.frontend_vips == BALANCER.frontend_vips


@pytest.mark.parametrize(
    ("release", "named", "shown"),
    [
        ("ws2022", "", ""),
        ("ws2022", f"{{{NETWORK.upper()}}}", NETWORK),
        ("ws2025", NETWORK, NETWORK),
    ],
)
def test_network_is_the_one_named(release: str, named: str, shown: str) -> None:
    neighbours = replace(FOUND, release=RELEASES[release], network_exists=True)
    placed = place(replace(BALANCER, network=named), neighbours)
    assert placed.policy_list.network == shown


@pytest.mark.parametrize(
    ("policy_list", "neighbours", "hr"),
    [
        pytest.param(
            replace(BALANCER, references=()),
            replace(FOUND, id_is_taken=True),
            Hr.E_OBJECT_ALREADY_EXISTS,
            id="an id before no reference",
        ),
        pytest.param(
            replace(BALANCER, references=()),
            FOUND,
            Hr.HCN_E_INVALID_JSON_REFERENCE,
            id="no reference",
        ),
        pytest.param(
            replace(BALANCER, references=("x",)),
            FOUND,
            Hr.HCN_E_GUID_CONVERSION_FAILURE,
            id="reference that is no id",
        ),
        pytest.param(
            replace(BALANCER, network=NETWORK),
            replace(FOUND, endpoints={POD: (1, "n1")}),
            Hr.HCN_E_ENDPOINT_NOT_FOUND,
            id="an endpoint before a network",
        ),
        pytest.param(
            replace(BALANCER, network=NETWORK),
            replace(FOUND, frontend_holder="other"),
            Hr.HCN_E_NETWORK_NOT_FOUND,
            id="a network before a frontend",
        ),
        pytest.param(
            BALANCER, replace(FOUND, frontend_holder="other"), Hr.E_ALREADY_EXISTS, id="frontend"
        ),
    ],
)
def test_refusals_come_in_their_order(
    policy_list: PolicyList, neighbours: Neighbours, hr: Hr
) -> None:
    with pytest.raises(HnsError) as refused:
        place(policy_list, neighbours)
    assert refused.value.hr is hr
