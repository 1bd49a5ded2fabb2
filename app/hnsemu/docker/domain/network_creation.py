"""What becomes of a request for a network: a refusal, or a network and what HNS is asked for.

The order of the checks is that of the daemon. Source: moby daemon/network.go and
libnetwork/controller.go [C]; statuses and texts recorded of dockerd 28.5.2 [O].
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from hnsemu.docker.domain.daemons import Daemon
from hnsemu.docker.domain.driver_options import DriverOptions, driver_options
from hnsemu.docker.domain.ipam import address_of, check_pools, is_ipv6, masked, quoted
from hnsemu.docker.domain.networks import (
    ANY_SUBNET,
    DRIVERS,
    HNS_ID,
    NAT,
    NULL,
    OVERLAY,
    DockerNetwork,
    Ipam,
    Pool,
    is_predefined,
)
from hnsemu.docker.domain.strconv import parse_bool
from hnsemu.docker.errors import BAD_REQUEST, CONFLICT, FAILED, FORBIDDEN, NOT_FOUND, DockerError

NO_SWARM = (
    'This node is not a swarm manager. Use "docker swarm init" or "docker swarm join" to connect '
    "this node to swarm and try again."
)

_LONGEST_NAME = 255
_ENABLE = "com.docker.network.enable_ipv"
_WINDOWS, _DEFAULT = "windows", "default"


@dataclass(frozen=True, slots=True)
class NetworkRequest:
    """The document of POST /networks/create; None where it says nothing."""

    name: str
    driver: str = ""
    scope: str = ""
    ipv4: bool | None = None
    ipv6: bool | None = None
    ipam_driver: str = ""
    ipam_options: Mapping[str, str] | None = None
    pools: tuple[Pool, ...] = ()
    internal: bool = False
    attachable: bool = False
    ingress: bool = False
    config_only: bool = False
    config_from: str = ""
    options: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NewNetwork:
    """What is created.

    network:  as the daemon keeps it, before HNS has answered.
    driver:   what the driver read from the options.
    subnets:  prefix and gateway of each subnet that HNS is asked for; None without a call to HNS.
    """

    network: DockerNetwork
    driver: DriverOptions = field(default_factory=DriverOptions)
    subnets: tuple[tuple[str, str], ...] | None = None


def decide_creation(
    request: NetworkRequest,
    known: Mapping[str, DockerNetwork],
    daemon: Daemon,
    network_id: str,
    now: int,
) -> NewNetwork:
    """Return what is created for a request.

    known: the networks of the daemon by name, as far as the request names them.
    Raises: DockerError, as docker.md sections 5 and 6 say.
    """
    check_predefined(request.name)
    if request.driver == OVERLAY:
        raise DockerError(FORBIDDEN, NO_SWARM)
    ipv4 = _enabled(request.ipv4, request.options, "4", default=True)
    ipv6 = _enabled(request.ipv6, request.options, "6", default=False)
    if not daemon.is_early:
        check_pools(request.pools, ipv6=ipv6)
    check_name(request.name, known)
    _check_configuration(request, ipv4=ipv4, ipv6=ipv6)
    network = _network(request, network_id, now)
    if request.config_only:
        return NewNetwork(network)
    if network.driver not in DRIVERS:
        raise _no_plugin(network.driver)
    if request.ingress:
        raise DockerError(FORBIDDEN, "Ingress network can only be global scope network")
    if request.config_from:
        network = _configured(network, known)
    if request.scope == "swarm":
        raise DockerError(
            FORBIDDEN, "cannot create a swarm scoped network when swarm is not active"
        )
    if network.driver == NULL:
        raise DockerError(FORBIDDEN, 'only one instance of "null" network is allowed')
    return _allocated(network, daemon, ipv4=ipv4, ipv6=ipv6)


def check_predefined(name: str) -> None:
    """Refuse a name that the daemon keeps for itself.

    Raises: DockerError 403.
    """
    if is_predefined(name):
        raise DockerError(FORBIDDEN, f"operation is not permitted on predefined {name} network ")


def answered(
    new: NewNetwork, hns_id: str, spelled: str, subnets: Sequence[tuple[str, str]]
) -> DockerNetwork:
    """Return the network as HNS' answer has it.

    spelled: the id as HNS prints it. subnets: prefix and gateway of each subnet of the answer.
    Raises: DockerError 500 for a subnet without a gateway, of which the driver cannot make sense.
    """
    for _, gateway in subnets:
        if address_of(gateway) is None:
            raise DockerError(FAILED, f"invalid CIDR address: {gateway}/32")
    network = new.network
    wanted = network.ipam.pools or ()
    others = tuple(pool for pool in wanted if is_ipv6(pool))
    given = subnets or new.subnets or ()
    pools = tuple(Pool(prefix, "", gateway) for prefix, gateway in given) + others
    return replace(
        network,
        hns_id=hns_id,
        options={**network.options, HNS_ID: spelled},
        ipam=replace(network.ipam, pools=pools, is_automatic=len(others) == len(wanted)),
    )


def _network(request: NetworkRequest, network_id: str, now: int) -> DockerNetwork:
    driver = request.driver or NAT
    ipv4 = tuple(pool for pool in request.pools if not is_ipv6(pool))
    ipv6 = tuple(pool for pool in request.pools if is_ipv6(pool))
    return DockerNetwork(
        network_id,
        request.name,
        NULL if request.config_only else driver,
        created=now,
        internal=request.internal,
        attachable=request.attachable,
        config_only=request.config_only,
        config_from=request.config_from,
        ipam=Ipam(
            _ipam_driver(request.ipam_driver, driver), request.ipam_options, ipv4 + ipv6 or None
        ),
        options=dict(request.options),
        labels=dict(request.labels),
    )


def _enabled(
    said: bool | None,  # noqa: FBT001 (a member of the document)
    options: Mapping[str, str],
    version: str,
    *,
    default: bool,
) -> bool:
    """Return whether a family is on: as the request says, or the option of that name."""
    key = f"{_ENABLE}{version}"
    if said is not None or key not in options:
        return default if said is None else said
    try:
        return parse_bool(options[key])
    except ValueError as error:
        raise DockerError(BAD_REQUEST, f"driver-opt {quoted(key)} is not a valid bool") from error


def check_name(name: str, known: Mapping[str, DockerNetwork]) -> None:
    """Refuse a name that is none, or that a network of the daemon has.

    Raises: DockerError 400, 409.
    """
    if not name.strip():
        raise DockerError(BAD_REQUEST, "invalid name: name is empty")
    if len(name) > _LONGEST_NAME:
        raise DockerError(
            BAD_REQUEST, f"invalid name: it is longer than {_LONGEST_NAME} characters"
        )
    if name in known:
        raise DockerError(CONFLICT, f"network with name {name} already exists")


def _check_configuration(request: NetworkRequest, *, ipv4: bool, ipv6: bool) -> None:
    """Refuse what a network with or for another one's configuration must leave to it."""
    if request.config_only and (
        request.ingress or request.internal or request.attachable or request.scope
    ):
        raise DockerError(
            FORBIDDEN,
            "configuration network can only contain network specific fields. Network operator "
            "fields like [ ingress | internal | attachable | scope ] are not supported.",
        )
    if not request.config_from:
        return
    if request.config_only:
        raise DockerError(
            FORBIDDEN, "a configuration network cannot depend on another configuration network"
        )
    driver = request.driver or NAT
    has_ipam = _ipam_driver(request.ipam_driver, driver) != _ipam_driver("", driver)
    if has_ipam or not ipv4 or ipv6 or request.labels or request.ipam_options or request.pools:
        raise DockerError(
            FORBIDDEN,
            "user specified configurations are not supported if the network depends on a "
            "configuration network",
        )
    if request.options:
        raise DockerError(
            FORBIDDEN,
            "network driver options are not supported if the network depends on a configuration "
            "network",
        )


def _configured(network: DockerNetwork, known: Mapping[str, DockerNetwork]) -> DockerNetwork:
    """Return the network with what its configuration network says."""
    found = known.get(network.config_from)
    if found is None or not found.config_only:
        raise DockerError(
            NOT_FOUND, f"configuration network {quoted(network.config_from)} does not exist"
        )
    return replace(network, ipam=found.ipam, options=found.options, labels=found.labels)


def _allocated(network: DockerNetwork, daemon: Daemon, *, ipv4: bool, ipv6: bool) -> NewNetwork:
    """Return what the IPAM driver and the driver of the network make of it."""
    pools = [pool for pool in network.ipam.pools or () if not is_ipv6(pool)] or [Pool()]
    _check_ipam(network.ipam.driver, pools if ipv4 else [], daemon, ipv6=ipv6)
    if not ipv4:
        raise DockerError(BAD_REQUEST, "IPv4 cannot be disabled on Windows")
    options = driver_options(network.options)
    if ipv6:
        raise DockerError(FORBIDDEN, "windowsshim driver doesn't support v6 subnets")
    subnets = tuple(
        (masked(pool.subnet) if pool.subnet else ANY_SUBNET, pool.gateway) for pool in pools
    )
    if not options.hns_id:
        return NewNetwork(network, options, subnets)
    shown = tuple(Pool(subnet, "", gateway) for subnet, gateway in subnets)
    return NewNetwork(
        replace(network, ipam=replace(network.ipam, pools=network.ipam.pools or shown)), options
    )


def _check_ipam(driver: str, pools: Sequence[Pool], daemon: Daemon, *, ipv6: bool) -> None:
    """Refuse what the IPAM driver cannot do."""
    if driver not in {_WINDOWS, NULL, _DEFAULT}:
        raise _no_plugin(driver)
    if driver == NULL:
        if any(pool.subnet for pool in pools):
            what = "specific address pool requests"
            raise DockerError(BAD_REQUEST, f"null ipam driver does not handle {what}")
        return
    if ipv6 or any(pool.ip_range for pool in pools):
        text = "this request is not supported by the 'windows' ipam driver"
        if daemon.is_early:
            text = "This request is not supported by null ipam driver"
        raise DockerError(FAILED, text)


def _ipam_driver(said: str, driver: str) -> str:
    """Return the IPAM driver of a network: "" and default are that of its driver."""
    if said not in {"", _DEFAULT}:
        return said
    return _WINDOWS if driver in DRIVERS and driver != NULL else _DEFAULT


def _no_plugin(name: str) -> DockerError:
    return DockerError(
        NOT_FOUND, f"could not find plugin {name} in v1 plugin registry: plugin not found"
    )
