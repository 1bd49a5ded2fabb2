"""The states of all hosts, read at one instant while others write."""

from typing import Any

from hnsemu.schema.base import parse
from hnsemu.schema.v2.networks import HostComputeNetwork
from hnsemu.services import hosts, networks
from hnsemu.services.hosts import state
from hnsemu.storage.transaction import Hns


def host(hns: Hns, name: str) -> Hns:
    """Return a new host of the service."""
    new = Hns(hns.database, name, hns.source)
    hosts.ensure_host(new)
    return new


def test_all_hosts_are_shown_as_they_were_at_one_instant(hns: Hns) -> None:
    others = [host(hns, name) for name in ("node-1", "node-2")]
    before = [state.get_state(host) for host in (hns, *others)]
    shown: list[tuple[str, dict[str, Any]]] = []

    def show(name: str, state: dict[str, Any]) -> None:
        if not shown:  # the first host is read, the others are not yet
            document = {"Name": "new", "Type": "Private"}
            networks.create_network(others[0], parse(HostComputeNetwork, document))
            hosts.delete_host(others[1])
            host(hns, "node-3")
        shown.append((name, state))

    state.show_states(hns, show)
    assert [name for name, _ in shown] == ["default", "node-1", "node-2"]
    assert [state for _, state in shown] == before
    assert hosts.host_names(hns) == ["default", "node-1", "node-3"]
