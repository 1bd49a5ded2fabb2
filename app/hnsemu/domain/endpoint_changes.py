"""Changing an endpoint: plugging it in and out, and carrying other policies."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from hnsemu.domain.attachments import (
    Attachment,
    attached,
    attachment_notifications,
    check_attachable,
    detached,
    joined,
    unplugged,
)
from hnsemu.domain.endpoint_policies import EndpointPolicies, PolicyFacts, needs_nat_block
from hnsemu.domain.endpoints import Endpoint, EndpointState
from hnsemu.domain.facts import Port
from hnsemu.domain.host_ports import NewNatRule, changed_rules, new_rules
from hnsemu.domain.namespaces import Namespace
from hnsemu.domain.network_types import network_type
from hnsemu.domain.notifications import Notification
from hnsemu.domain.placement import NetworkSite
from hnsemu.domain.winnat import NatRule
from hnsemu.errors import HnsError, Hr


@dataclass(frozen=True, slots=True)
class EndpointChange:
    """What is written for an endpoint that changed.

    before, endpoint: as it was, and as it is from now on.
    rules, ended:     ports that it publishes newly, and rules that it has no more.
    refusal:          what the caller is told although the change stays, None for none.
    """

    before: Endpoint
    endpoint: Endpoint
    rules: tuple[NewNatRule, ...] = ()
    ended: tuple[NatRule, ...] = ()
    refusal: HnsError | None = None

    @property
    def notifications(self) -> tuple[Notification, ...]:
        """Return what watchers of the network hear."""
        return attachment_notifications(self.endpoint, was_attached=self.before.is_attached)


@dataclass(frozen=True, slots=True)
class ChangeFacts:
    """What changing the policies of an endpoint needs to know.

    rules: the ports that it publishes.
    site:  its network, None unless a VLAN may change.
    """

    endpoint: Endpoint | None
    policies: PolicyFacts = field(default_factory=PolicyFacts)
    rules: Sequence[NatRule] = ()
    site: NetworkSite | None = None


@dataclass(frozen=True, slots=True)
class MachinePort:
    """The port of a virtual machine as the caller wants it; empty texts leave it as it is."""

    port_id: str = ""
    nic_name: str = ""


def changed_at(before: Endpoint, after: Endpoint, now: int) -> EndpointChange:
    """Return the change of an endpoint, stamped with FILETIME `now`."""
    return EndpointChange(before, replace(after, updated=now))


def decide_attachment(
    endpoint: Endpoint, to: Attachment, unplumbable: str, now: int, port: MachinePort | None = None
) -> EndpointChange:
    """Return the endpoint plugged in, or degraded when a policy cannot be plumbed.

    unplumbable: as that of `EndpointPolicies`. port: of a virtual machine.
    Raises: what `check_attachable` and `attached` raise.
    """
    check_attachable(endpoint)
    plugged_in = attached(endpoint, to, now)
    if port is not None and plugged_in.port is not None:
        plugged_in = replace(plugged_in, port=_machine_port(plugged_in.port, port))
    return _plumbed(endpoint, plugged_in, unplumbable, now)


def decide_joining(
    endpoint: Endpoint, namespace: Namespace, unplumbable: str, now: int
) -> EndpointChange:
    """Return the endpoint plugged into a namespace; again when its containers change.

    unplumbable: as that of `EndpointPolicies`.
    Raises: HCN_E_INVALID_REMOTE_ENDPOINT_OPERATION, HCN_E_DEGRADED_OPERATION.
    """
    check_attachable(endpoint)
    return _plumbed(endpoint, joined(endpoint, namespace, now), unplumbable, now)


def decide_detachment(endpoint: Endpoint, container_id: str, now: int) -> EndpointChange:
    """Return the endpoint without a container, or unplugged; see `detached`.

    Raises: HCN_E_ENDPOINT_NOT_ATTACHED.
    """
    return changed_at(endpoint, detached(endpoint, container_id), now)


def decide_leaving(endpoint: Endpoint, now: int) -> EndpointChange:
    """Return the endpoint unplugged from its namespace."""
    left = replace(endpoint, namespace_id="", compartment_guid="")
    return changed_at(endpoint, unplugged(left), now)


def decide_policies(
    endpoint: Endpoint,
    before: EndpointPolicies,
    after: EndpointPolicies,
    facts: ChangeFacts,
    now: int,
) -> EndpointChange:
    """Return the endpoint with other policies, and what they mean for its port and the host's.

    Raises: HCN_E_INVALID_POLICY when one cannot be plumbed on an endpoint that is plugged in [I],
            HCN_E_PORT_ALREADY_EXISTS.
    """
    if after.unplumbable and endpoint.is_attached:
        raise HnsError(
            Hr.HCN_E_INVALID_POLICY,
            f"a policy holds {after.unplumbable!r}, which is no address prefix; correct it",
        )
    mode, addresses = endpoint.network_mode, endpoint.ip_configurations
    changed = replace(
        endpoint,
        policies=after.carried,
        port=_port(endpoint, before, after, facts.site),
        encap_overhead=after.encap_overhead or network_type(mode).encap,
        nat_block=_nat_block(endpoint, after, facts.policies),
        updated=now,
    )
    new, ended = changed_rules(after.published, facts.rules)
    ports = facts.policies.ports.without(ended)
    texts = [configuration.ip_address for configuration in addresses]
    rules = new_rules(new, ports, endpoint.id, mode, texts)
    return EndpointChange(endpoint, changed, rules, tuple(ended))


def _plumbed(before: Endpoint, plugged_in: Endpoint, unplumbable: str, now: int) -> EndpointChange:
    """Return the endpoint plugged in, or degraded with a refusal. Source: section 6.3 [O]."""
    if not unplumbable:
        return changed_at(before, plugged_in, now)
    refusal = HnsError(
        Hr.HCN_E_NAMESPACE_ATTACH_FAILED,
        f"a policy of endpoint {before.id} holds {unplumbable!r}, which is no address prefix; "
        "delete the endpoint, which is degraded now, and create it with a valid policy",
        keeps=True,
    )
    degraded = replace(before, state=EndpointState.DEGRADED, updated=now)
    return EndpointChange(before, degraded, refusal=refusal)


def _machine_port(port: Port, wanted: MachinePort) -> Port:
    return replace(
        port,
        port_id=wanted.port_id or port.port_id,
        friendly_name=wanted.nic_name or port.friendly_name,
    )


def _port(
    endpoint: Endpoint,
    before: EndpointPolicies,
    after: EndpointPolicies,
    site: NetworkSite | None,
) -> Port | None:
    """Return the endpoint's port under the name and VLAN that its policies give it."""
    port = endpoint.port
    if port is None:
        return None
    if after.port_name != before.port_name:
        port = replace(port, friendly_name=after.port_name)
    if after.vlan != before.vlan and site is not None:
        pool_ids = [configuration.ip_subnet_id for configuration in endpoint.ip_configurations]
        port = replace(port, isolation=after.vlan or site.vlan(pool_ids))
    return port


def _nat_block(endpoint: Endpoint, after: EndpointPolicies, facts: PolicyFacts) -> int | None:
    """Return the block of ports that the endpoint keeps, takes, or gives back.

    An endpoint that finds none left is kept as it is requested: its policies read well, and its
    packets find no port.
    """
    if not needs_nat_block(endpoint.network_mode, after, remote=endpoint.is_remote):
        return None
    return facts.nat_block if endpoint.nat_block is None else endpoint.nat_block
