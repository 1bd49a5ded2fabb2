"""What the policies of a new network and its subnets come to."""

from hnsemu.domain.identity import IdentityRequest
from hnsemu.domain.network_creation import NetworkRequest
from hnsemu.domain.network_rules import Flag
from hnsemu.domain.network_types import Mode
from hnsemu.domain.subnets import SubnetRequest
from hnsemu.domain.switch import SwitchRequest
from hnsemu.policies.network_effects import read_network, read_subnet
from tests.policies.judged import context, policy


def test_policies_say_which_switch_and_router_a_network_wants() -> None:
    extension = policy("VSwitchExtension", Enable=True)
    policies = (
        policy("NetAdapterName", NetworkAdapterName="Ethernet"),
        policy("DrMacAddress", Address="00-15-5D-AA-BB-03"),
        extension,
    )
    request = NetworkRequest(
        identity=IdentityRequest(),
        mode=Mode.OVERLAY,
        type_text="Overlay",
        flags=int(Flag.ISOLATE_VSWITCH),
        policies=policies,
        subnets=(SubnetRequest(policies=(policy("VSID", IsolationId=1),)), SubnetRequest()),
    )
    read = read_network(request, context())
    assert read.switch == SwitchRequest(("Ethernet",), "", "", True)
    assert (read.dr_mac, read.extensions) == ("00-15-5D-AA-BB-03", (("", True),))
    assert [subnet.refusal is None for subnet in read.subnets] == [False, True]


def test_a_refusal_waits_until_the_turn_of_its_subnet() -> None:
    subnet = SubnetRequest(policies=(policy("VLAN", IsolationId=5000),))
    assert "VLAN: IsolationId 5000" in str(read_subnet(subnet, context()).refusal)
    fits = SubnetRequest(policies=(policy("VLAN", IsolationId=5),))
    assert read_subnet(fits, context()) is fits
