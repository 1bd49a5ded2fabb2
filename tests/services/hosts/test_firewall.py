"""The firewall and the ports of a host, page by page: a page costs what is on it."""

from collections import Counter
from collections.abc import Callable, Iterator
from itertools import count

import pytest

from hnsemu.domain.firewall import FirewallRule
from hnsemu.domain.networks import Network
from hnsemu.errors import HnsError, Hr
from hnsemu.schema.base import RawJson
from hnsemu.services import endpoints
from hnsemu.services.dataplane.vfp import show_vfp_ports
from hnsemu.services.hosts.firewall import show_firewall
from hnsemu.services.hosts.views import show_nat
from hnsemu.storage.database import Database
from hnsemu.storage.transaction import Hns
from tests.scenarios.lab import Lab, acl, policy
from tests.work import calls

HOST = "node-1"


def mapped(port: int) -> dict[str, object]:
    return policy("PortMapping", Protocol=6, InternalPort=80, ExternalPort=port)


@pytest.fixture
def lab(database: Database) -> Lab:
    return Lab(database)


def populated(lab: Lab, size: int, ports: Iterator[int]) -> Network:
    """Return a NAT network of pods with two published ports and two Host ACLs each, and none."""
    prefix = f"10.{size % 200}.0.0"
    nat = lab.network(HOST, "NAT", f"{prefix}/16", f"10.{size % 200}.0.1")
    for number in range(size):
        policies = [
            mapped(next(ports)),
            acl("Block", "In", 100, RuleType="Host", Id=f"in-{number}"),
            mapped(next(ports)),
            acl("Allow", "Out", 100, RuleType="Host"),
        ]
        lab.pod(HOST, nat, f"web-{number}", f"10.{size % 200}.0.{number + 10}", *policies)
        lab.pod(HOST, nat, f"plain-{number}", f"10.{size % 200}.1.{number + 10}")
    return nat


def test_pages_of_the_firewall_are_the_whole(lab: Lab) -> None:
    populated(lab, 3, count(8000))
    bridge = lab.network(HOST, "L2Bridge", "10.244.0.0/16", "10.244.0.1")
    lab.pod(HOST, bridge, "a", "10.244.0.5", acl("Block", "In", 7, RuleType="Host"))
    hns = lab.host(HOST)
    whole = show_firewall(hns)
    kinds = Counter(place.partition("-")[0] for place in {rule.place for rule in whole})
    assert (kinds["port"], kinds["acl"], kinds.total()) == (6, 7, len(whole))
    for size in (1, 2, 3, 5, len(whole)):
        found: list[FirewallRule] = []
        while page := show_firewall(hns, size, found[-1].place if found else ""):
            found += page
        assert tuple(found) == whole


SPELLINGS = ('"Host"', '"hOST"', '" host "', "0", '"0"', '"\\u0048ost"')


@pytest.mark.parametrize("member", ['"RuleType"', '"Rule\\u0054ype"'])
def test_a_host_acl_is_found_however_it_is_spelled(lab: Lab, member: str) -> None:
    bridge = lab.network(HOST, "L2Bridge", "10.244.0.0/16", "10.244.0.1")
    made = {}
    for number, value in enumerate(('"Switch"', "1", "null", *SPELLINGS), 5):
        settings = RawJson(f'{{"Action":"Block","Direction":"In",{member}:{value}}}')
        block: dict[str, object] = {"Type": "ACL", "Settings": settings}
        made[lab.pod(HOST, bridge, f"pod-{number}", f"10.244.0.{number}", block).id] = value
    rules = show_firewall(lab.host(HOST))
    assert [made[rule.owner_id] for rule in rules if rule.owner_id in made] == list(SPELLINGS)


def test_rules_are_numbered_through_the_pages(lab: Lab) -> None:
    nat = lab.network(HOST, "NAT", "10.9.0.0/16", "10.9.0.1")
    lab.pod(HOST, nat, "web", "10.9.0.5", *(mapped(8000 + number) for number in range(3)))
    hns = lab.host(HOST)
    whole = show_firewall(hns)
    (last,) = show_firewall(hns, 3, whole[-2].place)
    assert last.display_name.endswith(" - 2")


def test_a_rule_that_is_not_there_begins_no_page(lab: Lab) -> None:
    populated(lab, 1, count(8000))
    for after in (
        *("x", "-", "acl-", "acl-x-0", "acl-6e1d1f0c-0000-4000-8000-000000000000-0", "port-"),
        *("port-x", "port-77", "port-99999999999", "network-x-0", "port-\x00", "acl-\x00-0"),
    ):
        with pytest.raises(HnsError) as refused:
            show_firewall(lab.host(HOST), 5, after)
        assert refused.value.hr is Hr.E_INVALIDARG


def test_a_rule_that_has_gone_begins_no_page(lab: Lab) -> None:
    populated(lab, 1, count(8000))
    hns = lab.host(HOST)
    last = show_firewall(hns)[-1]
    endpoints.delete_endpoint(hns, last.owner_id)
    with pytest.raises(HnsError, match="list again from the start"):
        show_firewall(hns, 5, last.place)


def test_pages_of_published_ports_are_the_whole(lab: Lab) -> None:
    populated(lab, 2, count(8000))
    hns = lab.host(HOST)
    whole = [rule.mapping_id for _, rule in show_nat(hns).mappings]
    assert len(whole) == 4
    for size in (1, 3, 4):
        found: list[int] = []
        while page := show_nat(hns, size, found[-1] if found else None).mappings:
            found += [rule.mapping_id for _, rule in page]
        assert found == whole
    with pytest.raises(HnsError, match="published port 77 is not there"):
        show_nat(hns, 1, 77)


PAGES: dict[str, Callable[[Hns], object]] = {
    "firewall": lambda hns: show_firewall(hns, 5),
    "published ports": lambda hns: show_nat(hns, 5),
    "VFP ports": lambda hns: show_vfp_ports(hns, 5),
}


@pytest.mark.parametrize("page", PAGES)
def test_a_page_costs_what_is_on_it(lab: Lab, page: str) -> None:
    ports = count(8000)
    populated(lab, 8, ports)
    hns, show = lab.host(HOST), PAGES[page]
    show(hns)
    few = calls(lambda: show(hns))
    populated(lab, 24, ports)
    assert calls(lambda: show(hns)) < 1.3 * few
