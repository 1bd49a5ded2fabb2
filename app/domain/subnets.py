"""Subnets of a new network: what is legal, and what HNS chooses when nothing is given."""

import ipaddress
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from app.domain.facts import Policy, Route
from app.domain.network_types import Mode, NetworkType
from app.domain.networks import IpNetwork, IpSubnet, Subnet
from app.domain.releases import Release, require, supports
from app.errors import HnsError, Hr

_DEFAULT_ROUTES = {"0.0.0.0/0", "::/0"}
_V6 = 6

# Where HNS looks for a free /20. Source: hns-behaviour.md section 7.2 [O].
_PRIVATE = (ipaddress.ip_network("172.16.0.0/12"), ipaddress.ip_network("192.168.0.0/16"))
_CHOSEN_LENGTH = 20


@dataclass(frozen=True, slots=True)
class AskedSubnet:
    """A subnet as the caller wrote it; empty texts were left out."""

    id: str = ""
    prefix: str = ""
    routes: tuple[Route, ...] = ()
    flags: int = 0
    policies: tuple[Policy, ...] = ()
    ip_subnets: tuple[IpSubnet, ...] = ()

    @property
    def wants_choice(self) -> bool:
        """Tell whether HNS shall choose the prefix (0.0.0.0/0 asks for it). Source: 7.2 [O]."""
        return self.prefix in {"", "0.0.0.0/0"}

    @property
    def gateway(self) -> str:
        """Return the next hop of the default route, "" for none."""
        for route in self.routes:
            if route.destination_prefix in _DEFAULT_ROUTES and route.next_hop:
                return route.next_hop
        return ""


def plan_subnets(
    asked: Sequence[AskedSubnet],
    mode: Mode,
    rules: NetworkType,
    release: Release,
    guid: Callable[[], str],
) -> tuple[Subnet, ...]:
    """Return the subnets of a network, each with its pools.

    Raises: HCN_E_INVALID_PREFIX, HCN_E_INVALID_SUBNET, HCN_E_INVALID_IP_SUBNET,
            HCN_E_POLICY_NOT_FOUND for an overlay subnet without VSID.
    """
    planned = tuple(plan_subnet(each, mode, rules, release, guid) for each in asked)
    check_together(planned, rules, release)
    return planned


def plan_subnet(
    asked: AskedSubnet, mode: Mode, rules: NetworkType, release: Release, guid: Callable[[], str]
) -> Subnet:
    """Return one subnet with its pools; without any it gets one over the whole prefix, Flags 3.

    Raises: as `plan_subnets`.
    """
    network = parse_prefix(asked.prefix)
    if network.version == _V6:
        _check_ipv6(network, mode, release)
    _check_gateway(asked.gateway, network)
    if mode is Mode.OVERLAY and not any(policy.type == "VSID" for policy in asked.policies):
        raise HnsError(
            Hr.HCN_E_POLICY_NOT_FOUND,
            f"subnet {asked.prefix}: an overlay network needs a VSID policy with an IsolationId",
        )
    pools = asked.ip_subnets or (IpSubnet(0, "", asked.prefix),)
    subnet = Subnet(
        key=0,
        id=asked.id or guid(),
        prefix=asked.prefix,
        gateway=asked.gateway,
        routes=asked.routes,
        flags=asked.flags,
        policies=asked.policies,
    )
    return with_pools(subnet, pools, guid)


def with_pools(subnet: Subnet, added: Sequence[IpSubnet], guid: Callable[[], str]) -> Subnet:
    """Return the subnet with more pools.

    Raises: HCN_E_INVALID_IP_SUBNET for one outside the subnet or over another one.
    """
    for pool in added:
        network = parse_prefix(pool.prefix, Hr.HCN_E_INVALID_IP_SUBNET)
        if not _is_inside(network, subnet.network):
            raise HnsError(
                Hr.HCN_E_INVALID_IP_SUBNET,
                f"IP subnet {pool.prefix} is not inside subnet {subnet.prefix}",
            )
        taken = next((each for each in subnet.ip_subnets if each.network.overlaps(network)), None)
        if taken is not None or any(each.id == pool.id for each in subnet.ip_subnets if pool.id):
            raise HnsError(
                Hr.HCN_E_INVALID_IP_SUBNET,
                f"IP subnet {pool.prefix} is there already or overlaps another one",
            )
        named = replace(pool, id=pool.id or guid())
        subnet = replace(subnet, ip_subnets=(*subnet.ip_subnets, named))
    return subnet


def check_together(subnets: Sequence[Subnet], rules: NetworkType, release: Release) -> None:
    """Refuse subnets that cannot live in one network.

    Raises: HCN_E_INVALID_SUBNET. Source: multi-subnet.md [D]; dual stack from 11.10 [D].
    """
    for number, subnet in enumerate(subnets):
        for other in subnets[:number]:
            if subnet.network.version != other.network.version:
                require(release, "IPv6DualStack", Hr.HCN_E_INVALID_SUBNET, "an IPv6 subnet")
            elif subnet.network.overlaps(other.network) or subnet.id == other.id:
                raise HnsError(
                    Hr.HCN_E_INVALID_SUBNET,
                    f"subnets {other.prefix} and {subnet.prefix} overlap; make them disjoint",
                )
            elif not rules.multi_subnet:
                raise HnsError(
                    Hr.HCN_E_INVALID_SUBNET, "a network of this type has one subnet per family"
                )


def parse_prefix(text: str, hr: Hr = Hr.HCN_E_INVALID_PREFIX) -> IpNetwork:
    """Return a prefix as a network; host bits are cut off, as clients send them.

    Raises: `hr` when it is none.
    """
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError as error:
        raise HnsError(hr, f"{text!r} is no address prefix; write one as 10.0.0.0/24") from error


def choose_prefix(taken: Sequence[IpNetwork], draw: Callable[[int], int]) -> IpNetwork:
    """Return a random /20 that overlaps none of `taken`, from 172.16.0.0/12, else 192.168.0.0/16.

    draw: returns a random number below its argument.
    Raises: HCN_E_INVALID_SUBNET when no such prefix is left.
    """
    for block in _PRIVATE:
        free = [
            each
            for each in block.subnets(new_prefix=_CHOSEN_LENGTH)
            if not any(each.version == other.version and each.overlaps(other) for other in taken)
        ]
        if free:
            return free[draw(len(free))]
    raise HnsError(
        Hr.HCN_E_INVALID_SUBNET, "no private /20 is left for HNS to choose; name a prefix"
    )


def _is_inside(inner: IpNetwork, outer: IpNetwork) -> bool:
    return (
        inner.version == outer.version
        and inner.network_address in outer
        and inner.broadcast_address in outer
    )


def _check_ipv6(network: IpNetwork, mode: Mode, release: Release) -> None:
    """Source: architecture.md of Microsoft: IPv6 by HNS on l2bridge, from WS2022 on [D]."""
    l2 = mode in {Mode.L2BRIDGE, Mode.L2TUNNEL}
    if l2 and supports(release, "IPv6OnL2Bridge"):
        return
    if mode is Mode.TRANSPARENT:
        return
    where = "networks of this type" if not l2 else f"{release.title}"
    raise HnsError(
        Hr.HCN_E_INVALID_SUBNET,
        f"subnet {network}: IPv6 is not offered on {where}; it is on L2Bridge and L2Tunnel from "
        "Windows Server 2022 on",
    )


def _check_gateway(gateway: str, network: IpNetwork) -> None:
    if not gateway:
        return
    try:
        address = ipaddress.ip_address(gateway)
    except ValueError as error:
        raise HnsError(
            Hr.HCN_E_INVALID_SUBNET, f"gateway {gateway!r} of subnet {network} is no address"
        ) from error
    if address.is_unspecified or address.is_link_local or address in network:
        return
    raise HnsError(
        Hr.HCN_E_INVALID_SUBNET,
        f"gateway {gateway} is outside its subnet {network}; choose one inside",
    )
