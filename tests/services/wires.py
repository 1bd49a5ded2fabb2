"""Networks as tests ask for them."""

from collections.abc import Callable

import pytest

from hnsemu.domain.facts import VSwitch
from hnsemu.domain.hosts import AdapterDefinition, ExternalSwitch, HostDefinition
from hnsemu.domain.networks import Network
from hnsemu.domain.releases import RELEASES
from hnsemu.errors import HnsError
from hnsemu.host import SeededSource
from hnsemu.schema.base import parse
from hnsemu.schema.v2.modify import ModifyNetworkSettingRequest
from hnsemu.schema.v2.networks import HostComputeNetwork
from hnsemu.schema.v2.query import EVERYTHING
from hnsemu.services import hosts, networks
from hnsemu.storage import adapters, vswitches
from hnsemu.storage.database import Database
from hnsemu.storage.transaction import Hns, Transaction, reads

Json = dict[str, object]

SCHEMA: Json = {"Major": 2, "Minor": 0}
EVERYWHERE = "0.0.0.0/0"


def host(
    database: Database,
    release: str = "ws2025",
    *,
    adapters: tuple[AdapterDefinition, ...] | None = None,
    switches: tuple[ExternalSwitch, ...] = (),
    azure_vm: bool = False,
    delay: int = 0,
) -> Hns:
    """Return the HNS service of a fresh host. delay: until ManagementIP shows, 100 ns ticks."""
    service = Hns(database, release, SeededSource())
    definition = HostDefinition(
        release=RELEASES[release],
        adapters=adapters,
        external_switches=switches,
        azure_vm=azure_vm,
        management_ip_delay=delay,
    )
    hosts.ensure_host(service, definition)
    return service


def subnet(prefix: str, gateway: str = "", **more: object) -> Json:
    """Return a subnet with a default route by `gateway`."""
    anywhere = "::/0" if ":" in prefix else EVERYWHERE
    routes = [{"NextHop": gateway, "DestinationPrefix": anywhere}] if gateway else []
    return {"IpAddressPrefix": prefix, "Routes": routes, **more}


def vsid(prefix: str, gateway: str = "", number: int = 4096) -> Json:
    """Return a subnet of an overlay network."""
    policies = [{"Type": "VSID", "Settings": {"IsolationId": number}}]
    return subnet(prefix, gateway, Policies=policies)


def policy(kind: str, **settings: object) -> Json:
    """Return a policy as documents hold it."""
    return {"Type": kind, "Settings": settings}


def adapter(names: str) -> Json:
    """Return the policy that names adapters."""
    return policy("NetAdapterName", NetworkAdapterName=names)


def document(kind: str, *subnets: Json, **more: object) -> HostComputeNetwork:
    """Return the document of a network."""
    members: Json = {"Type": kind, "SchemaVersion": SCHEMA, **more}
    if subnets:
        members["Ipams"] = [{"Type": "Static", "Subnets": list(subnets)}]
    return parse(HostComputeNetwork, members)


def make(hns: Hns, kind: str, *subnets: Json, **more: object) -> Network:
    """Return a new network."""
    return networks.create_network(hns, document(kind, *subnets, **more))


def make_overlay(hns: Hns, third: int = 1, **more: object) -> Network:
    """Return a new overlay network 10.244.<third>.0/24."""
    inside = vsid(f"10.244.{third}.0/24", f"10.244.{third}.1")
    return make(hns, "Overlay", inside, **{"Name": f"overlay{third}", **more})


def change(hns: Hns, network: Network, resource: str, request: str, **settings: object) -> Network:
    """Return the network after a ModifyNetworkSettingRequest."""
    members = {"ResourceType": resource, "RequestType": request, "Settings": settings}
    wanted = parse(ModifyNetworkSettingRequest, members)
    return networks.modify_network(hns, network.id, wanted)


def names(hns: Hns) -> list[str]:
    """Return the names of the host's networks in their order."""
    return [network.name for network in networks.list_networks(hns, EVERYTHING)]


@reads
def switches_of(tx: Transaction) -> list[VSwitch]:
    """Return the switches of the host."""
    return vswitches.all_of(tx)


@reads
def bound_adapters(tx: Transaction) -> dict[str, str]:
    """Return the id of the switch on each adapter."""
    found = adapters.all_of(tx)
    return {adapter.name: adapter.switch_id for adapter in found}


def on(network: Network) -> VSwitch:
    """Return the switch the network stands on."""
    assert network.vswitch is not None
    return network.vswitch


def refusal_of(work: Callable[[], object]) -> HnsError:
    """Return the refusal that `work` ends with."""
    with pytest.raises(HnsError) as refusal:
        work()
    return refusal.value
