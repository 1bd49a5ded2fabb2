"""What a fresh host has, and what comes back by itself whenever it starts."""

from hnsemu.domain.facts import Adapter
from hnsemu.domain.host_definition import adapter_definitions, adapter_mac, bound_switches
from hnsemu.domain.hosts import AdapterDefinition, HostDefinition
from hnsemu.domain.network_types import Mode
from hnsemu.domain.networks import Network
from hnsemu.schema.v2.networks import HostComputeNetwork
from hnsemu.services.namespaces.creation import create_default
from hnsemu.services.networks.creation import create, create_external
from hnsemu.storage import adapters
from hnsemu.storage import networks as stored_networks
from hnsemu.storage.transaction import Transaction

# The network container engines and their setup scripts make when they find none.
# Source: the documented default prefix, hns-behaviour.md sections 7.1 and 7.2 [D].
_NAT = HostComputeNetwork.model_validate(
    {
        "Name": "nat",
        "Type": "NAT",
        "Ipams": [
            {
                "Type": "Static",
                "Subnets": [
                    {
                        "IpAddressPrefix": "172.16.0.0/16",
                        "Routes": [{"NextHop": "172.16.0.1", "DestinationPrefix": "0.0.0.0/0"}],
                    }
                ],
            }
        ],
        "SchemaVersion": {"Major": 2, "Minor": 0},
    }
)

# What Hyper-V has on a Windows client. Source: hns-behaviour.md section 7.1 [O].
_DEFAULT_SWITCH = HostComputeNetwork.model_validate(
    {
        "ID": "c08cb7b8-9b3c-408e-8e30-5e16a3aeb444",
        "Name": "Default Switch",
        "Type": "ICS",
        "Flags": 1 | 2 | 8,
        "SchemaVersion": {"Major": 2, "Minor": 0},
    }
)


def furnish(tx: Transaction, asked: HostDefinition) -> None:
    """Give an empty host its adapters, switches, networks and default namespace."""
    host = tx.host
    wanted = adapter_definitions(asked, host.number)
    fresh = [_adapter(tx, each) for each in wanted]
    adapters.insert_all(tx, fresh)
    for switch in bound_switches(asked, wanted):
        create_external(tx, switch.name, switch.adapters)
    create_default(tx)
    start_hns(tx)
    boot(tx)


def start_hns(tx: Transaction) -> None:
    """Make what the service itself makes at each start: the Default Switch of a client [I]."""
    default = _DEFAULT_SWITCH
    if tx.host.release.is_client and not any(
        each.id == default.id or each.name == default.name for each in _networks(tx)
    ):
        create(tx, default)


def boot(tx: Transaction) -> None:
    """Make what the container engine makes at a boot without a NAT network: `nat` [I]."""
    if not any(each.mode is Mode.NAT or each.name == _NAT.name for each in _networks(tx)):
        create(tx, _NAT)


def _networks(tx: Transaction) -> list[Network]:
    return stored_networks.all_of(tx)


def _adapter(tx: Transaction, asked: AdapterDefinition) -> Adapter:
    address, _, prefix_length = asked.address.partition("/")
    return Adapter(
        key=0,
        id=tx.source.guid(),
        name=asked.name,
        mac=asked.mac or adapter_mac(tx.source.below(1 << 24)),
        address=address,
        prefix_length=int(prefix_length or 0),
        gateway=asked.gateway,
        wireless=asked.wireless,
    )
