"""What a pasted text holds."""

import json

import pytest

from hnsemu.errors import HnsError, Hr
from hnsemu.schema.host.pasted import Pasted, read_pasted

ACL = {"Type": "ACL", "Settings": {"Priority": 1}}
NETWORK_ACL = {"Type": "NetworkACL", "Settings": {}}
BALANCER = {"FrontendVIPs": ["10.96.0.10"], "HostComputeEndpoints": []}


@pytest.mark.parametrize(
    ("document", "found"),
    [
        (ACL, Pasted(policies=(ACL,))),
        ([ACL, ACL], Pasted(policies=(ACL, ACL))),
        ([], Pasted()),
        ({"Name": "web", "Policies": [ACL]}, Pasted(policies=(ACL,), endpoint="web")),
        ({"ID": "1", "Name": "web", "Policies": []}, Pasted(endpoint="1")),
        ({"Policies": [NETWORK_ACL]}, Pasted(policies=(NETWORK_ACL,), is_of_network=True)),
        (BALANCER, Pasted(balancer=BALANCER)),
    ],
)
def test_a_text_holds_policies_or_a_load_balancer(document: object, found: Pasted) -> None:
    assert read_pasted(json.dumps(document)) == found


@pytest.mark.parametrize(
    "text", ["", "{", "1", "null", '"ACL"', "{}", '[{"Type": "ACL"}, {"Type": "NetworkACL"}]',
             '[{"Type": ["ACL"]}]', '{"Policies": [1]}', "[" * 100_001]
)  # fmt: skip
def test_what_holds_neither_is_refused(text: str) -> None:
    with pytest.raises(HnsError) as refusal:
        read_pasted(text)
    assert refusal.value.hr is Hr.E_INVALIDARG


def test_a_reset_names_no_policies() -> None:
    request = Pasted(policies=(ACL,)).endpoint_request("Reset")
    assert (str(request.request_type), request.settings) == ("Reset", {"Policies": []})
