"""The networks of a swarm: subnets, VXLAN ids and addresses, as its managers give them.

Source: swarmkit manager/controlapi/network.go; moby libnetwork/cnmallocator, ipams and
drivers/overlay/ovmanager of v28.5.2 [C].
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from ipaddress import IPv4Address, IPv4Network
from itertools import chain

from hnsemu.docker.domain.ipam import address_of, check_pools, is_ipv6, quoted
from hnsemu.docker.domain.network_creation import NetworkRequest, check_name
from hnsemu.docker.domain.networks import OVERLAY, DockerNetwork, Ipam, Pool
from hnsemu.docker.domain.swarms import ID_LENGTH, Swarm, SwarmNetwork, with_network
from hnsemu.docker.errors import BAD_REQUEST, CONFLICT, FAILED, FORBIDDEN, DockerError
from hnsemu.domain.digits import number_in

VXLAN_IDS = "com.docker.network.driver.overlay.vxlanid_list"
INGRESS = "ingress"

_FIRST_VXLAN, _LAST_VXLAN = 4096, (1 << 24) - 1
_LONGEST_NAME = 63
_NAME = re.compile(r"[a-zA-Z0-9](?:[-_]*[A-Za-z0-9]+)*")
_IPAM_DRIVERS = frozenset({"", "default", "windows"})


def with_ingress(swarm: Swarm, network_id: str, now: int) -> Swarm:
    """Return a new swarm with the network that its services would publish on."""
    request = NetworkRequest(INGRESS, OVERLAY, ingress=True)
    return with_created(swarm, request, {}, network_id, now)


def with_created(
    swarm: Swarm,
    request: NetworkRequest,
    known: Mapping[str, DockerNetwork],
    network_id: str,
    now: int,
) -> Swarm:
    """Return the swarm with a new network.

    known: the networks of the daemon that is asked, by name.
    Raises: DockerError 400, 403, 409, 500. What cannot be allocated is refused.
    """
    check_pools(request.pools, ipv6=bool(request.ipv6))
    check_name(request.name, known)
    _check(swarm, request)
    pools = tuple(_pools(swarm, request))
    vxlans = tuple(_vxlans(swarm, request.options, len(pools)))
    network = SwarmNetwork(
        network_id,
        request.name,
        pools,
        vxlans,
        (0,) * len(pools),
        {**request.options, VXLAN_IDS: ",".join(map(str, vxlans))},
        dict(request.labels),
        request.ipam_options,
        internal=request.internal,
        attachable=request.attachable,
        ingress=request.ingress,
        created=now,
    )
    has_given = VXLAN_IDS not in request.options
    last = vxlans[-1] if has_given else swarm.last_vxlan
    return replace(with_network(swarm, network, now), last_vxlan=last)


def check_name_in(swarm: Swarm, name: str) -> None:
    """Refuse a name that a network of the swarm has, whatever the new one is to be.

    Raises: DockerError 409.
    """
    if any(network.name == name for network in swarm.networks):
        raise DockerError(CONFLICT, f"network with name {name} already exists")


def with_address(
    swarm: Swarm, network: SwarmNetwork, taken: Collection[str], wanted: str, now: int
) -> tuple[Swarm, str]:
    """Return the swarm after it gave an address of a network, and the address.

    taken:  the addresses that containers have there. wanted: by the client, "" for any.
    Raises: DockerError 500 where there is none.
    """
    for position, pool in enumerate(network.pools):
        for address in _candidates(pool, network.last[position], wanted):
            if str(address) in taken or str(address) == pool.gateway:
                continue
            last = list(network.last)
            last[position] = last[position] if wanted else int(address)
            given = replace(network, last=tuple(last))
            return with_network(swarm, given, now), str(address)
    raise DockerError(
        FAILED,
        "attaching to network failed, make sure your network options are correct and check manager "
        "logs: context deadline exceeded",
    )


def attachable(swarm: Swarm | None, target: str) -> tuple[Swarm, SwarmNetwork]:
    """Return the network that a container asks for, with its swarm.

    swarm: None where no manager answers.
    Raises: DockerError 500.
    """
    what = f"Could not attach to network {target}: "
    if swarm is None:
        raise DockerError(FAILED, f"{what}context deadline exceeded")
    network = swarm.network(target)
    if network is None:
        why = f"rpc error: code = NotFound desc = network {target} not found"
        raise DockerError(FAILED, what + why)
    if not network.attachable:
        why = f"rpc error: code = PermissionDenied desc = network {target} not manually attachable"
        raise DockerError(FAILED, what + why)
    return swarm, network


def check_unused(network: SwarmNetwork, endpoints: Iterable[str]) -> None:
    """Refuse to remove a network that a container is on. endpoints: ids of those there.

    Raises: DockerError 400.
    """
    for endpoint in endpoints:
        what = f"network {network.id} is in use by task {endpoint[:ID_LENGTH]}"
        raise DockerError(BAD_REQUEST, f"rpc error: code = FailedPrecondition desc = {what}")


def seen(network: SwarmNetwork) -> DockerNetwork:
    """Return a network of the swarm as a daemon shows it."""
    return DockerNetwork(
        network.id,
        network.name,
        OVERLAY,
        created=network.created,
        internal=network.internal,
        attachable=network.attachable,
        ingress=network.ingress,
        ipam=Ipam("default", network.ipam_options, network.pools),
        options=network.options,
        labels=network.labels,
    )


def _check(swarm: Swarm, request: NetworkRequest) -> None:
    if request.attachable and request.ingress:
        raise _invalid("ingress network cannot be attachable")
    if not _NAME.fullmatch(request.name):
        raise _invalid("name must be valid as a DNS name component")
    if len(request.name) > _LONGEST_NAME:
        raise _invalid("name must be 63 characters or fewer")
    if request.ipam_driver not in _IPAM_DRIVERS:
        raise _invalid(f"plugin {request.ipam_driver} not supported")
    present = next((network for network in swarm.networks if network.ingress), None)
    if request.ingress and present:
        what = f"ingress network ({present.id}) is already present"
        raise DockerError(CONFLICT, f"rpc error: code = AlreadyExists desc = {what}")


def _pools(swarm: Swarm, request: NetworkRequest) -> Iterator[Pool]:
    """Yield the subnets of a new network, each with its gateway."""
    taken = [IPv4Network(pool.subnet) for net in swarm.networks for pool in net.pools]
    wanted = [pool for pool in request.pools if not is_ipv6(pool)] or [Pool()]
    for pool in wanted:
        block = IPv4Network(pool.subnet) if pool.subnet else _free(swarm, taken)
        if any(block.overlaps(other) for other in taken):
            raise DockerError(FORBIDDEN, "Pool overlaps with other one on this address space")
        if block.num_addresses < 4:  # noqa: PLR2004 (network, gateway, container, broadcast)
            raise DockerError(FORBIDDEN, "no available IPv4 addresses on this network")
        taken.append(block)
        yield replace(pool, subnet=str(block), gateway=pool.gateway or str(block[1]))


def _free(swarm: Swarm, taken: Collection[IPv4Network]) -> IPv4Network:
    """Return the first free subnet of the swarm's pools."""
    for text in swarm.pools:
        pool = IPv4Network(text, strict=False)
        start = int(pool.network_address)
        step = 1 << (32 - swarm.subnet_size)
        while start <= int(pool.broadcast_address):
            block = IPv4Network((start, swarm.subnet_size))
            beyond = [int(o.broadcast_address) + 1 for o in taken if o.overlaps(block)]
            if not beyond:
                return block
            start = -(-max(beyond) // step) * step
    raise DockerError(
        FORBIDDEN,
        "could not find an available, non-overlapping IPv4 address pool among the defaults to "
        "assign to the network",
    )


def _vxlans(swarm: Swarm, options: Mapping[str, str], count: int) -> Iterator[int]:
    """Yield the VXLAN id of each subnet: those that an option says, then the next free ones."""
    taken = {vxlan for network in swarm.networks for vxlan in network.vxlans}
    said: list[int] = []
    for text in filter(None, options.get(VXLAN_IDS, "").split(",")):
        number = number_in(text, _LAST_VXLAN)
        if number is None:
            raise DockerError(FAILED, f"invalid vxlan id value {quoted(text)} passed")
        said.append(number)
    last = max(swarm.last_vxlan, _FIRST_VXLAN - 1)
    for position in range(count):
        if position < len(said):
            vxlan = said[position]
            if vxlan in taken:
                raise DockerError(FAILED, f"could not assign vxlan id {vxlan}: it is in use")
        else:
            vxlan = _next_vxlan(last, taken)
            last = vxlan
        taken.add(vxlan)
        yield vxlan


def _next_vxlan(last: int, taken: Collection[int]) -> int:
    for number in range(len(taken) + 1):
        vxlan = last + 1 + number
        if vxlan > _LAST_VXLAN:
            vxlan -= _LAST_VXLAN - _FIRST_VXLAN + 1
        if vxlan not in taken:
            return vxlan
    raise DockerError(FAILED, "could not obtain vxlan id")


def _candidates(pool: Pool, last: int, wanted: str) -> Iterator[IPv4Address]:
    """Yield the addresses of a subnet: the one that is wanted, or all behind the last one given.

    Those that nobody asks for are of the range, if the subnet has one.
    """
    block = IPv4Network(pool.subnet)
    if wanted:
        address = address_of(wanted)
        if isinstance(address, IPv4Address) and address in block:
            yield address
        return
    part = IPv4Network(pool.ip_range or pool.subnet)
    first = max(int(block.network_address) + 1, int(part.network_address))
    end = min(int(block.broadcast_address), int(part.broadcast_address) + 1)
    start = last + 1 if first <= last < end - 1 else first
    for number in chain(range(start, end), range(first, start)):
        yield IPv4Address(number)


def _invalid(what: str) -> DockerError:
    return DockerError(BAD_REQUEST, f"rpc error: code = InvalidArgument desc = {what}")
