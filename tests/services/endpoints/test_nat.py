"""Blocks of ports for source NAT: one for each endpoint that needs one, while they last."""

import pytest

from hnsemu.domain.endpoints import Endpoint
from hnsemu.domain.networks import Network
from hnsemu.domain.tracing.model import Reason, Verdict
from hnsemu.services import endpoints
from hnsemu.services.dataplane import vfp as data_plane
from hnsemu.storage import policy_facts
from hnsemu.storage.database import Database
from tests.scenarios.lab import Lab, policy

NAT = policy("OutBoundNAT", Exceptions=["10.244.0.0/16"])


@pytest.fixture
def lab(database: Database) -> Lab:
    return Lab(database)


@pytest.fixture
def bridge(lab: Lab) -> Network:
    return lab.network("node-1", "L2Bridge", "10.244.1.0/24", "10.244.1.1")


def block(lab: Lab, pod: Endpoint) -> int | None:
    return lab.endpoint("node-1", pod.id).nat_block


def test_blocks_are_taken_lowest_first_and_given_back(lab: Lab, bridge: Network) -> None:
    one, two, three = (
        lab.pod("node-1", bridge, f"pod {n}", f"10.244.1.{n}", NAT) for n in (5, 6, 7)
    )
    assert [block(lab, each) for each in (one, two, three)] == [0, 1, 2]
    lab.change("node-1", one, "Remove", NAT)
    assert block(lab, one) is None
    endpoints.delete_endpoint(lab.host("node-1"), two.id)
    assert block(lab, lab.pod("node-1", bridge, "pod 8", "10.244.1.8", NAT)) == 0
    lab.change("node-1", one, "Add", NAT)
    assert block(lab, one) == 1


def test_a_block_stays_while_policies_change(lab: Lab, bridge: Network) -> None:
    lab.pod("node-1", bridge, "first", "10.244.1.4", NAT)
    pod = lab.pod("node-1", bridge, "pod", "10.244.1.5", NAT)
    lab.change("node-1", pod, "Add", policy("OutBoundNAT", Destinations=["10.244.1.5"]))
    lab.change("node-1", pod, "Remove", NAT)
    assert block(lab, pod) == 1


def test_hosts_have_blocks_of_their_own(lab: Lab, bridge: Network) -> None:
    other = lab.network("node-2", "L2Bridge", "10.244.2.0/24", "10.244.2.1")
    assert block(lab, lab.pod("node-1", bridge, "one", "10.244.1.5", NAT)) == 0
    there = lab.pod("node-2", other, "two", "10.244.2.5", NAT)
    assert lab.endpoint("node-2", there.id).nat_block == 0


def test_without_a_block_policies_read_well_and_packets_find_no_port(
    lab: Lab, bridge: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(policy_facts, "BLOCKS", 1)
    lab.pod("node-1", bridge, "lucky", "10.244.1.5", NAT)
    late = lab.pod("node-1", bridge, "late", "10.244.1.6", NAT)
    assert [each.type for each in late.policies] == ["OutBoundNAT"]
    walk = lab.trace("node-1", "late", "93.184.216.34", 443)
    assert (walk.verdict, walk.reason) == (Verdict.DROPPED, Reason.NO_NAT_PORTS)
    assert "no block of 64 ports was left" in walk.text
    assert walk.steps[-1].policy is not None
    assert walk.steps[-1].policy.owner_id == late.id
    spared = lab.trace("node-1", "late", "10.244.1.5", 80)
    assert spared.verdict is Verdict.DELIVERED  # an exception needs no port
    port, _ = data_plane.show_vfp_port(lab.host("node-1"), late.id)
    assert any(rule.id.startswith("SNAT_TCP") for layer in port.layers
               for group in layer.groups for rule in group.rules(None))  # fmt: skip
