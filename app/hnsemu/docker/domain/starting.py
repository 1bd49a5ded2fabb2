"""What a start of the daemon makes of its networks and of those of HNS.

Source: docker.md section 3, moby daemon/daemon_windows.go [C]; recorded of dockerd 28.5.2 [O].
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from hnsemu.docker.domain.driver_options import driver_options
from hnsemu.docker.domain.ipam import is_ipv6
from hnsemu.docker.domain.network_creation import NewNetwork
from hnsemu.docker.domain.networks import (
    ANY_SUBNET,
    HNS_ID,
    HNS_NAME,
    HNS_OWNED,
    NAT,
    DockerNetwork,
    Ipam,
    Pool,
)

_NOT_ADOPTED = {"internal", "private", "mirrored", "overlay"}
"""Types of HNS that the daemon leaves alone; of overlay networks its driver wants VXLAN ids that
only a swarm gives. Source: moby libnetwork/drivers/windows [C]."""

_ONCE_STARTED = {"always", "on-failure", "unless-stopped"}


@dataclass(frozen=True, slots=True)
class HnsNetwork:
    """A network as HNS lists it. spelled: its id as printed. type: as its creator wrote it."""

    id: str
    spelled: str
    name: str
    type: str
    subnets: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Start:
    """What the daemon does with networks when it starts.

    gone:      what it forgets: HNS has no network for it.
    recreated: networks of Docker's own that HNS lost and that are made again under their ids.
    adopted:   networks of HNS as the daemon keeps them, those that it had under their ids (with the
               key of their row) and new ones (key 0 and no id yet).
    """

    gone: tuple[DockerNetwork, ...]
    recreated: tuple[NewNetwork, ...]
    adopted: tuple[DockerNetwork, ...]


def decide_start(known: Sequence[DockerNetwork], hns: Sequence[HnsNetwork], now: int) -> Start:
    """Return what becomes of the networks that the daemon had and of those that HNS has."""
    listed = {network.id for network in hns}
    kept = {network.hns_id: network for network in known if network.hns_id in listed}
    lost = [network for network in known if network.hns_id not in listed]
    recreated = [network for network in lost if network.driver == NAT and network.name != NAT]
    taken = {"none", *(network.name for network in (*kept.values(), *recreated))}
    adopted = []
    for network in hns:
        if network.type.lower() in _NOT_ADOPTED:
            continue
        old = kept.get(network.id)
        if old is not None:
            adopted.append(_taken_over(old, network, now))
            continue
        name = NAT if network.type.lower() == NAT and NAT not in taken else network.name
        if name.strip() and name not in taken:  # the daemon logs the others, and they stay unseen
            taken.add(name)
            adopted.append(_adopted(network, name, now))
    return Start(tuple(lost), tuple(_new(network, now) for network in recreated), tuple(adopted))


def restarts(policy: str, exit_code: int, *, stopped_by_hand: bool, ran_before: bool) -> bool:
    """Tell whether a container starts with the daemon, by its restart policy."""
    if policy not in _ONCE_STARTED or not ran_before:
        return False
    if policy == "on-failure":
        return exit_code != 0
    return policy == "always" or not stopped_by_hand


def _new(network: DockerNetwork, now: int) -> NewNetwork:
    """Return a lost network as it is asked for again: labels and the name in HNS are lost."""
    options = {
        name: value for name, value in network.options.items() if name not in {HNS_ID, HNS_NAME}
    }
    pools = tuple(pool for pool in network.ipam.pools or () if not is_ipv6(pool))
    subnets = tuple((pool.subnet, pool.gateway) for pool in pools) or ((ANY_SUBNET, ""),)
    again = DockerNetwork(network.id, network.name, NAT, created=now, options=options)
    return NewNetwork(
        replace(again, ipam=Ipam(pools=pools or None)), driver_options(options), subnets
    )


def _taken_over(old: DockerNetwork, found: HnsNetwork, now: int) -> DockerNetwork:
    others = {name: value for name, value in old.options.items() if name not in {HNS_ID, HNS_NAME}}
    return DockerNetwork(
        old.id,
        old.name,
        found.type.lower(),
        found.id,
        created=now,
        ipam=_ipam(found),
        options={HNS_NAME: old.name, HNS_ID: found.spelled, **others},
        labels=old.labels,
        key=old.key,
    )


def _adopted(found: HnsNetwork, name: str, now: int) -> DockerNetwork:
    return DockerNetwork(
        "",
        name,
        found.type.lower(),
        found.id,
        created=now,
        ipam=_ipam(found),
        options={HNS_NAME: found.name, HNS_ID: found.spelled, HNS_OWNED: "true"},
    )


def _ipam(found: HnsNetwork) -> Ipam:
    pools = tuple(Pool(prefix, "", gateway) for prefix, gateway in found.subnets)
    return Ipam(pools=pools or (Pool(ANY_SUBNET),))
