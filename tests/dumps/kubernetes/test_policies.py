"""A wrong member of a NetworkPolicy is refused by its name; what is left out has its default."""

import pytest

from hnsemu.dumps.kubernetes.policies import policy_of
from hnsemu.errors import HnsError
from tests.dumps.kubernetes.objects import Json, policy, resources

TCP_80: Json = {"port": 80}


def _into(**rule: object) -> Json:
    return policy("web", ingress=[rule])


WRONG: list[tuple[Json, str]] = [
    (policy("web", policyTypes=["In"]), 'spec.policyTypes[0]: "In" is unknown; write Ingress or'),
    (policy("web", ingress={}), "spec.ingress: must be a list, not {}"),
    (_into(**{"from": [{}]}), "spec.ingress[0].from[0].podSelector: is missing, as are"),
    (_into(**{"from": [{"podSelector": {}, "ipBlock": {"cidr": "10.0.0.0/8"}}]}),
     "spec.ingress[0].from[0].ipBlock: stands alone"),
    (_into(**{"from": [{"ipBlock": {}}]}), 'spec.ingress[0].from[0].ipBlock.cidr: "" is no prefix'),
    (_into(**{"from": [{"ipBlock": {"cidr": "10.0.0.0/8", "except": ["11.0.0.0/9"]}}]}),
     "spec.ingress[0].from[0].ipBlock.except[0]: 11.0.0.0/9 is not within 10.0.0.0/8"),
    (_into(**{"from": [{"ipBlock": {"cidr": "fd00::/64", "except": ["10.0.0.0/9"]}}]}),
     "spec.ingress[0].from[0].ipBlock.except[0]: 10.0.0.0/9 is not within fd00::/64"),
    (_into(ports=[{"protocol": "ICMP"}]), 'spec.ingress[0].ports[0].protocol: "ICMP" is unknown'),
    (_into(ports=[{"port": 80, "endPort": 79}]), "spec.ingress[0].ports[0].endPort: 79 is below"),
    (_into(ports=[{"endPort": 79}]), "spec.ingress[0].ports[0].endPort: needs a port that is"),
    (_into(ports=[{"port": "http", "endPort": 79}]), "spec.ingress[0].ports[0].endPort: needs a"),
    (_into(ports=[{"port": 65536}]), "spec.ingress[0].ports[0].port: 65536 is no port"),
    (policy("web", egress=[{"to": "all"}]), "spec.egress[0].to: must be a list"),
    (policy("web") | {"spec": {"podSelector": "web"}}, "spec.podSelector: must be an object"),
]  # fmt: skip


@pytest.mark.parametrize(("wrong", "sentence"), WRONG)
def test_a_wrong_member_is_named(wrong: Json, sentence: str) -> None:
    (found,) = resources(wrong)
    with pytest.raises(HnsError) as refusal:
        policy_of(found)
    assert refusal.value.detail.startswith(f"NetworkPolicy shop/web {sentence}")


@pytest.mark.parametrize(
    ("spec", "directions"),
    [
        ({}, (True, False)),
        ({"ingress": [{}]}, (True, False)),
        ({"egress": []}, (True, True)),
        ({"policyTypes": ["Egress"], "ingress": [{}]}, (False, True)),
        ({"policyTypes": ["Ingress"], "egress": [{}]}, (True, False)),
    ],
)
def test_directions_follow_from_the_types(spec: Json, directions: tuple[bool, bool]) -> None:
    (found,) = resources(policy("web", **spec))
    made = policy_of(found)
    assert (made.ingress is not None, made.egress is not None) == directions
