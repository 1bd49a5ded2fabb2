"""Settings are parsed once, for all their readers."""

import pytest

from hnsemu.domain.facts import Policy
from hnsemu.domain.host_ports import HostPorts
from hnsemu.domain.network_types import Mode
from hnsemu.domain.releases import RELEASES
from hnsemu.errors import HnsError, Hr
from hnsemu.host import SeededSource
from hnsemu.policies import settings
from hnsemu.policies.endpoint_effects import needs_of, new_policies
from hnsemu.policies.model import PolicyContext
from hnsemu.policies.settings import parsed, readable
from hnsemu.schema.base import Document, RawJson, parse
from hnsemu.schema.v2.policies.interface import QosPolicySetting
from hnsemu.schema.v2.policies.wire import EndpointPolicy

POLICIES = (
    ("OutBoundNAT", '{"Exceptions": ["10.244.7.0/24"]}'),
    ("ACL", '{"Action": "Allow", "Direction": "In", "RemoteAddresses": "10.7.0.0/16"}'),
    ("PortMapping", '{"Protocol": 6, "InternalPort": 80, "ExternalPort": 8087}'),
)


@pytest.fixture
def parses(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the settings models that are parsed from now on, in order."""
    seen: list[str] = []

    def counting(model: type[Document], data: object) -> Document:
        seen.append(model.__name__)
        return parse(model, data)

    settings._parsed.cache_clear()
    monkeypatch.setattr(settings, "parse", counting)
    return seen


def test_a_new_endpoint_with_three_policies_parses_three_settings(parses: list[str]) -> None:
    requested = [
        parse(EndpointPolicy, {"Type": kind, "Settings": RawJson(text)}) for kind, text in POLICIES
    ]
    context = PolicyContext(Mode.L2BRIDGE, RELEASES["ws2025"])
    assert needs_of(requested).mappings
    new = new_policies(requested, context, HostPorts(), SeededSource(), plumbs=True)
    assert [mapping.external_port for mapping in new.published] == [8087]
    assert sorted(parses) == [
        "AclPolicySetting",
        "OutboundNatPolicySetting",
        "PortMappingPolicySetting",
    ]


def test_equal_settings_are_the_same_document(parses: list[str]) -> None:
    cap = '{"MaximumOutgoingBandwidthInBytes": 7}'
    first, second = Policy("QOS", cap), Policy("QOS", "".join(cap))
    assert parsed(QosPolicySetting, first) is parsed(QosPolicySetting, second)
    assert parses == ["QosPolicySetting"]


def test_settings_that_cannot_be_read_are_refused_and_read_as_none() -> None:
    broken = Policy("QOS", '{"MaximumOutgoingBandwidthInBytes": "much"}')
    with pytest.raises(HnsError, match="MaximumOutgoingBandwidthInBytes") as refusal:
        parsed(QosPolicySetting, broken)
    assert refusal.value.hr is Hr.HCN_E_INVALID_POLICY
    assert readable(QosPolicySetting, broken) is None
