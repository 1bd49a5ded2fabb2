"""A wrong member of a service or of a slice is refused by its name."""

import pytest

from hnsemu.errors import HnsError
from tests.dumps.kubernetes.objects import Json, backend, backends, node, plan, service

WRONG: list[tuple[Json, str]] = [
    (service("web", {"targetPort": 80}), "spec.ports[0].port: is missing"),
    (service("web", {"port": 70000}), "spec.ports[0].port: 70000 is no port; write 1 to 65535"),
    (service("web", {"port": "http"}), 'spec.ports[0].port: "http" is no port'),
    (service("web", {"port": True}), "spec.ports[0].port: true is no port"),
    (service("web", {"port": 80, "targetPort": 0}), "spec.ports[0].targetPort: 0 is no port"),
    (service("web", {"port": 80, "protocol": "tcp"}),
     'spec.ports[0].protocol: "tcp" is unknown; write TCP or UDP or SCTP'),
    (service("web", {"port": 80}, 5), "spec.ports[1]: must be an object, not 5"),
    (service("web", type="Internal"), 'spec.type: "Internal" is unknown'),
    (service("web", clusterIP="10.96"), 'spec.clusterIP: "10.96" is no address'),
    (service("web", externalIPs=["x"]), 'spec.externalIPs[0]: "x" is no address'),
    (service("web", internalTrafficPolicy="Near"), 'spec.internalTrafficPolicy: "Near" is unknown'),
    (service("web", sessionAffinity=True), "spec.sessionAffinity: must be text, not true"),
    (service("web") | {"status": {"loadBalancer": {"ingress": [{"ip": "y"}]}}},
     'status.loadBalancer.ingress[0].ip: "y" is no address'),
    (backends("web", {"addresses": []}), "endpoints[0].addresses: is empty"),
    (backends("web", backend("here")), 'endpoints[0].addresses[0]: "here" is no address'),
    (backends("web", backend("fd00::1")), "endpoints[0].addresses[0]: fd00::1 is no IPv4 address"),
    (backends("web", {"addresses": ["10.0.0.1"], "conditions": {"ready": "yes"}}),
     'endpoints[0].conditions.ready: must be true or false, not "yes"'),
    (backends("web", addressType="IPX"), 'addressType: "IPX" is unknown; write IPv4 or IPv6'),
]  # fmt: skip


@pytest.mark.parametrize(("wrong", "sentence"), WRONG)
def test_a_wrong_member_is_named(wrong: Json, sentence: str) -> None:
    with pytest.raises(HnsError) as refusal:
        plan(node("win-1", 1), wrong)
    name = f"{wrong['kind']} shop/{wrong['metadata']['name']}"
    assert refusal.value.detail.startswith(f"line 2: {name} {sentence}")
