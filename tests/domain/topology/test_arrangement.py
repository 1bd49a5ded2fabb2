"""What is drawn of hosts, and what is only counted."""

from dataclasses import replace

import pytest

from hnsemu.domain.topology.arrangement import (
    MOST_BOXES,
    SMALL,
    arrange,
    opened_networks,
    walk,
)
from hnsemu.domain.topology.model import Box, Kind, Link, Relation, Topology, View
from tests.domain.topology.hosts import endpoint, host, with_vxlan


def kinds(topology: Topology) -> list[Kind]:
    return [box.kind for drawn in topology.hosts for box in walk(drawn)]


def named(topology: Topology, name: str) -> Box:
    (found,) = [box for drawn in topology.hosts for box in walk(drawn) if box.name == name]
    return found


def test_things_stand_on_what_carries_them() -> None:
    assert kinds(arrange([host([endpoint(1)])], View())) == [
        Kind.HOST,
        Kind.PORT,
        Kind.SWITCH,
        Kind.NETWORK,
        Kind.SUBNET,
        Kind.ENDPOINT,
        Kind.BALANCER,
        Kind.NAMESPACE,
    ]


def test_the_order_is_that_of_names() -> None:
    drawn = arrange([host([endpoint(2), endpoint(1)], name=name) for name in ("b", "a")], View())
    assert [box.name for box in drawn.hosts] == ["a", "b"]
    names = [box.name for box in walk(drawn.hosts[0]) if box.kind is Kind.ENDPOINT]
    assert names == ["pod-1", "pod-2"]


def test_a_closed_network_is_counted() -> None:
    pods = named(arrange([host([endpoint(1)], opened=False)], View()), "pods")
    assert (pods.count, pods.boxes) == (1, ())


@pytest.mark.parametrize(("count", "is_open"), [(SMALL, True), (SMALL + 1, False)])
def test_networks_of_small_hosts_are_open_unless_somebody_says_which(
    count: int,
    is_open: bool,  # noqa: FBT001
) -> None:
    facts = host([endpoint(number) for number in range(count)])
    assert opened_networks([facts], View()) == ({"n1"} if is_open else set())
    assert opened_networks([facts], View(opened=frozenset({"x"}))) == set()


def test_endpoints_without_a_subnet_stand_on_the_network() -> None:
    drawn = arrange([host([endpoint(1, "192.168.0.4")])], View())
    assert [box.kind for box in named(drawn, "pods").boxes] == [Kind.SUBNET, Kind.ENDPOINT]


def test_endpoints_with_equal_policies_are_one_box() -> None:
    equal = [endpoint(number, acl="{}") for number in range(8)]
    facts = host([*equal, endpoint(9)])
    grouped = arrange([facts], View())
    assert named(grouped, "8 equal endpoints").count == 8
    assert kinds(grouped).count(Kind.ENDPOINT) == 1
    assert kinds(arrange([facts], View(grouped=False))).count(Kind.ENDPOINT) == 9


def test_what_does_not_match_fades_with_what_it_stands_on() -> None:
    facts = host([endpoint(1), endpoint(2)])
    drawn = arrange([facts], View(wanted={"Name": "pod-1"}))
    faded = {box.name for box in walk(drawn.hosts[0]) if box.is_faded}
    assert faded == {"pod-2"}
    nothing = arrange([facts], View(wanted={"Name": "nobody"}))
    assert {"pod-1", "pod-2", "pods", "bridge"} <= {
        box.name for box in walk(nothing.hosts[0]) if box.is_faded
    }


def test_layers_can_be_left_out() -> None:
    drawn = kinds(arrange([host([endpoint(1)])], View(layers=frozenset({"ports"}))))
    assert Kind.PORT in drawn
    assert not {Kind.BALANCER, Kind.NAMESPACE} & set(drawn)


def test_links_name_what_belongs_together() -> None:
    drawn = arrange([host([endpoint(1)])], View())
    assert set(drawn.links) == {
        Link(Relation.MEMBER, "node/ns1-0000", "node/e1"),
        Link(Relation.BACKEND, "node/b1", "node/e1"),
        Link(Relation.PUBLISHED, "node/port/7", "node/e1"),
    }
    assert arrange([host([endpoint(1)], opened=False)], View()).links == ()


def test_hosts_with_one_vsid_have_a_tunnel() -> None:
    hosts = [
        with_vxlan(host(name="a"), 4097),
        with_vxlan(host(name="b"), 4097),
        with_vxlan(host(name="c"), 4098),
    ]
    (tunnel,) = [link for link in arrange(hosts, View()).links if link.relation is Relation.TUNNEL]
    assert (tunnel.source, tunnel.target, tunnel.text) == ("a/n1", "b/n1", "VXLAN 4097")


def test_a_picture_has_room_for_so_many() -> None:
    many = [endpoint(number, "10.1.0.4", acl=str(number)) for number in range(MOST_BOXES + 500)]
    drawn = arrange([host(many)], View())
    boxes = list(walk(drawn.hosts[0]))
    assert sum(box.kind is not Kind.MORE for box in boxes) == MOST_BOXES
    counted = sum(box.count for box in boxes if box.kind is Kind.MORE)
    assert counted == drawn.left_out == 500 + 7


def test_hosts_have_room_like_everything_else() -> None:
    each = len(list(walk(arrange([host()], View()).hosts[0])))
    many = [host(name=f"node-{number}") for number in range(MOST_BOXES)]
    drawn = arrange(many, View())
    boxes = [box for of_host in drawn.hosts for box in walk(of_host)]
    assert len(boxes) <= MOST_BOXES + 1
    assert sum(box.kind is not Kind.MORE for box in boxes) == MOST_BOXES - 1
    assert drawn.more_hosts == MOST_BOXES - len(drawn.hosts) + 1
    assert len(drawn.hosts) - 1 == -(-(MOST_BOXES - 1) // each)
    assert (drawn.hosts[-1].kind, drawn.hosts[-1].name) == (
        Kind.MORE,
        f"{drawn.more_hosts} more hosts",
    )


def test_hosts_that_are_not_read_are_counted() -> None:
    drawn = arrange([host()], View(), others=1)
    assert (drawn.hosts[-1].name, drawn.more_hosts) == ("1 more host", 1)


@pytest.mark.parametrize(
    ("opened", "found"),
    [({"all"}, True), ({"n1"}, True), ({"01234567"}, True), ({"0123456"}, False), ({""}, False)],
)
def test_networks_are_opened_by_id_by_its_begin_or_all(opened: set[str], found: bool) -> None:  # noqa: FBT001
    of_host = host()
    (network,) = of_host.networks
    id_ = "n1" if opened == {"n1"} else "01234567-89ab-4def-8123-456789abcdef"
    known = replace(of_host, networks=[replace(network, id=id_)])
    assert opened_networks([known], View(frozenset(opened))) == ({id_} if found else set())


def test_a_remote_endpoint_is_told_apart() -> None:
    assert Kind.REMOTE in kinds(arrange([host([endpoint(1, flags=1)])], View()))


def test_an_object_without_a_name_is_called_by_its_id() -> None:
    nameless = replace(endpoint(1), name="", id="0123456789ab")
    assert named(arrange([host([nameless])], View()), "01234567").id == "0123456789ab"
