"""Hosts: their definition survives as text, and their address is the first adapter's."""

import pytest

from hnsemu.domain.host_definition import new_host
from hnsemu.domain.hosts import (
    AdapterDefinition,
    ExternalSwitch,
    HostDefinition,
    Machine,
    definition_text,
    natural_order,
    read_definition,
)
from hnsemu.domain.releases import RELEASES
from tests.domain.worlds import adapter


@pytest.mark.parametrize(
    "definition",
    [
        HostDefinition(),
        HostDefinition(release=RELEASES["ws2019"], azure_vm=True, management_ip_delay=7),
        HostDefinition(
            adapters=(AdapterDefinition("Ethernet", address="10.0.0.4/24"),),
            external_switches=(ExternalSwitch("Uplink", ("Ethernet",)), ExternalSwitch("Next")),
            dns_servers=("10.0.0.1",),
            dns_suffix="test",
        ),
        HostDefinition(adapters=(), external_switches=(), dns_servers=()),
    ],
)
def test_a_definition_is_read_as_it_was_written(definition: HostDefinition) -> None:
    assert read_definition(definition_text(definition)) == definition


@pytest.mark.parametrize(
    ("addresses", "expected"), [(["", "10.0.0.4"], "10.0.0.4"), ([""], ""), ([], "")]
)
def test_a_machine_has_the_address_of_its_first_adapter_with_one(
    addresses: list[str], expected: str
) -> None:
    adapters = tuple(adapter(f"Ethernet {n}", address) for n, address in enumerate(addresses))
    machine = Machine(new_host("node", 0, HostDefinition(), 0), adapters, ())
    assert machine.management_address == expected


@pytest.mark.parametrize(
    "names",
    [
        ["default", "node", "node-1", "node-2", "node-10"],
        ["node-02", "node-2", "node-2a", "node-2b", "node-3"],
        ["1", "9", "10", "a", "a1b2", "a1b10", "a2b1"],
        ["n0", "n1", f"n{'9' * 60}", f"n1{'0' * 60}"],
    ],
)
def test_numbers_in_names_sort_by_value(names: list[str]) -> None:
    backwards = names[::-1]
    assert sorted(backwards, key=natural_order) == names
