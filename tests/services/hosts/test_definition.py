"""Hosts are created once, whole, and independent of each other."""

import pytest

from hnsemu.domain.hosts import AdapterDefinition, Host, HostDefinition, Machine
from hnsemu.domain.releases import RELEASES
from hnsemu.errors import HnsError, Hr
from hnsemu.host import SeededSource
from hnsemu.services import hosts
from hnsemu.storage.database import Database
from hnsemu.storage.transaction import Hns
from tests.racing import racing

WS2019 = HostDefinition(release=RELEASES["ws2019"])


def on(database: Database, name: str) -> Hns:
    """Return the HNS service of the host `name`."""
    return Hns(database, name, SeededSource())


def test_a_host_is_made_when_there_is_none(database: Database) -> None:
    host = hosts.ensure_host(on(database, "default"))
    assert (host.name, host.release.name) == ("default", "ws2025")
    adapters = hosts.get_host(on(database, "default")).adapters
    assert [(adapter.name, adapter.address) for adapter in adapters] == [
        ("Ethernet", "10.127.130.35"),
        ("Ethernet 2", "10.127.131.35"),
        ("Ethernet 3", "10.127.132.35"),
    ]
    assert len({adapter.mac for adapter in adapters}) == 3


def test_an_existing_host_stays_as_it_is(hns: Hns) -> None:
    before = hosts.get_host(hns)
    assert hosts.ensure_host(hns, WS2019) == before.host
    assert hosts.get_host(hns) == before


def test_racing_makers_of_one_host_make_it_once(database: Database) -> None:
    created = racing(lambda _: hosts.ensure_host(on(database, "default")))
    assert all(isinstance(host, Host) for host in created)
    assert len({host.key for host in created if isinstance(host, Host)}) == 1
    assert len(hosts.get_host(on(database, "default")).adapters) == 3


def test_racing_hosts_get_different_numbers(database: Database) -> None:
    created = racing(lambda racer: hosts.ensure_host(on(database, f"node-{racer}")))
    assert sorted(host.number for host in created if isinstance(host, Host)) == list(range(16))


def test_the_number_of_a_removed_host_is_given_again(hns: Hns) -> None:
    first, second = on(hns.database, "first"), on(hns.database, "second")
    assert hosts.ensure_host(first).number == 1
    hosts.delete_host(first)
    assert hosts.ensure_host(second).number == 1


def test_defining_a_host_again_changes_nothing(database: Database) -> None:
    node = on(database, "node")
    machine, created = hosts.define_host(node, WS2019)
    assert created
    assert machine.host.release.name == "ws2019"
    assert hosts.define_host(node, WS2019) == (machine, False)
    assert hosts.define_host(node, HostDefinition()) == (machine, False)


def test_an_existing_host_is_not_redefined(hns: Hns) -> None:
    before = hosts.get_host(hns)
    with pytest.raises(HnsError) as refusal:
        hosts.define_host(hns, WS2019)
    assert refusal.value.hr is Hr.E_ALREADY_EXISTS
    assert "release" in refusal.value.detail
    assert "/emulator/hosts/default/reset" in refusal.value.detail
    assert hosts.get_host(hns) == before


def test_racing_definitions_that_differ_leave_one_winner(database: Database) -> None:
    wanted = [WS2019, HostDefinition(release=RELEASES["ws2022"])] * 8
    outcomes = racing(lambda racer: hosts.define_host(on(database, "node"), wanted[racer]))
    winner = hosts.get_host(on(database, "node")).host.release
    for definition, outcome in zip(wanted, outcomes, strict=True):
        if definition.release is winner:
            assert isinstance(outcome, tuple)
        else:
            assert outcome is Hr.E_ALREADY_EXISTS


def test_a_refused_definition_makes_nothing(database: Database) -> None:
    twice = (AdapterDefinition("a"), AdapterDefinition("a"))
    with pytest.raises(HnsError):
        hosts.define_host(on(database, "node"), HostDefinition(adapters=twice))
    with pytest.raises(HnsError):
        hosts.ensure_host(on(database, "Node"))
    assert hosts.list_hosts(on(database, "default")) == []


def test_hosts_are_listed_by_name_in_pages(hns: Hns) -> None:
    hosts.ensure_host(on(hns.database, "node-2"), WS2019)
    hosts.ensure_host(on(hns.database, "node-1"), HostDefinition(adapters=()))
    everything = hosts.list_hosts(hns)
    assert names(everything) == ["default", "node-1", "node-2"]
    assert everything == [
        hosts.get_host(on(hns.database, name)) for name in ("default", "node-1", "node-2")
    ]
    assert names(hosts.list_hosts(hns, limit=1, after="default")) == ["node-1"]
    assert names(hosts.list_hosts(hns, after="node-1")) == ["node-2"]


def test_pages_of_hosts_go_on_by_the_value_of_numbers(hns: Hns) -> None:
    for number in (10, 2, 1):
        hosts.ensure_host(on(hns.database, f"node-{number}"), WS2019)
    assert hosts.host_names(hns) == ["default", "node-1", "node-2", "node-10"]
    pages, after = [], ""
    while page := hosts.list_hosts(hns, limit=1, after=after):
        pages += names(page)
        after = pages[-1]
    assert pages == hosts.host_names(hns)
    assert names(hosts.list_hosts(hns, after="node-3")) == ["node-10"]  # of a host that is gone


def test_a_removed_host_is_not_found(hns: Hns) -> None:
    hosts.delete_host(hns)
    for use_case in (hosts.get_host, hosts.delete_host, hosts.reset_host):
        with pytest.raises(HnsError) as refusal:
            use_case(hns)
        assert refusal.value.hr is Hr.E_ELEMENT_NOT_FOUND


def test_a_reset_host_is_what_it_was_made_as(database: Database) -> None:
    node = on(database, "node")
    nic = AdapterDefinition("nic", "00-15-5D-00-00-01", "10.0.0.4/24")
    before, _ = hosts.define_host(node, HostDefinition(RELEASES["ws2019"], adapters=(nic,)))
    after = hosts.reset_host(node)
    assert after.host.release.name == "ws2019"
    assert [adapter.mac for adapter in after.adapters] == [nic.mac]
    assert after.host.started > before.host.started


def test_a_reset_can_redefine_a_host(hns: Hns) -> None:
    before = hosts.get_host(hns)
    after = hosts.reset_host(hns, WS2019)
    assert (after.host.key, after.host.number) == (before.host.key, before.host.number)
    assert after.host.release.name == "ws2019"
    assert hosts.define_host(hns, WS2019) == (after, False)
    assert hosts.reset_host(hns).host.release.name == "ws2019"


def names(machines: list[Machine]) -> list[str]:
    """Return the names of the hosts."""
    return [machine.host.name for machine in machines]
