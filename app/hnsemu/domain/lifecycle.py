"""What outlives a restart of HNS, and what a reboot of the host.

HNS keeps what is persistent and brings it back with its ids when it starts ("rehydration"); what is
flagged non-persistent goes when the service ends. A reboot also ends every container and virtual
machine and their compartments, and from Windows Server 2019 on every NAT network.
Source: hns-behaviour.md section 7.6.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from hnsemu.domain.attachments import unplugged
from hnsemu.domain.endpoints import Endpoint, EndpointState
from hnsemu.domain.namespaces import HOST_COMPARTMENT, Namespace, NamespaceType
from hnsemu.domain.network_types import Mode
from hnsemu.domain.networks import DEFAULT_SWITCH_ID, Network
from hnsemu.domain.releases import Release

# NetworkFlags; EntityFlags for endpoints. Source: hns-behaviour.md section 2.8.
_ENABLE_NON_PERSISTENT = 8
_ENABLE_PERSISTENT = 16
_ENTITY_NON_PERSISTENT = 1024

_ATTACHED = {EndpointState.ATTACHED, EndpointState.ATTACHED_SHARING}
_NAT_ENDS_AT_REBOOT = (9, 0)  # Windows Server 2019 [D]


@dataclass(frozen=True, slots=True)
class Ending:
    """What ends with a restart or a reboot.

    networks:  those that go; their endpoints go with them.
    endpoints: those that go although their networks stay.
    unplugged: those that stay, as they were and as they are from now on, where that differs.
    """

    networks: tuple[Network, ...]
    endpoints: tuple[Endpoint, ...]
    unplugged: tuple[tuple[Endpoint, Endpoint], ...] = ()


def ending_at_restart(networks: Sequence[Network], endpoints: Sequence[Endpoint]) -> Ending:
    """Return what a restart of HNS ends; containers keep running."""
    gone = tuple(network for network in networks if not network_outlives_restart(network))
    return Ending(gone, _ending_endpoints(gone, endpoints))


def ending_at_reboot(
    networks: Sequence[Network],
    endpoints: Sequence[Endpoint],
    namespaces: Sequence[Namespace],
    release: Release,
) -> Ending:
    """Return what a reboot of a host of `release` ends: also everything that ran on it."""
    own = {namespace.id for namespace in namespaces if namespace.type is NamespaceType.HOST_DEFAULT}
    gone = tuple(network for network in networks if not network_outlives_reboot(network, release))
    ending = _ending_endpoints(gone, endpoints)
    keys = {network.key for network in gone}
    after = [
        (endpoint, after_reboot(endpoint, own))
        for endpoint in endpoints
        if endpoint.network_key not in keys and endpoint_outlives_restart(endpoint)
    ]
    return Ending(gone, ending, tuple(pair for pair in after if pair[0] != pair[1]))


def network_outlives_restart(network: Network) -> bool:
    """Tell whether the network is there after a restart of HNS.

    EnablePersistent wins over EnableNonPersistent, which HNS adds to NAT networks by itself [I].
    """
    return bool(network.flags & _ENABLE_PERSISTENT) or not network.flags & _ENABLE_NON_PERSISTENT


def network_outlives_reboot(network: Network, release: Release) -> bool:
    """Tell whether the network is there after a reboot of a host of `release`.

    The Default Switch never is: it gets another prefix at each boot. Source: multipass#1153 [O].
    """
    if network.id == DEFAULT_SWITCH_ID:
        return False
    if network.mode is not Mode.NAT or release.hns < _NAT_ENDS_AT_REBOOT:
        return network_outlives_restart(network)
    return bool(network.flags & _ENABLE_PERSISTENT)


def endpoint_outlives_restart(endpoint: Endpoint) -> bool:
    """Tell whether the endpoint is there after a restart, provided that its network is."""
    return not endpoint.flags & _ENTITY_NON_PERSISTENT


def after_reboot(endpoint: Endpoint, own: Collection[str]) -> Endpoint:
    """Return the endpoint when every container, virtual machine and compartment of theirs is gone.

    What is attached to the host itself comes back attached, and stays in the host's own
    namespace [I]. own: the ids of that namespace, which alone keeps its endpoints.
    """
    stays = not endpoint.namespace_id or endpoint.namespace_id in own
    after = endpoint if stays else replace(endpoint, namespace_id="", compartment_guid="")
    if endpoint.port is not None and endpoint.port.compartment == HOST_COMPARTMENT:
        shared = endpoint.state is EndpointState.ATTACHED_SHARING
        state = EndpointState.ATTACHED if shared else endpoint.state
        return replace(after, shared_containers=(), state=state)
    if not stays or endpoint.state in _ATTACHED:
        return unplugged(after)
    return after


def _ending_endpoints(
    gone: Sequence[Network], endpoints: Sequence[Endpoint]
) -> tuple[Endpoint, ...]:
    """Return the endpoints that outlive nothing, on networks that stay."""
    keys = {network.key for network in gone}
    return tuple(
        endpoint
        for endpoint in endpoints
        if endpoint.network_key not in keys and not endpoint_outlives_restart(endpoint)
    )
