"""Every enum and struct of the published schema exists, with its members and versions."""

import json
from pathlib import Path
from typing import Any

import pytest

from hnsemu.schema import enums, v2
from hnsemu.schema.base import Document, Since

FACTS = json.loads((Path(__file__).parents[2] / "facts" / "hcn-schema.json").read_text())

# Members that clients know and the published schema does not.
BEYOND = {
    "EndpointPolicyType": {"VmNic", "Firewall"},
    "NetworkPolicyType": {"NeighborDiscovery"},
    "NetworkFlags": {
        "SuppressMediaDisconnect",
        "DisableHostPort",
        "WeakHostReceiveAdapter",
        "WeakHostSendAdapter",
        "EnableIov",
    },
    "NatFlags": {"ExternalPortReserved"},
    "HostComputeNetwork": {"TypeText"},
    "HostComputeNamespace": {"CreateWithCompartment", "ReadyOnCreate"},
    "OutboundNatPolicySetting": {"MaxPortPoolUsage"},
    "L4ProxyPolicySetting": {"Exceptions"},
    "L4WfpProxyPolicySetting": {"Port"},
}


def fields(model: type[Document]) -> dict[str, Any]:
    """Return the fields of a model by their names on the wire."""
    return {str(field.alias): field for field in model.model_fields.values()}


@pytest.mark.parametrize("name", FACTS["enums"])
def test_enum(name: str) -> None:
    published = [member["value"] for member in FACTS["enums"][name]]
    ours = ["None" if member == "NONE" else member for member in getattr(enums, name).__members__]
    assert [member for member in ours if member not in BEYOND.get(name, set())] == published
    assert set(ours) - set(published) == BEYOND.get(name, set())


@pytest.mark.parametrize("name", FACTS["enums"])
def test_enum_members_know_their_version(name: str) -> None:
    late = {
        member["value"]: member["since"]
        for member in FACTS["enums"][name]
        if member["since"] != "2.0"
    }
    assert dict(enums.SINCE.get(name, {})) == late


@pytest.mark.parametrize("name", FACTS["structs"])
def test_struct(name: str) -> None:
    model = getattr(v2, name)
    published = {field["name"] for field in FACTS["structs"][name]["fields"]}
    assert set(fields(model)) - BEYOND.get(name, set()) == published


@pytest.mark.parametrize("name", FACTS["structs"])
def test_struct_derives(name: str) -> None:
    model = getattr(v2, name)
    for base in FACTS["structs"][name]["derives"]:
        assert issubclass(model, getattr(v2, base))


def test_nothing_is_published_that_is_not_in_the_schema() -> None:
    assert set(v2.__all__) == set(FACTS["structs"])


@pytest.mark.parametrize("name", FACTS["structs"])
def test_struct_members_know_their_kind_and_version(name: str) -> None:
    ours = fields(getattr(v2, name))
    for field in FACTS["structs"][name]["fields"]:
        found = ours[field["name"]]
        versions = [item.version for item in found.metadata if isinstance(item, Since)]
        assert (versions or ["2.0"]) == [field["since"]], field["name"]
        assert ("tuple[" in str(found.annotation)) is field["array"], field["name"]
